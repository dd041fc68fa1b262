"""What an act would do to each of several people: read before it is done and when it is, so that what changed meanwhile is seen."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from conference.errors import Conflict
from conference.programme.tables import Event, Session
from conference.registration.clashes import clashing, mine_of
from conference.registration.queries import pool_of_session
from conference.registration.roll import Seating, roll_by_id, seating_of
from conference.registration.roll_filter import RollRow, RollState
from conference.registration.rules import check_booking_is_open, places_left
from conference.storage.database import Db


class Act(StrEnum):
    cancel = "cancel"
    seat = "seat"


@dataclass(frozen=True, slots=True)
class Line:
    """What happens to one person, or why nothing can."""

    row: RollRow
    can: bool
    words: str

    @property
    def mark(self) -> str:
        """Says which line was read, for the form that carries it out."""
        return f"{self.row.id.hex}:{hashlib.sha256(f'{self.can}{self.words}'.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Plan:
    act: Act
    session: Session | None  # of seats
    summary: str
    lines: tuple[Line, ...]

    @property
    def doable(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.can)

    @property
    def left_out(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if not line.can)


async def cancel_plan(db: Db, event: Event, ids: Collection[UUID]) -> Plan:
    """Taking places back, and what goes with each."""
    rows = await roll_by_id(db, event, ids)
    seating = await seating_of(db, event, {row.person_id for row in rows})
    lines = tuple(_cancel_line(row, seating) for row in rows)
    doable = [line.row.person_id for line in lines if line.can]
    seats = sum(len(seating.seats.get(person, ())) for person in doable)
    words = f"{_people(len(doable))} would lose {'the place' if len(doable) == 1 else 'their places'}"
    with_seats = (
        f", and with {'it' if len(doable) == 1 else 'them'} {_count(seats, 'seat')}, which go to whoever waits next" if seats else ""
    )
    return Plan(Act.cancel, None, f"{words}{with_seats}. Each is told by mail.", lines)


async def seat_plan(db: Db, event: Event, session: Session, ids: Collection[UUID], now: datetime) -> Plan:
    """Giving seats in one session, to as many as there are seats for, in the order in which they registered."""
    rows = await roll_by_id(db, event, ids)
    seating = await seating_of(db, event, {row.person_id for row in rows})
    pool = await pool_of_session(db, session.id)
    closed = _closed(session, now)
    free = places_left(pool) if pool and not closed else 0
    lines, left = [], free
    for row in rows:
        why_not = closed or _no_seat(row, seating, session) or ("" if left > 0 else "No seat is left for them.")
        words = why_not or await _seat_words(db, row, session)
        left -= not why_not
        lines.append(Line(row, not why_not, words))
    given = free - left
    seats = f"{_count(free, 'seat')} {'is' if free == 1 else 'are'} free in “{session.title}”"
    return Plan(Act.seat, session, f"{seats}: {_people(given)} would get one. Each is told by mail.", tuple(lines))


def _cancel_line(row: RollRow, seating: Seating) -> Line:
    if row.state not in (RollState.confirmed, RollState.pending):
        return Line(row, False, "Has no place any more.")
    parts = ["the held place" if row.state is RollState.pending else "the place"]
    if seats := seating.seats.get(row.person_id):
        parts.append(f"{'the seat' if len(seats) == 1 else 'the seats'} in {_titles(seats)}")
    if turns := seating.turns.get(row.person_id):
        parts.append(f"{'the turn' if len(turns) == 1 else 'the turns'} for {_titles(turns)}")
    return Line(row, True, f"Loses {', '.join(parts)}.")


def _no_seat(row: RollRow, seating: Seating, session: Session) -> str:
    if row.state is not RollState.confirmed:
        return "Has no confirmed place at the event."
    if not row.takes_part:
        return f"Has “{row.kind}”, which opens no sessions."
    if session.title in seating.seats.get(row.person_id, ()):
        return "Has a seat there already."
    if session.title in seating.turns.get(row.person_id, ()):
        return "Waits for it already, and gets a seat in turn."
    return ""


async def _seat_words(db: Db, row: RollRow, session: Session) -> str:
    overlapping = clashing(session, await mine_of(db, row.person_id, seats_only=True))
    return (
        f"Gets a seat. It overlaps with their seat in {_titles([one.session.title for one in overlapping])}."
        if overlapping
        else "Gets a seat."
    )


def _closed(session: Session, now: datetime) -> str:
    try:
        check_booking_is_open(session, now)
    except Conflict as over:
        return over.sentence
    return ""


def _titles(titles: Sequence[str]) -> str:
    return ", ".join(f"“{title}”" for title in titles)


def _people(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}"


def _count(count: int, one: str) -> str:
    return f"{count} {one}{'' if count == 1 else 's'}"
