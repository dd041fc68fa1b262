"""Calendar facts in, iCalendar bytes out (RFC 5545, 7986; pure): the same facts are the same bytes, however often and in whatever order.

What costs time is an entry's own bytes: `entry_bytes` makes them from the entry alone, so that they can be kept per revision and put
together again by `calendar_bytes`.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar

from conference.ics.entry import AllDay, Calendar, Entry, Place
from conference.ics.vtimezone import vtimezone
from conference.ics.words import Position, categories, link, one_line, paragraphs
from conference.times import known_zones

PRODUCT = "-//conference//calendar feed//EN"
CANCELLED = "Cancelled: "

_END = b"END:VCALENDAR\r\n"
_RADIUS = "100"  # metres around a place that Apple's maps take for being there


def feed_bytes(calendar: Calendar, entries: Iterable[Entry | AllDay]) -> bytes:
    """A whole subscribed feed. Cancelled entries are among `entries`: they go out as tombstones."""
    listed = sorted(entries, key=_start_and_uid)
    zones = zones_used(listed)
    return calendar_bytes(calendar, zones, [entry_bytes(entry, local=is_local(entry, zones)) for entry in listed])


def zones_used(entries: Iterable[Entry | AllDay]) -> dict[str, icalendar.Timezone]:
    """By IANA name, sorted: the zones in which these entries' times can be written, each with the one component that serves them all."""
    years: dict[str, set[int]] = {}
    for entry in entries:
        if isinstance(entry, Entry) and _reads_once(entry):
            # A day each way: at New Year the zone's own year may not be UTC's.
            near = (entry.starts_at - timedelta(days=1), entry.ends_at + timedelta(days=1))
            years.setdefault(entry.zone, set()).update(instant.astimezone(UTC).year for instant in near)
    found = ((zone, vtimezone(zone, range(min(needed), max(needed) + 1))) for zone, needed in sorted(years.items()))
    return {zone: component for zone, component in found if component}


def is_local(entry: Entry | AllDay, zones: Mapping[str, object]) -> bool:
    """This entry's times can be written in its own zone, in a feed that has these zones."""
    return isinstance(entry, Entry) and entry.zone in zones and _reads_once(entry)


def entry_bytes(entry: Entry | AllDay, *, local: bool) -> bytes:
    """One VEVENT; `local` as `is_local` says: times in the entry's zone instead of UTC."""
    event = _timed(entry, local) if isinstance(entry, Entry) else _all_day(entry)
    event.add("uid", one_line(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("created", min(entry.created_at, entry.modified_at))
    event.add("last-modified", entry.modified_at)
    event.add("dtstamp", entry.modified_at)
    if entry.url:
        event.add("url", link(entry.url))
    return _bytes(event)


def calendar_bytes(calendar: Calendar, zones: Mapping[str, icalendar.Timezone], events: Iterable[bytes]) -> bytes:
    """The feed around bytes already made, in the order given."""
    head = _bytes(_head(calendar)).removesuffix(_END)
    return b"".join((head, *(_bytes(zone) for zone in zones.values()), *events, _END))


def _head(calendar: Calendar) -> icalendar.Calendar:
    """No METHOD: that would make a subscribed feed an invitation (RFC 5546)."""
    head = icalendar.Calendar()
    head.add("prodid", PRODUCT)
    head.add("version", "2.0")
    head.add("calscale", "GREGORIAN")
    head.add("uid", one_line(calendar.uid))
    for name in ("name", "x-wr-calname"):
        head.add(name, one_line(calendar.name))
    if calendar.description:
        for name in ("description", "x-wr-caldesc"):
            head.add(name, paragraphs(calendar.description))
    if calendar.url:
        head.add("url", link(calendar.url))
    head.add("x-wr-timezone", calendar.zone if calendar.zone in known_zones() else "UTC")
    head.add("refresh-interval", icalendar.vDuration(calendar.refresh, params={"VALUE": "DURATION"}))
    head.add("x-published-ttl", icalendar.vDuration(calendar.refresh))
    return head


def _timed(entry: Entry, local: bool) -> icalendar.Event:
    zone = ZoneInfo(entry.zone) if local else UTC
    event = icalendar.Event()
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("summary", one_line(CANCELLED * entry.cancelled + entry.summary))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    _add_busy(event, free=entry.transparent or entry.cancelled)
    _add_description(event, entry.description, entry.join_url)
    if entry.categories:
        event.add("categories", categories(entry.categories))
    if where := _where(entry):
        event.add("location", one_line(where))
    if entry.place:
        _add_position(event, entry.place, one_line(where))
    if entry.join_url:
        event.add("conference", link(entry.join_url, VALUE="URI"))
    return event


def _all_day(entry: AllDay) -> icalendar.Event:
    event = icalendar.Event()
    event.add("dtstart", entry.first_day)
    event.add("dtend", entry.last_day + timedelta(days=1))  # exclusive
    event.add("summary", one_line(entry.summary))
    event.add("status", "CONFIRMED")
    _add_busy(event, free=True)
    _add_description(event, entry.description, None)
    return event


def _add_busy(event: icalendar.Event, *, free: bool) -> None:
    """Outlook goes by its own word."""
    event.add("transp", "TRANSPARENT" if free else "OPAQUE")
    event.add("x-microsoft-cdo-busystatus", "FREE" if free else "BUSY")


def _add_description(event: icalendar.Event, description: str, join_url: str | None) -> None:
    """Apps that know no CONFERENCE find the way in here."""
    missing = join_url if join_url and join_url not in description else None
    if text := "\n\n".join(part for part in (description, missing) if part):
        event.add("description", paragraphs(text))


def _where(entry: Entry) -> str:
    """In person the place, for maps; online the link is among the words, since Outlook, Apple and Thunderbird show no CONFERENCE."""
    if entry.place:
        return entry.location or ", ".join(part for part in (entry.place.name, entry.place.address) if part)
    missing = entry.join_url if entry.join_url and entry.join_url not in entry.location else None
    return " ".join(part for part in (entry.location, missing) if part)


def _add_position(event: icalendar.Event, place: Place, words: str) -> None:
    """Apple shows its map only where X-TITLE and LOCATION say the same."""
    if place.latitude is None or place.longitude is None:
        return
    position = Position((place.latitude, place.longitude))
    event.add("geo", position)
    parameters = {"VALUE": "URI", "X-ADDRESS": one_line(place.address), "X-APPLE-RADIUS": _RADIUS, "X-TITLE": words}
    event.add("x-apple-structured-location", link("geo:" + position.to_ical().replace(";", ","), **parameters))


def _reads_once(entry: Entry) -> bool:
    """Neither of its times is in the hour that comes twice when clocks go back: readers disagree about which of the two is meant."""
    if entry.zone not in known_zones():
        return False
    local = [instant.astimezone(ZoneInfo(entry.zone)) for instant in (entry.starts_at, entry.ends_at)]
    return all(time.replace(fold=0).utcoffset() == time.replace(fold=1).utcoffset() for time in local)


def _start_and_uid(entry: Entry | AllDay) -> tuple[datetime, str]:
    return (entry.starts_at if isinstance(entry, Entry) else _midnight(entry.first_day)), entry.uid


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _bytes(component: icalendar.Component) -> bytes:
    made: bytes = component.to_ical()
    return made
