"""The roll of an event: its registrations as organisers search, filter and sort them; who is seated where; one person's history."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlmodel import and_, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from conference.errors import NotFound
from conference.people.home_zones import main_zone
from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.record.tables import AuditEntry
from conference.registration.roll_filter import ANY, RollFilter, RollRow, RollState, ordered, searched
from conference.registration.tables import Booking, Registration, TicketKind, WaitlistEntry
from conference.registration.told_countries import told_countries
from conference.registration.waiting import LIVE_ENTRY
from conference.storage.database import Db, in_parts
from conference.times import zone_named

_COLUMNS = (
    Registration.id,
    Registration.person_id,
    Person.name,
    Person.email,
    Person.organisation,
    Person.country,
    Person.zone,
    Registration.made_at,
    Registration.confirmed_at,
    Registration.cancelled_at,
    Registration.lapsed,
    Registration.given_by_id,
    TicketKind.name,
    TicketKind.takes_part,
)
_ENDED, _OPEN = col(Registration.cancelled_at).is_not(None), col(Registration.cancelled_at).is_(None)
_STATES = {
    RollState.live: (_OPEN,),
    RollState.confirmed: (_OPEN, col(Registration.confirmed_at).is_not(None)),
    RollState.pending: (_OPEN, col(Registration.confirmed_at).is_(None)),
    RollState.cancelled: (_ENDED, col(Registration.lapsed).is_(False)),
    RollState.lapsed: (_ENDED, col(Registration.lapsed).is_(True)),
}


@dataclass(frozen=True, slots=True)
class Seating:
    """Titles of sessions by person: with a seat, and on the waiting list."""

    seats: Mapping[UUID, Sequence[str]]
    turns: Mapping[UUID, Sequence[str]]


@dataclass(frozen=True, slots=True)
class GuestZones:
    """Where the registered people live, as far as anybody knows."""

    zones: Mapping[str, int]
    told: int  # people who told their zone
    by_country: int  # counted by their country's main zone
    unknown: int

    @property
    def total(self) -> int:
        return self.told + self.by_country + self.unknown


async def roll_of(db: Db, event: Event, wanted: RollFilter) -> list[RollRow]:
    """All registrations that fit, in the order asked for. The database filters; searching and sorting are alike on every database."""
    rows = _rows(event).where(*_STATES[wanted.state])
    if wanted.kind:
        rows = rows.where(TicketKind.slug == wanted.kind)
    if wanted.given:
        rows = rows.where(col(Registration.given_by_id).is_not(None))
    if wanted.since:
        rows = rows.where(Registration.made_at >= datetime.combine(wanted.since, time(), zone_named(event.zone)))
    if wanted.seat:
        rows = rows.where(col(Registration.person_id).in_(_seated(event, wanted.seat)))
    if wanted.waits:
        rows = rows.where(col(Registration.person_id).in_(_waiting(event, wanted.waits)))
    found = await _read(db, event, rows)
    if wanted.country:
        found = [row for row in found if row.country == wanted.country]
    return ordered(searched(found, wanted.q), wanted.order)


async def roll_by_id(db: Db, event: Event, ids: Collection[UUID]) -> list[RollRow]:
    """These registrations of this event, whatever became of them, in the order in which they came; of others nothing."""
    found: list[RollRow] = []
    for part in in_parts(ids):
        found += await _read(db, event, _rows(event).where(col(Registration.id).in_(part)))
    return sorted(found, key=lambda row: (row.made_at, row.id))


async def roll_row(db: Db, event: Event, registration_id: UUID) -> RollRow:
    """One registration of this event, cancelled ones too. Raises NotFound."""
    found = await roll_by_id(db, event, [registration_id])
    if not found:
        raise NotFound("There is no such registration.")
    return found[0]


async def ticket_kinds_at(db: Db, event: Event) -> Sequence[TicketKind]:
    """Kinds of tickets that people may have, those that are given no more too."""
    return (
        await db.exec(select(TicketKind).where(TicketKind.event_id == event.id).order_by(col(TicketKind.position), col(TicketKind.id)))
    ).all()


async def countries_at(db: Db, event: Event) -> dict[str, int]:
    """How many registered people each country has, of those who told theirs."""
    rows = select(Registration.id, Person.country).join(Registration, col(Registration.person_id) == col(Person.id))
    told = await told_countries(db, event)
    found = [country or told.get(id_) for id_, country in await db.exec(rows.where(Registration.event_id == event.id, _OPEN))]
    return dict(Counter(country for country in found if country))


async def seating_of(db: Db, event: Event, people: Collection[UUID]) -> Seating:
    """Who of these has a seat where, and waits where, at this event; in the order of the programme."""
    seats: defaultdict[UUID, list[str]] = defaultdict(list)
    turns: defaultdict[UUID, list[str]] = defaultdict(list)
    for part in in_parts(people):
        seated = select(Booking.person_id, Session.title).join(Session, col(Session.id) == col(Booking.session_id))
        seated = seated.where(Session.event_id == event.id, col(Booking.given_up_at).is_(None), col(Booking.person_id).in_(part))
        for person_id, title in await db.exec(seated.order_by(col(Session.starts_at), col(Session.title))):
            seats[person_id].append(title)
        waiting = select(WaitlistEntry.person_id, Session.title).join(Session, col(Session.id) == col(WaitlistEntry.session_id))
        waiting = waiting.where(Session.event_id == event.id, *LIVE_ENTRY, col(WaitlistEntry.person_id).in_(part))
        for person_id, title in await db.exec(waiting.order_by(col(Session.starts_at), col(Session.title))):
            turns[person_id].append(title)
    return Seating(seats, turns)


async def guest_zones(db: Db, event: Event) -> GuestZones:
    """The zones of everybody with a confirmed place; a country's main zone stands for those who told nothing else."""
    rows = select(Registration.id, Person.zone, Person.country).join(Registration, col(Registration.person_id) == col(Person.id))
    countries = await told_countries(db, event)
    zones: Counter[str] = Counter()
    told = by_country = unknown = 0
    for id_, zone, country in await db.exec(rows.where(Registration.event_id == event.id, *_STATES[RollState.confirmed])):
        home = zone or main_zone(country or countries.get(id_))
        told, by_country, unknown = told + bool(zone), by_country + bool(home and not zone), unknown + (not home)
        if home:
            zones[home] += 1
    return GuestZones(dict(zones), told, by_country, unknown)


async def history_of(db: Db, event: Event, registration: RollRow, acts: Collection[str]) -> Sequence[AuditEntry]:
    """What the audit trail says of this person at this event, the newest first: of what they did themselves only these acts."""
    theirs = or_(
        and_(col(AuditEntry.person_id) == registration.person_id, col(AuditEntry.act).in_(acts)),
        col(AuditEntry.subject).in_((f"registration:{registration.id}", f"person:{registration.person_id}")),
    )
    return (await db.exec(select(AuditEntry).where(AuditEntry.event_id == event.id, theirs).order_by(col(AuditEntry.id).desc()))).all()


async def _read(db: Db, event: Event, rows: Any) -> list[RollRow]:
    """The rows of the roll; who told no country elsewhere has the one of the form."""
    found = [_row(*values) for values in await db.exec(rows)]
    told = {} if all(row.country for row in found) else await told_countries(db, event)
    return [row if row.country else replace(row, country=told.get(row.id)) for row in found]


def _rows(event: Event) -> Any:
    """Of every registration of the event, with what `_row` takes."""
    rows = select(*_COLUMNS).join(Person, col(Person.id) == col(Registration.person_id))  # type: ignore[call-overload]
    return rows.outerjoin(TicketKind, col(TicketKind.id) == col(Registration.kind_id)).where(Registration.event_id == event.id)


def _seated(event: Event, slug: str) -> SelectOfScalar[UUID]:
    seated = select(Booking.person_id).join(Session, col(Session.id) == col(Booking.session_id))
    seated = seated.where(Session.event_id == event.id, col(Booking.given_up_at).is_(None))
    return seated if slug == ANY else seated.where(Session.slug == slug)


def _waiting(event: Event, slug: str) -> SelectOfScalar[UUID]:
    waiting = select(WaitlistEntry.person_id).join(Session, col(Session.id) == col(WaitlistEntry.session_id))
    waiting = waiting.where(Session.event_id == event.id, *LIVE_ENTRY)
    return waiting if slug == ANY else waiting.where(Session.slug == slug)


def _row(  # one column each, in the order of _COLUMNS
    id_: UUID,
    person_id: UUID,
    name: str,
    email: str,
    organisation: str,
    country: str | None,
    zone: str | None,
    made_at: datetime,
    confirmed_at: datetime | None,
    cancelled_at: datetime | None,
    lapsed: bool,
    given_by_id: UUID | None,
    kind: str | None,
    takes_part: bool | None,
) -> RollRow:
    ended = RollState.lapsed if lapsed else RollState.cancelled
    state = ended if cancelled_at else RollState.confirmed if confirmed_at else RollState.pending
    given, goes_in = given_by_id is not None, takes_part is not False
    return RollRow(id_, person_id, name, email, organisation, country, zone, state, made_at, confirmed_at, given, kind or "", goes_in)
