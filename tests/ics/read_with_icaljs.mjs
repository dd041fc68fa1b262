// Reads a JSON list of feeds from stdin with ical.js (its folder is the first argument) and prints, for each, the facts of its events.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { default: ICAL } = await import(pathToFileURL(join(process.argv[2], "dist", "ical.js")));

function instant(event, name) {
  const time = event.getFirstPropertyValue(name);
  if (time.isDate) return time.toString();
  if (time.zone === ICAL.Timezone.localTimezone) throw new Error(`${name} is floating: its TZID has no VTIMEZONE`);
  return new Date(time.toUnixTime() * 1000).toISOString().replace(".000Z", "Z");
}

function facts(event) {
  const value = (name) => event.getFirstPropertyValue(name) ?? "";
  return [
    value("uid"), instant(event, "dtstart"), instant(event, "dtend"),
    value("sequence"), value("status"), value("summary"), value("description"), value("location"),
  ];
}

const feeds = JSON.parse(readFileSync(0, "utf8"));
const read = (feed) => new ICAL.Component(ICAL.parse(feed)).getAllSubcomponents("vevent").map(facts);
process.stdout.write(JSON.stringify(feeds.map(read)));
