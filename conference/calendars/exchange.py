"""The programme as schedule apps exchange it (pure): rows in; days, rooms and sessions out, with the identities that the calendars have.

The shape is that of schedule.xml and schedule.json, which pentabarf began and frab, pretalx and others write. What of it means what
here, and what we leave empty, is in docs/interchange.md.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from conference.programme.entry import Origin
from conference.programme.queries import SessionFacts
from conference.programme.rules import TYPE_WORDS
from conference.programme.tables import Event, Room, Speaker
from conference.times import zone_named

DAY_BEGINS = time(4)  # what starts before it belongs to the evening before, as these apps expect it
JOIN_WORDS = "Join online"  # the words of the link that is the session's own
SHORTEST = 4  # characters of an acronym, and of what follows it in a slug


@dataclass(frozen=True, slots=True)
class ExchangePerson:
    guid: UUID
    number: int
    name: str
    biography: str


@dataclass(frozen=True, slots=True)
class ExchangeRoom:
    guid: UUID
    name: str
    slug: str
    capacity: int | None
    online: bool


@dataclass(frozen=True, slots=True)
class ExchangeSession:
    """`starts` and `ends` are on the event's clock."""

    guid: UUID
    number: int
    slug: str
    url: str
    title: str
    kind: str
    track: str
    room: ExchangeRoom
    starts: datetime
    ends: datetime
    abstract: str
    join_url: str
    persons: tuple[ExchangePerson, ...]

    @property
    def duration(self) -> str:
        """`01:30`; by way of UTC, since two readings of one clock differ by what the clock shows."""
        hours, minutes = divmod(int((self.ends.astimezone(UTC) - self.starts.astimezone(UTC)).total_seconds()) // 60, 60)
        return f"{hours:02}:{minutes:02}"


@dataclass(frozen=True, slots=True)
class ExchangeDay:
    """From `starts` until just before `ends`."""

    index: int
    date: date
    starts: datetime
    ends: datetime
    rooms: tuple[tuple[ExchangeRoom, tuple[ExchangeSession, ...]], ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    version: str
    acronym: str
    title: str
    summary: str
    zone: str
    first_day: date
    last_day: date
    base_url: str
    url: str
    tracks: tuple[tuple[str, str], ...]  # slug, name
    rooms: tuple[ExchangeRoom, ...]
    days: tuple[ExchangeDay, ...]


def exchange_of(event: Event, version: int, programme: Iterable[SessionFacts], origin: Origin) -> Exchange:
    """What of the published programme takes place. Cancelled sessions are left out: the shape has no word for them."""
    taking_place = [facts for facts in programme if not facts.session.cancelled_at]
    rooms = _rooms(taking_place)
    numbers = _numbers(facts.session.id for facts in taking_place)
    people = _people(taking_place)
    sessions = [_session(facts, rooms[facts.room.id], numbers[facts.session.id], people, origin) for facts in taking_place]
    zone, page = zone_named(event.zone), origin.event_page(event)
    return Exchange(
        version=str(version),
        acronym=acronym_of(event.slug),
        title=event.title,
        summary=event.summary,
        zone=event.zone,
        first_day=event.starts_at.astimezone(zone).date(),
        last_day=(event.ends_at - timedelta(microseconds=1)).astimezone(zone).date(),
        base_url=f"{page}/",
        url=f"{page}/programme",
        tracks=tuple(sorted({(facts.track.slug, facts.track.name) for facts in taking_place if facts.track})),
        rooms=tuple(rooms.values()),
        days=_days(event, sessions),
    )


def acronym_of(slug: str) -> str:
    """`wi-2021` as these formats name a conference: `wi_2021`."""
    return slug.replace("-", "_").ljust(SHORTEST, "_")


def _slug(event: Event, slug: str) -> str:
    return f"{acronym_of(event.slug)}-{slug if len(slug) >= SHORTEST else f'{slug}-session'}"


def _rooms(programme: Sequence[SessionFacts]) -> dict[UUID, ExchangeRoom]:
    """By id, in the order of their names. Where two have one name, the venue tells them apart, and where that has too, the address."""
    held = {facts.room.id: facts for facts in programme}
    often = Counter(facts.room.name for facts in held.values())
    named = {id_: one.room.name if often[one.room.name] == 1 else f"{one.room.name}, {one.venue.name}" for id_, one in held.items()}
    again = Counter(named.values())
    made = {
        id_: _room(one.room, named[id_] if again[named[id_]] == 1 else f"{named[id_]} ({one.room.slug})", online=one.venue.online)
        for id_, one in held.items()
    }
    return dict(sorted(made.items(), key=lambda pair: pair[1].name))


def _room(room: Room, name: str, *, online: bool) -> ExchangeRoom:
    return ExchangeRoom(room.id, name, room.slug, room.capacity, online)


def _people(programme: Sequence[SessionFacts]) -> dict[UUID, ExchangePerson]:
    speakers: dict[UUID, Speaker] = {speaker.id: speaker for facts in programme for speaker in facts.speakers}
    numbers = _numbers(speakers)
    return {id_: ExchangePerson(id_, numbers[id_], speaker.name, speaker.biography) for id_, speaker in speakers.items()}


def _session(facts: SessionFacts, room: ExchangeRoom, number: int, people: dict[UUID, ExchangePerson], origin: Origin) -> ExchangeSession:
    session, zone = facts.session, zone_named(facts.event.zone)
    return ExchangeSession(
        guid=session.id,
        number=number,
        slug=_slug(facts.event, session.slug),
        url=f"{origin.event_page(facts.event)}/sessions/{session.slug}",
        title=session.title,
        kind=TYPE_WORDS[session.type],
        track=facts.track.name if facts.track else "",
        room=room,
        starts=session.starts_at.astimezone(zone),
        ends=session.ends_at.astimezone(zone),
        abstract=session.abstract,
        join_url=session.join_url,
        persons=tuple(people[speaker.id] for speaker in facts.speakers),
    )


def _days(event: Event, sessions: Sequence[ExchangeSession]) -> tuple[ExchangeDay, ...]:
    """The days on which something takes place; the event's first where nothing does, since the formats want one."""
    by_day: dict[date, dict[ExchangeRoom, list[ExchangeSession]]] = defaultdict(lambda: defaultdict(list))
    for session in sessions:
        by_day[_day_of(session.starts)][session.room].append(session)
    if not by_day:
        by_day[event.starts_at.astimezone(zone_named(event.zone)).date()].clear()
    return tuple(_day(event, index, day, by_day[day]) for index, day in enumerate(sorted(by_day), start=1))


def _day(event: Event, index: int, day: date, rooms: dict[ExchangeRoom, list[ExchangeSession]]) -> ExchangeDay:
    listed = tuple(
        (room, tuple(sorted(rooms[room], key=lambda one: (one.starts.astimezone(UTC), one.ends.astimezone(UTC), one.title, one.guid))))
        for room in sorted(rooms, key=lambda one: one.name)
    )
    return ExchangeDay(index, day, _begins(event, day), _begins(event, day + timedelta(days=1)), listed)


def _day_of(starts: datetime) -> date:
    return starts.date() if starts.time() >= DAY_BEGINS else starts.date() - timedelta(days=1)


def _begins(event: Event, day: date) -> datetime:
    """By way of UTC, so that it is a time which the clock shows, with the offset of that morning."""
    zone = zone_named(event.zone)
    return datetime.combine(day, DAY_BEGINS, zone).astimezone(UTC).astimezone(zone)


def _numbers(ids: Iterable[UUID]) -> dict[UUID, int]:
    """A whole number for each, as older apps want it: positive, 31 bits, from the id alone unless two fall together."""
    numbers: dict[UUID, int] = {}
    taken = set()
    for id_ in sorted(ids):
        number = int.from_bytes(hashlib.sha256(id_.bytes).digest()[:4]) >> 1 or 1
        while number in taken:
            number += 1
        taken.add(number)
        numbers[id_] = number
    return numbers
