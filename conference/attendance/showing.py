"""What organisers see of who was there: per day and person, per session, and who never came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from conference.attendance.expected import said_at
from conference.attendance.queries import Guest, check_ins_at, guests_at, seated_in, stage_minutes, times_in
from conference.attendance.rules import NO_SESSION, Occasion, day_for, has_attended, programme_days
from conference.attendance.tables import CheckIn, How, StageTime
from conference.people.queries import people_by_id
from conference.people.tables import Person
from conference.programme.queries import SessionFacts, programme_of
from conference.programme.tables import Event
from conference.registration.queries import session_pools
from conference.storage.database import Db
from conference.times import clock_time, short_date, zone_named


@dataclass(frozen=True, slots=True)
class Cell:
    """Somebody on one day."""

    at: str  # empty: not there
    by_hand: str  # who marked it afterwards; empty: at the door


@dataclass(frozen=True, slots=True)
class PersonRow:
    place_id: UUID
    person: Person
    cells: tuple[Cell, ...]  # one for each day
    sessions: int  # attended
    came: bool


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session in numbers. Before its end nobody has missed it."""

    title: str
    slug: str
    when: str
    seats: int | None  # booked, where seats are limited
    there: int
    missed: int | None


@dataclass(frozen=True, slots=True)
class WasThere:
    """Somebody at one session."""

    person: Person
    booked: bool
    minutes: int
    entered: str
    checked_in: str
    attended: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """An event's attendance as far as it is known."""

    event: Event
    over: bool
    minutes: int
    days: tuple[date, ...]
    people: tuple[PersonRow, ...]
    sessions: tuple[SessionRow, ...]

    @property
    def missing(self) -> tuple[PersonRow, ...]:
        """Who had a place and was never there, once the event is over."""
        return tuple(row for row in self.people if not row.came) if self.over else ()

    @property
    def there_by_day(self) -> tuple[int, ...]:
        return tuple(sum(bool(row.cells[number].at) for row in self.people) for number in range(len(self.days)))


async def whole_of(db: Db, event: Event, now: datetime) -> Whole:
    minutes, days = await stage_minutes(db, event.id), programme_days(event)
    guests = [guest for guest in await guests_at(db, event, Occasion(day=day_for(event, now))) if guest.place.confirmed_at]
    checked = await check_ins_at(db, event.id)
    sessions = [facts for facts in await programme_of(db, event) if not facts.session.cancelled_at and facts.session.type not in NO_SESSION]
    times = await times_in(db, [facts.session.id for facts in sessions])
    markers = await people_by_id(db, {row.by_id for rows in checked.values() for row in rows})
    attended = {facts.session.id: _attended(facts, guests, checked, times.get(facts.session.id, {}), minutes) for facts in sessions}
    people = tuple(_person_row(event, guest, days, checked.get(guest.place.id, []), attended, markers) for guest in guests)
    limited = await session_pools(db, event.id)
    seated = {session_id: await seated_in(db, session_id) for session_id in limited}
    rows = tuple(_session_row(facts, seated.get(facts.session.id), attended[facts.session.id], now) for facts in sessions)
    return Whole(event, now >= event.ends_at, minutes, days, people, rows)


async def people_in(db: Db, facts: SessionFacts) -> tuple[WasThere, ...]:
    """Everybody who was at a session, or had a seat in it."""
    event, session = facts.event, facts.session
    minutes, seated = await stage_minutes(db, event.id), await seated_in(db, session.id)
    times = (await times_in(db, [session.id])).get(session.id, {})
    checked = await check_ins_at(db, event.id)
    found = []
    for guest in await guests_at(db, event, Occasion(session_id=session.id)):
        time, booked = times.get(guest.person.id), seated is not None and guest.person.id in seated
        if time or booked or guest.check_in:
            there = has_attended(time, session, minutes, checked_in=_at_session(checked.get(guest.place.id, []), session.id))
            entered = _clock(time.entered_meeting_at, event.zone) if time and time.entered_meeting_at else ""
            spent = time.seconds // 60 if time else 0
            found.append(WasThere(guest.person, booked, spent, entered, said_at(guest.check_in, event.zone), there))
    return tuple(found)


def _attended(
    facts: SessionFacts, guests: list[Guest], checked: Mapping[UUID, list[CheckIn]], times: Mapping[UUID, StageTime], minutes: int
) -> frozenset[UUID]:
    """The persons with a place who attended this session."""
    return frozenset(
        guest.person.id
        for guest in guests
        if has_attended(
            times.get(guest.person.id),
            facts.session,
            minutes,
            checked_in=_at_session(checked.get(guest.place.id, []), facts.session.id),
        )
    )


def _at_session(rows: list[CheckIn], session_id: UUID) -> bool:
    return any(row.session_id == session_id for row in rows)


def _person_row(
    event: Event,
    guest: Guest,
    days: tuple[date, ...],
    rows: list[CheckIn],
    attended: Mapping[UUID, frozenset[UUID]],
    markers: Mapping[UUID, Person],
) -> PersonRow:
    by_day = {row.day: row for row in rows if row.day}
    cells = tuple(_cell(by_day.get(day), event.zone, markers) for day in days)
    sessions = sum(guest.person.id in people for people in attended.values())
    return PersonRow(guest.place.id, guest.person, cells, sessions, came=bool(rows) or sessions > 0)


def _cell(row: CheckIn | None, zone: str, markers: Mapping[UUID, Person]) -> Cell:
    by_hand = row is not None and row.how == How.hand and row.by_id in markers
    return Cell(said_at(row, zone), markers[row.by_id].name if row and by_hand else "")


def _session_row(facts: SessionFacts, seated: set[UUID] | None, there: frozenset[UUID], now: datetime) -> SessionRow:
    session, local = facts.session, facts.session.starts_at.astimezone(zone_named(facts.event.zone))
    missed = len(seated - there) if seated is not None and now >= session.ends_at else None
    when = f"{short_date(local.date())}, {clock_time(local)}"
    return SessionRow(session.title, session.slug, when, None if seated is None else len(seated), len(there), missed)


def _clock(moment: datetime, zone: str) -> str:
    return clock_time(moment.astimezone(zone_named(zone)))
