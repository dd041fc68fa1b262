"""Calendar facts in, iCalendar bytes out (RFC 5545, 7986; pure): the same facts are the same bytes, however often and in whatever order.

What costs time is an entry's own bytes: `piece_of` makes them from the entry alone, so that they can be kept and put together again
by `calendar_bytes`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from operator import attrgetter
from zoneinfo import ZoneInfo

from conference.ics.entry import AllDay, Calendar, Entry, Place
from conference.ics.lines import day, duration, line, text, texts, utc, wall, with_parameters
from conference.ics.vtimezone import vtimezone
from conference.ics.words import link, one_line, paragraphs, position
from conference.times import known_zones

PRODUCT = "-//conference//calendar feed//EN"
CANCELLED = "Cancelled: "
ELSEWHERE = "No longer in this calendar: "

_RADIUS = "100"  # metres around a place that Apple's maps take for being there


@dataclass(frozen=True, slots=True)
class Piece:
    """One VEVENT, ready to be put into a feed."""

    order: tuple[datetime, str]  # by time, then UID
    modified_at: datetime
    zone: str  # in which its times are to be read; empty: in UTC
    years: tuple[int, int]  # first and last that its times touch
    ready: bytes
    digest: bytes  # of what is ready: with the feed's zones it tells which of the two goes out
    entry: Entry | None = None  # for a feed in which no rule serves the zone for all its years

    @property
    def universal(self) -> bytes:
        return b"".join(_timed(self.entry, "")) if self.entry else self.ready


def feed_bytes(calendar: Calendar, entries: Iterable[Entry | AllDay]) -> bytes:
    """A whole subscribed feed. Cancelled entries are among `entries`: they go out as tombstones."""
    return calendar_bytes(calendar, [piece_of(entry) for entry in entries])


def calendar_bytes(calendar: Calendar, pieces: Iterable[Piece]) -> bytes:
    """The feed around pieces already made, in order of time."""
    return assembled(calendar, pieces)[0]


def assembled(calendar: Calendar, pieces: Iterable[Piece]) -> tuple[bytes, str]:
    """The same, and a tag: another one wherever a byte differs, and only there."""
    listed = sorted(pieces, key=attrgetter("order"))
    zones = zones_of(listed)
    events = (piece.ready if not piece.zone or piece.zone in zones else piece.universal for piece in listed)
    head = b"".join((_head(calendar), *zones.values()))
    tag = hashlib.sha256(head + b"".join(piece.digest for piece in listed)).hexdigest()[:32]
    return b"".join((head, *events, b"END:VCALENDAR\r\n")), tag


def piece_of(entry: Entry | AllDay) -> Piece:
    if isinstance(entry, AllDay):
        order = (datetime.combine(entry.first_day, time(), UTC), entry.uid)
        whole = b"".join(_all_day(entry))
        return Piece(order, entry.modified_at, "", (0, 0), whole, _digest(whole))
    # A day each way: at New Year the zone's own year may not be UTC's.
    years = (entry.starts_at - timedelta(days=1)).astimezone(UTC).year, (entry.ends_at + timedelta(days=1)).astimezone(UTC).year
    zone = entry.zone if _reads_once(entry) else ""
    ruled = bool(zone and _zone_bytes(zone, *years))  # else no longer span of years is, either
    ready = b"".join(_timed(entry, zone if ruled else ""))
    return Piece((entry.starts_at, entry.uid), entry.modified_at, zone, years, ready, _digest(ready), entry if ruled else None)


def _digest(ready: bytes) -> bytes:
    return hashlib.blake2b(ready, digest_size=16).digest()


def zones_of(pieces: Sequence[Piece]) -> dict[str, bytes]:
    """By IANA name, sorted: the zones in which these times can be written, each with the one component that serves them all."""
    years: dict[str, tuple[int, int]] = {}
    for piece in pieces:
        if piece.zone:
            first, last = years.get(piece.zone, piece.years)
            years[piece.zone] = min(first, piece.years[0]), max(last, piece.years[1])
    found = ((zone, _zone_bytes(zone, *needed)) for zone, needed in sorted(years.items()))
    return {zone: component for zone, component in found if component}


@lru_cache(maxsize=512)
def _zone_bytes(zone: str, first: int, last: int) -> bytes:
    """Empty where its times are to be written in UTC."""
    component = vtimezone(zone, range(first, last + 1))
    made: bytes = component.to_ical() if component else b""
    return made


@lru_cache(maxsize=2_048)
def _head(calendar: Calendar) -> bytes:
    """No METHOD: that would make a subscribed feed an invitation (RFC 5546).

    Nor a UID, which RFC 7986 allows here: vdirsyncer would take it for that of each event, and keep one of them.
    """
    return b"".join(_head_lines(calendar))


def _head_lines(calendar: Calendar) -> Iterator[bytes]:
    yield b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
    yield line("PRODID", PRODUCT)
    yield line("CALSCALE", "GREGORIAN")
    if calendar.description:
        for name in ("DESCRIPTION", "X-WR-CALDESC"):
            yield line(name, text(paragraphs(calendar.description)))
    for name in ("NAME", "X-WR-CALNAME"):
        yield line(name, text(one_line(calendar.name)))
    yield line("REFRESH-INTERVAL;VALUE=DURATION", duration(calendar.refresh))
    if calendar.url:
        yield line("URL", link(calendar.url))
    yield line("X-PUBLISHED-TTL", duration(calendar.refresh))
    yield line("X-WR-TIMEZONE", calendar.zone if calendar.zone in known_zones() else "UTC")


def _timed(entry: Entry, zone: str) -> Iterator[bytes]:
    """Times in this zone, or in UTC where there is none."""
    gone = entry.cancelled or entry.elsewhere
    yield b"BEGIN:VEVENT\r\n"
    yield line("SUMMARY", text(one_line(_prefix(entry) + entry.summary)))
    for name, instant in (("DTSTART", entry.starts_at), ("DTEND", entry.ends_at)):
        yield line(f"{name};TZID={zone}", wall(instant.astimezone(ZoneInfo(zone)))) if zone else line(name, utc(instant))
    yield from _identity(entry)
    if entry.categories:
        yield line("CATEGORIES", texts(map(one_line, entry.categories)))
    if entry.join_url:
        yield line("CONFERENCE;VALUE=URI", link(entry.join_url))
    yield from _history(entry, entry.join_url)
    yield from _where(entry)
    yield from _state(entry.url, cancelled=gone, free=gone or entry.transparent)
    if entry.alarm is not None and not gone:
        yield from _alarm(entry, entry.alarm)
    yield b"END:VEVENT\r\n"


def _all_day(entry: AllDay) -> Iterator[bytes]:
    yield b"BEGIN:VEVENT\r\n"
    yield line("SUMMARY", text(one_line(CANCELLED * entry.cancelled + entry.summary)))
    yield line("DTSTART;VALUE=DATE", day(entry.first_day))
    yield line("DTEND;VALUE=DATE", day(entry.last_day + timedelta(days=1)))  # exclusive
    yield from _identity(entry)
    yield from _history(entry, None)
    yield from _state(entry.url, cancelled=entry.cancelled, free=True)
    yield b"END:VEVENT\r\n"


def _prefix(entry: Entry) -> str:
    return CANCELLED if entry.cancelled else ELSEWHERE if entry.elsewhere else ""


def _identity(entry: Entry | AllDay) -> Iterator[bytes]:
    yield line("DTSTAMP", utc(entry.modified_at))
    yield line("UID", text(one_line(entry.uid)))
    yield line("SEQUENCE", str(entry.sequence))


def _history(entry: Entry | AllDay, join_url: str | None) -> Iterator[bytes]:
    """Apps that know no CONFERENCE find the way in among the words."""
    yield line("CREATED", utc(min(entry.created_at, entry.modified_at)))
    missing = join_url if join_url and join_url not in entry.description else None
    if words := "\n\n".join(part for part in (entry.description, missing) if part):
        yield line("DESCRIPTION", text(paragraphs(words)))
    yield line("LAST-MODIFIED", utc(entry.modified_at))


def _where(entry: Entry) -> Iterator[bytes]:
    """Apple shows its map only where X-TITLE and LOCATION say the same."""
    words = one_line(_location(entry))
    if words:
        yield line("LOCATION", text(words))
    place = entry.place
    if place and place.latitude is not None and place.longitude is not None:
        latitude, longitude = position(place.latitude, place.longitude)
        yield line("GEO", f"{latitude};{longitude}")
        yield line(with_parameters("X-APPLE-STRUCTURED-LOCATION", _parameters(place, words)), f"geo:{latitude},{longitude}")


def _parameters(place: Place, words: str) -> dict[str, str]:
    return {"VALUE": "URI", "X-ADDRESS": one_line(place.address), "X-APPLE-RADIUS": _RADIUS, "X-TITLE": words}


def _location(entry: Entry) -> str:
    """In person the place, for maps; online the link is among the words, since Outlook, Apple and Thunderbird show no CONFERENCE."""
    if entry.place:
        return entry.location or ", ".join(part for part in (entry.place.name, entry.place.address) if part)
    missing = entry.join_url if entry.join_url and entry.join_url not in entry.location else None
    return " ".join(part for part in (entry.location, missing) if part)


def _state(url: str, *, cancelled: bool, free: bool) -> Iterator[bytes]:
    """Outlook goes by its own word for busy."""
    yield line("STATUS", "CANCELLED" if cancelled else "CONFIRMED")
    yield line("TRANSP", "TRANSPARENT" if free else "OPAQUE")
    if url:
        yield line("URL", link(url))
    yield line("X-MICROSOFT-CDO-BUSYSTATUS", "FREE" if free else "BUSY")


def _alarm(entry: Entry, before: timedelta) -> Iterator[bytes]:
    yield b"BEGIN:VALARM\r\nACTION:DISPLAY\r\n"
    yield line("DESCRIPTION", text(one_line(entry.summary)))
    yield line("TRIGGER", duration(-before))
    yield b"END:VALARM\r\n"


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    return frozenset(known_zones())


def _reads_once(entry: Entry) -> bool:
    """Neither of its times is in the hour that comes twice when clocks go back: readers disagree about which of the two is meant."""
    if entry.zone not in _places():
        return False
    local = [instant.astimezone(ZoneInfo(entry.zone)) for instant in (entry.starts_at, entry.ends_at)]
    return all(moment.replace(fold=0).utcoffset() == moment.replace(fold=1).utcoffset() for moment in local)
