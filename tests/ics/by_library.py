"""The same feeds written by the icalendar library, component by component: what our bytes are held against, and the bench our cost."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
from icalendar import vCategory, vDuration, vText, vUri

from conference.ics.calendar import CANCELLED, PRODUCT, piece_of
from conference.ics.entry import AllDay, Calendar, Entry
from conference.ics.vtimezone import vtimezone
from conference.ics.words import one_line, paragraphs


class Words(vText):
    """The library turns a typed backslash and an N into a new line."""

    def to_ical(self) -> bytes:
        return self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n").encode()


def feed_by_library(calendar: Calendar, entries: Iterable[Entry | AllDay]) -> bytes:
    listed = sorted(entries, key=lambda entry: piece_of(entry).order)
    whole = icalendar.Calendar()
    for name, value in (("prodid", PRODUCT), ("version", "2.0"), ("calscale", "GREGORIAN")):
        whole.add(name, value)
    for name in ("description", "x-wr-caldesc"):
        whole.add(name, Words(paragraphs(calendar.description)))
    for name in ("name", "x-wr-calname"):
        whole.add(name, Words(one_line(calendar.name)))
    whole.add("url", vUri(calendar.url))
    whole.add("x-wr-timezone", calendar.zone)
    whole.add("refresh-interval", vDuration(calendar.refresh, params={"VALUE": "DURATION"}))
    whole.add("x-published-ttl", vDuration(calendar.refresh))
    years = {moment.year for entry in listed if isinstance(entry, Entry) for moment in _near(entry)}
    for zone in sorted({entry.zone for entry in listed if isinstance(entry, Entry) and entry.zone != "UTC"}):
        component = vtimezone(zone, range(min(years), max(years) + 1))
        assert component
        whole.add_component(component)
    for entry in listed:
        whole.add_component(_event(entry))
    made: bytes = whole.to_ical()
    return made


def _near(entry: Entry) -> tuple[datetime, datetime]:
    return (entry.starts_at - timedelta(days=1)).astimezone(UTC), (entry.ends_at + timedelta(days=1)).astimezone(UTC)


def _event(entry: Entry | AllDay) -> icalendar.Event:
    event = icalendar.Event()
    if isinstance(entry, Entry):
        zone = ZoneInfo(entry.zone) if entry.zone != "UTC" else UTC
        event.add("dtstart", entry.starts_at.astimezone(zone))
        event.add("dtend", entry.ends_at.astimezone(zone))
        event.add(
            "location", Words(one_line(f"{entry.location} {entry.join_url}" if entry.join_url and not entry.place else entry.location))
        )
        if entry.categories:
            categories = vCategory([])
            categories.cats = [Words(one_line(name)) for name in entry.categories]
            event.add("categories", categories)
        if entry.join_url:
            event.add("conference", vUri(entry.join_url, params={"VALUE": "URI"}))
    else:
        event.add("dtstart", entry.first_day)
        event.add("dtend", entry.last_day + timedelta(days=1))
    free = entry.cancelled or isinstance(entry, AllDay) or entry.transparent
    event.add("summary", Words(CANCELLED * entry.cancelled + one_line(entry.summary)))
    event.add("description", Words(paragraphs(entry.description)))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if free else "OPAQUE")
    event.add("x-microsoft-cdo-busystatus", "FREE" if free else "BUSY")
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("created", min(entry.created_at, entry.modified_at))
    event.add("last-modified", entry.modified_at)
    event.add("dtstamp", entry.modified_at)
    event.add("url", vUri(entry.url))
    return event
