"""What is mine, as one's own page lays it out (pure): the next thing, turns explained, clashes, today's timetable, things to take away."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from conference.programme.queries import SessionFacts
from conference.programme.tables import Event, SessionType
from conference.registration.clashes import Mine
from conference.registration.tables import TurnState
from conference.registration.turn_rules import Turn, turn_state, why_words
from conference.site.days import Day, Slot, slot_of
from conference.site.view import Frame, Row, row_of, span
from conference.times import TimeShown, zone_named


@dataclass(frozen=True, slots=True)
class MyTurn:
    """A place on the waiting list of a session, or of the event, and what becomes of it."""

    row: Row | None  # None: for a place at the event
    words: tuple[str, ...]
    href: str  # where it is told in full, and where what is on offer is taken or left
    offered: bool


@dataclass(frozen=True, slots=True)
class Clash:
    """Two of mine that overlap."""

    words: str
    one: Mine
    two: Mine
    time: TimeShown  # of the later one


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    href: str
    words: str  # what it is
    outside: bool  # a link to somewhere else


def next_of_mine(mine: Iterable[tuple[SessionFacts, Frame]], spoken: Collection[UUID]) -> Slot | None:
    """What is on, or comes next; where several begin together, what needs me most: my talk, my seat, what is for everybody, a star."""
    ahead = [
        (facts, frame)
        for facts, frame in mine
        if not facts.session.cancelled_at and frame.now < facts.session.ends_at and facts.session.type is not SessionType.break_
    ]

    def weight(pair: tuple[SessionFacts, Frame]) -> tuple[bool, datetime, int]:
        facts, frame = pair
        session = facts.session
        needs = [session.id in spoken, session.id in frame.standing.booked, session.for_everyone, True].index(True)
        return (session.starts_at > frame.now, session.starts_at, needs)

    first = min(ahead, key=weight, default=None)
    return slot_of([row_of(*first)]) if first else None


def clash_of(one: Mine, two: Mine, zone: str) -> Clash:
    if one.seat and two.seat:
        words = "You have a seat in both, and they overlap. Give one up, so that somebody else can have it."
    elif one.seat or two.seat:
        words = "You have a seat in one and a star on the other, and they overlap."
    else:
        words = "Both have your star, and they overlap."
    later = max((one, two), key=lambda mine: mine.session.starts_at)
    return Clash(words, one, two, span(later.event, later.session.starts_at, later.session.ends_at, zone))


def is_today(day: Day, event: Event, frame: Frame) -> bool:
    """Whether the reader is in it, by the event's calendar or by their own."""
    return day.here or any(
        _day(slot.time.starts_at, zone) == frame.now.astimezone(zone_named(zone)).date()
        for zone in _zones(event, frame)
        for slot in day.slots
    )


def turns_of(event: Event, rows: Sequence[tuple[UUID, Row]], frame: Frame) -> tuple[MyTurn, ...]:
    """For a place at the event first, then for seats in the order of the programme."""
    standing, zone = frame.standing, frame.zone or event.zone
    mine: list[tuple[Row | None, Turn]] = [(None, standing.place_turn)] if standing.place_turn else []
    mine += [(row, standing.turns[id_]) for id_, row in rows if id_ in standing.turns]
    return tuple(
        MyTurn(
            row,
            why_words(turn, "seat" if row else "place", frame.now, zone),
            f"{row.href if row else f'/events/{event.slug}'}/turn",
            turn_state(turn.entry, frame.now) == TurnState.offered,
        )
        for row, turn in mine
    )


def _zones(event: Event, frame: Frame) -> set[str]:
    return {event.zone, frame.zone or event.zone}


def _day(instant: str, zone: str) -> date:
    return datetime.fromisoformat(instant).astimezone(zone_named(zone)).date()
