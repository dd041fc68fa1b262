"""What an organiser should know before a release (pure): sentences about the programme as it is planned. They warn, and forbid nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import combinations, pairwise
from uuid import UUID

from conference.programme.distance import travel_time
from conference.programme.entry import Facts
from conference.programme.hours import hours_count
from conference.programme.tables import Event, EventFormat, SessionType
from conference.times import DASH, clock_time, long_date, zone_named

MOST = 0.5  # the share of sleepers that is worth a word
ENOUGH = 5  # people whose zone or country is known; of fewer nothing is said


class WarningKind(StrEnum):
    room = "room"
    speaker = "speaker"
    away = "away"
    hours = "hours"
    travel = "travel"
    booked = "booked"
    free_day = "free_day"
    capacity = "capacity"
    night = "night"


KIND_WORDS = {
    WarningKind.room: "Room taken twice",
    WarningKind.speaker: "Speaker in two places",
    WarningKind.away: "Speaker not free",
    WarningKind.hours: "Venue closed",
    WarningKind.travel: "No time to travel",
    WarningKind.booked: "Clash for who has a seat",
    WarningKind.free_day: "On a free day",
    WarningKind.capacity: "More seats than the room has",
    WarningKind.night: "At night for most",
}


@dataclass(frozen=True, slots=True)
class PlanWarning:
    """`sessions`: ids, the earliest first."""

    kind: WarningKind
    sessions: tuple[UUID, ...]
    sentence: str

    @property
    def words(self) -> str:
        return KIND_WORDS[self.kind]


@dataclass(frozen=True, slots=True)
class Crowd:
    """What is known of those who come, as far as planning needs it: numbers and ids, no names."""

    zones: Mapping[str, int] = field(
        default_factory=dict
    )  # how many registered people live in each zone, a country standing for its main one
    booked: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)  # persons with a seat, by session
    seats: Mapping[UUID, int] = field(default_factory=dict)  # offered, by session
    free: Mapping[UUID, Sequence[tuple[datetime, datetime]]] = field(default_factory=dict)  # when who said so can speak, by speaker


def warnings_of(event: Event, programme: Sequence[Facts], crowd: Crowd) -> tuple[PlanWarning, ...]:
    """In the order of the sessions they are about. Cancelled sessions are no part of the plan."""
    plan = sorted(
        (facts for facts in programme if not facts.session.cancelled_at), key=lambda facts: (facts.session.starts_at, facts.session.ends_at)
    )
    place = {facts.session.id: number for number, facts in enumerate(plan)}
    overlapping = [(one, two) for one, two in combinations(plan, 2) if _overlap(one, two)]
    found = [
        *_rooms(event, overlapping),
        *_speakers(event, overlapping),
        *_away(event, plan, crowd),
        *_hours(plan),
        *_travel(event, plan),
        *_booked(event, overlapping, crowd),
        *_free_days(event, plan),
        *_capacity(plan, crowd),
        *_nights(event, plan, crowd),
    ]
    return tuple(sorted(found, key=lambda warning: [place[id_] for id_ in warning.sessions]))


Pair = tuple[Facts, Facts]


def _overlap(one: Facts, two: Facts) -> bool:
    return one.session.starts_at < two.session.ends_at and two.session.starts_at < one.session.ends_at


def _rooms(event: Event, pairs: Iterable[Pair]) -> Iterator[PlanWarning]:
    for one, two in pairs:
        if one.room.id == two.room.id:
            yield _of(
                WarningKind.room,
                (one, two),
                f"{one.room.name} is taken twice {_both(event, one, two)}. Move one of them, or choose another room.",
            )


def _speakers(event: Event, pairs: Iterable[Pair]) -> Iterator[PlanWarning]:
    for one, two in pairs:
        there = {speaker.id for speaker in one.speakers}
        for speaker in two.speakers:
            if speaker.id in there:
                words = f"{speaker.name} speaks twice at once {_both(event, one, two)}. Move one of them, or let somebody else speak."
                yield _of(WarningKind.speaker, (one, two), words)


def _away(event: Event, plan: Iterable[Facts], crowd: Crowd) -> Iterator[PlanWarning]:
    """Times that touch are one: who is free until noon and from noon can speak over noon."""
    for facts in plan:
        session = facts.session
        for speaker in facts.speakers:
            spans = crowd.free.get(speaker.id)
            if spans and not any(since <= session.starts_at and session.ends_at <= until for since, until in _joined(spans)):
                starts = session.starts_at.astimezone(zone_named(event.zone))
                when = f"{clock_time(starts)} on {long_date(starts.date())}"
                words = f"{speaker.name} has not said to be free for “{session.title}” at {when}. Ask, or choose another time."
                yield _of(WarningKind.away, (facts,), words)


def _joined(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    joined: list[tuple[datetime, datetime]] = []
    for since, until in sorted(spans):
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(until, joined[-1][1]))
        else:
            joined.append((since, until))
    return joined


def _hours(plan: Iterable[Facts]) -> Iterator[PlanWarning]:
    """A journey only begins at the venue."""
    for facts in plan:
        venue, session = facts.venue, facts.session
        if venue.opens is None or venue.closes is None:
            continue
        zone = zone_named(venue.zone)
        starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
        last = starts if session.type is SessionType.travel else ends
        closes = datetime.combine(starts.date(), venue.closes, zone)
        if starts.time() < venue.opens or last > closes:
            said = f"“{session.title}” lasts from {clock_time(starts)} to {clock_time(ends)} on {long_date(starts.date())}"
            open_ = f"{venue.name} is open from {venue.opens:%H:%M} to {venue.closes:%H:%M}"
            yield _of(WarningKind.hours, (facts,), f"{said}, but {open_}. Move it, or ask the venue and correct its hours.")


def _travel(event: Event, plan: Sequence[Facts]) -> Iterator[PlanWarning]:
    ways: dict[tuple[UUID, UUID], list[str]] = defaultdict(list)
    for who, mine in _itineraries(plan):
        for there, here in pairwise(mine):
            if _too_short(there, here):
                ways[there.session.id, here.session.id].append(who)
    known = {facts.session.id: facts for facts in plan}
    for (first, second), people in ways.items():
        there, here = known[first], known[second]
        gap, needed = here.session.starts_at - _leaves(there), travel_time(there.venue, here.venue)
        who = people[0] if people[0] == "everybody" else " and ".join(people)
        leave = f"from {there.venue.name} (“{there.session.title}”, until {_clock(event, _leaves(there))})"
        arrive = f"to {here.venue.name} (“{here.session.title}”, at {_clock(event, here.session.starts_at)})"
        words = (
            f"There is no time for {who} to travel {leave} {arrive}: {_span(gap)} where about {_span(needed)} are needed. "
            "Leave more time between them, or hold both in one place."
        )
        yield _of(WarningKind.travel, (there, here), words)


def _itineraries(plan: Sequence[Facts]) -> Iterator[tuple[str, list[Facts]]]:
    """Where everybody is, and each speaker, one place after the other; online is no place."""
    placed = [facts for facts in plan if not facts.venue.online]
    yield "everybody", [facts for facts in placed if facts.session.for_everyone]
    speakers = {speaker.id: speaker.name for facts in placed for speaker in facts.speakers}
    for id_, name in speakers.items():
        yield name, [facts for facts in placed if id_ in {speaker.id for speaker in facts.speakers}]


def _too_short(there: Facts, here: Facts) -> bool:
    gap = here.session.starts_at - _leaves(there)
    return timedelta() <= gap < travel_time(there.venue, here.venue)


def _leaves(facts: Facts) -> datetime:
    """When somebody can set out from there: a journey sets out when it begins."""
    return facts.session.starts_at if facts.session.type is SessionType.travel else facts.session.ends_at


def _booked(event: Event, pairs: Iterable[Pair], crowd: Crowd) -> Iterator[PlanWarning]:
    nobody: frozenset[UUID] = frozenset()
    for one, two in pairs:
        if SessionType.break_ in (one.session.type, two.session.type):
            continue
        mine, other = crowd.booked.get(one.session.id, nobody), crowd.booked.get(two.session.id, nobody)
        both = mine | other if one.session.for_everyone or two.session.for_everyone else mine & other
        if both:
            have = "1 person has" if len(both) == 1 else f"{len(both)} people have"
            what = "in two sessions at once" if mine & other == both else "in one of two sessions, and the other is for everybody"
            words = f"{have} a seat {what}, {_both(event, one, two)}. Move one of them back, or be ready to tell them."
            yield _of(WarningKind.booked, (one, two), words)


def _free_days(event: Event, plan: Iterable[Facts]) -> Iterator[PlanWarning]:
    zone, free = zone_named(event.zone), {date.fromisoformat(day) for day in event.free_days}
    for facts in plan:
        first = facts.session.starts_at.astimezone(zone).date()
        last = (facts.session.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
        days = [day for day in sorted(free) if first <= day <= last]
        if days:
            words = f"“{facts.session.title}” is on {long_date(days[0])}, which is marked as free. Move it, or take the mark from the day."
            yield _of(WarningKind.free_day, (facts,), words)


def _capacity(plan: Iterable[Facts], crowd: Crowd) -> Iterator[PlanWarning]:
    for facts in plan:
        seats, room = crowd.seats.get(facts.session.id), facts.room
        if seats is not None and room.capacity is not None and seats > room.capacity:
            words = (
                f"“{facts.session.title}” offers {seats} seats, but {room.name} holds {room.capacity}. Offer fewer, or take a larger room."
            )
            yield _of(WarningKind.capacity, (facts,), words)


def _nights(event: Event, plan: Iterable[Facts], crowd: Crowd) -> Iterator[PlanWarning]:
    """One for each day, and only where people join from home: who has travelled sleeps by the clock of the place."""
    total = sum(crowd.zones.values())
    by_day: dict[date, list[tuple[Facts, int]]] = defaultdict(list)
    for facts in plan if total >= ENOUGH else ():
        if facts.session.type is SessionType.break_ or not (facts.venue.online or event.format is EventFormat.online):
            continue
        asleep = hours_count(crowd.zones, facts.session.starts_at, facts.session.ends_at).asleep
        if asleep > total * MOST:
            by_day[facts.session.starts_at.astimezone(zone_named(event.zone)).date()].append((facts, round(100 * asleep / total)))
    for day, late in by_day.items():
        shares = DASH.join(dict.fromkeys(str(share) for share in (min(share for _, share in late), max(share for _, share in late))))
        titles = ", ".join(f"“{facts.session.title}” at {_clock(event, facts.session.starts_at)}" for facts, _ in late)
        known = f"{shares} % of the {total} registered people whose zone or country is known"
        words = f"On {long_date(day)} it is night (23:00{DASH}06:59) for {known}: {titles}."
        yield _of(WarningKind.night, [facts for facts, _ in late], words)


def _of(kind: WarningKind, about: Iterable[Facts], sentence: str) -> PlanWarning:
    return PlanWarning(kind, tuple(facts.session.id for facts in about), sentence)


def _both(event: Event, one: Facts, two: Facts) -> str:
    """`on Friday 25 June 2021, 11:00–11:30, by “A” and “B”`."""
    zone = zone_named(event.zone)
    starts, ends = max(one.session.starts_at, two.session.starts_at), min(one.session.ends_at, two.session.ends_at)
    times = f"{_clock(event, starts)}{DASH}{_clock(event, ends)}"
    return f"on {long_date(starts.astimezone(zone).date())}, {times}: “{one.session.title}” and “{two.session.title}”"


def _clock(event: Event, instant: datetime) -> str:
    return clock_time(instant.astimezone(zone_named(event.zone)))


def _span(length: timedelta) -> str:
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    parts = [f"{hours} h"] if hours else []
    return " ".join([*parts, f"{minutes} min"] if minutes or not hours else parts)
