"""The interchange's rules as this project reads them, to hold schedule.xml and schedule.json against: each breach is a line of words.

They restate what the family's public schemas ask of a file (which elements, how often, of what shape, unique by what), and what they
cannot say: that days follow each other, that a session lies in its day, that `start` is what `date` says, that one room has one GUID.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

OFFSET = re.compile(r".+(Z|[+-][0-9]{1,2}:[0-9]{2})")
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
DURATION = re.compile(r"[0-9]{1,2}:[0-5][0-9]")
GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
WEB = re.compile(r"https?://.+")
SLUG = re.compile(r"[a-z0-9_]{4,}-[a-z0-9_-]{3,}[a-z0-9]")
ACRONYM = re.compile(r"[a-z0-9_-][a-z0-9_]{3,}")
ONCE, MAYBE = (1, 1), (0, 1)
CONFERENCE = {"title": ONCE, "acronym": ONCE, "start": ONCE, "end": ONCE, "days": ONCE, "timeslot_duration": ONCE, "time_zone_name": ONCE}
CONFERENCE |= {"base_url": ONCE, "url": MAYBE, "logo": MAYBE, "color": MAYBE, "track": (0, 999)}
EVENT = dict.fromkeys(("room", "title", "type", "date", "start", "duration", "abstract", "track"), ONCE)
EVENT |= dict.fromkeys(
    ("subtitle", "slug", "logo", "persons", "language", "description", "recording", "links", "attachments", "url"), MAYBE
)
_ALWAYS = ("abstract", "date", "duration", "guid", "id", "language", "links", "persons", "room", "slug", "start")
_RECORDED = ("recording_license", "do_not_record", "do_not_stream")
JSON_EVENT = {*_ALWAYS, "subtitle", "title", "track", "type", "url"}
JSON_EVENT_MAY = {*JSON_EVENT, *_RECORDED, "code", "logo", "end", "description", "feedback_url", "origin_url", "attachments"}
JSON_CONFERENCE = {"title", "acronym", "days", "daysCount", "start", "end", "timeslot_duration"}
JSON_CONFERENCE_MAY = JSON_CONFERENCE | {"description", "time_zone_name", "logo", "colors", "keywords", "url", "tracks", "rooms", "meta"}
JSON_ROOM = {"name", "slug", "type", "guid", "stream_id", "description", "capacity", "url", "features", "assembly"}


def breaches_of_xml(body: bytes) -> list[str]:
    root = ElementTree.fromstring(body)
    return list(_xml(root))


def breaches_of_json(body: bytes) -> list[str]:
    return list(_json(json.loads(body)))


def _xml(root: ElementTree.Element) -> Iterator[str]:
    if [child.tag for child in root if child.tag != "day"] not in (
        ["generator", "url", "version", "conference"],
        ["version", "conference"],
    ):
        yield "the schedule does not begin with generator, url, version, conference"
    conference = root.find("conference")
    assert conference is not None
    yield from _children(conference, CONFERENCE, "conference")
    yield from _shaped("acronym", conference.findtext("acronym"), ACRONYM)
    yield from _shaped("base_url", conference.findtext("base_url"), WEB)
    yield from _shaped("timeslot_duration", conference.findtext("timeslot_duration"), DURATION)
    zone = ZoneInfo(conference.findtext("time_zone_name") or "")
    days = root.findall("day")
    if conference.findtext("days") != str(len(days)):
        yield "days does not count the days"
    yield from _days([(int(day.attrib["index"]), day.attrib["date"], day.attrib["start"], day.attrib["end"]) for day in days], zone)
    for day in days:
        for room in day.findall("room"):
            yield from _shaped("room guid", room.get("guid"), GUID)
            for event in room.findall("event"):
                yield from _xml_event(event, day, room, zone)
    rooms = {(room.attrib["name"], room.attrib["guid"]) for room in root.iter("room") if "name" in room.attrib}
    yield from _twice("room", (guid for _, guid in rooms))
    yield from _twice("room name", (name for name, _ in rooms))
    yield from _twice("event guid", (event.attrib["guid"] for event in root.iter("event")))
    yield from _twice("event id", (event.attrib["id"] for event in root.iter("event")))
    yield from _twice("slug", (slug.text or "" for slug in root.iter("slug")))
    people = {(person.attrib["guid"], person.attrib["id"], person.text or "") for person in root.iter("person")}
    yield from _twice("person guid", (guid for guid, _, _ in people))
    yield from _twice("person id", (number for _, number, _ in people))


def _xml_event(event: ElementTree.Element, day: ElementTree.Element, room: ElementTree.Element, zone: ZoneInfo) -> Iterator[str]:
    yield from _children(event, EVENT, "event")
    yield from _shaped("event guid", event.get("guid"), GUID)
    yield from _shaped("event id", event.get("id"), re.compile("[1-9][0-9]*"))
    yield from _shaped("url", event.findtext("url"), WEB)
    if event.findtext("room") != room.get("name"):
        yield "an event names another room than the one it is in"
    if event.findtext("recording/optout") not in ("true", "false") or event.find("recording/license") is None:
        yield "recording does not say licence and optout"
    for link in event.findall("links/link"):
        yield from _shaped("link", link.get("href"), WEB)
    for person in event.findall("persons/person"):
        yield from _shaped("person guid", person.get("guid"), GUID)
    said = {name: event.findtext(name) or "" for name in ("date", "start", "duration", "slug", "title")}
    yield from _moment(said, day.attrib["start"], day.attrib["end"], zone)


def _json(whole: dict[str, Any]) -> Iterator[str]:
    yield from _unknown("file", whole, {"$schema", "generator", "schedule"})
    schedule = whole["schedule"]
    conference = schedule["conference"]
    if "rooms" in schedule or not isinstance(schedule["version"], str):
        yield "schedule has rooms of its own, or a version that is no text"
    yield from _unknown("conference", conference, JSON_CONFERENCE_MAY, JSON_CONFERENCE)
    yield from _shaped("acronym", conference["acronym"], ACRONYM)
    zone, days = ZoneInfo(conference["time_zone_name"]), conference["days"]
    if conference["daysCount"] != len(days):
        yield "daysCount does not count the days"
    yield from _days([(day["index"], day["date"], day["day_start"], day["day_end"]) for day in days], zone)
    rooms = {room["name"]: room["guid"] for room in conference["rooms"]}
    for room in conference["rooms"]:
        yield from _unknown("room", room, JSON_ROOM, {"name", "guid"})
        yield from _shaped("room guid", room["guid"], GUID)
    yield from _twice("room", (room["guid"] for room in conference["rooms"]))
    events = [(day, name, event) for day in days for name, held in day["rooms"].items() for event in held]
    for day, name, event in events:
        if name not in rooms or event["room"] != name:
            yield f"an event in a room that the conference has not, or names another: {name}"
        yield from _json_event(event, day, zone)
    for what in ("guid", "id", "slug"):
        yield from _twice(what, (event[what] for _, _, event in events))


def _json_event(event: dict[str, Any], day: dict[str, Any], zone: ZoneInfo) -> Iterator[str]:
    yield from _unknown("event", event, JSON_EVENT_MAY, JSON_EVENT)
    yield from _shaped("event guid", event["guid"], GUID)
    yield from _shaped("url", event["url"], WEB)
    if not isinstance(event["id"], int) or event["id"] < 1:
        yield "an id that is not a whole number from 1"
    for person in event["persons"]:
        if ("name" in person) == ("public_name" in person and "id" in person):
            yield "a person is described in both ways, or in none"
        yield from _shaped("person guid", person["guid"], GUID)
    for link in [*event["links"], *event["attachments"]]:
        yield from _unknown("link", link, {"url", "title", "type"}, {"url"})
        yield from _shaped("link", link["url"], WEB)
    yield from _moment(event, day["day_start"], day["day_end"], zone)
    hours, minutes = map(int, event["duration"].split(":"))
    if (datetime.fromisoformat(event["end"]) - datetime.fromisoformat(event["date"])).total_seconds() != (hours * 60 + minutes) * 60:
        yield "duration and end disagree"


def _moment(event: dict[str, Any], day_starts: str, day_ends: str, zone: ZoneInfo) -> Iterator[str]:
    yield from _shaped("date", event["date"], OFFSET)
    yield from _shaped("start", event["start"], CLOCK)
    yield from _shaped("duration", event["duration"], DURATION)
    yield from _shaped("slug", event["slug"], SLUG)
    if not event["title"].strip():
        yield "an event without a title"
    starts = datetime.fromisoformat(event["date"])
    if starts.utcoffset() != starts.astimezone(zone).utcoffset():
        yield f"an offset that the conference's zone has not then: {event['date']}"
    if f"{starts:%H:%M}" != event["start"]:
        yield f"start is not what date says: {event['start']}"
    if not datetime.fromisoformat(day_starts) <= starts < datetime.fromisoformat(day_ends):
        yield f"an event outside its day: {event['date']}"


def _days(days: list[tuple[int, str, str, str]], zone: ZoneInfo) -> Iterator[str]:
    if not days or [index for index, *_ in days] != list(range(1, len(days) + 1)):
        yield "days are not counted from 1"
    last: datetime | None = None
    for _, day, starts, ends in days:
        first, end = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
        if first.astimezone(zone).date() != date.fromisoformat(day) or not OFFSET.fullmatch(starts) or not OFFSET.fullmatch(ends):
            yield f"a day that does not begin on its date: {day}"
        if end <= first or (last and first < last):
            yield f"a day that ends before it begins, or begins in another: {day}"
        last = end


def _children(element: ElementTree.Element, allowed: dict[str, tuple[int, int]], what: str) -> Iterator[str]:
    counts = Counter(child.tag for child in element)
    for name in sorted({*counts, *allowed}):
        fewest, most = allowed.get(name, (0, 0))
        if not fewest <= counts[name] <= most:
            yield f"{what} has {counts[name]} {name}"


def _unknown(what: str, found: Iterable[str], may: set[str], must: set[str] = frozenset()) -> Iterator[str]:  # type: ignore[assignment]
    names = set(found)
    if names - may or must - names:
        yield f"{what}: {sorted(names - may)} unknown, {sorted(must - names)} missing"


def _shaped(what: str, text: str | None, shape: re.Pattern[str]) -> Iterator[str]:
    if not shape.fullmatch(text or ""):
        yield f"{what} can't be “{text}”"
    elif shape is GUID:
        UUID(text)


def _twice(what: str, values: Iterable[object]) -> Iterator[str]:
    yield from (f"{what} twice: {value}" for value, count in Counter(values).items() if count > 1)
