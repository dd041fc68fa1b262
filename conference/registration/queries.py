"""Reading places: whose, how many, and who is next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from conference.errors import NotFound
from conference.people.tables import Person
from conference.programme.tables import Session
from conference.registration.tables import Booking, CapacityPool, PoolServes, PoolSession, Registration, TicketKind, WaitlistEntry
from conference.registration.turn_rules import Turn
from conference.registration.waiting import LIVE_ENTRY, place_entry_of, turn_of, waiting_of
from conference.storage.database import Db


def live_registration(person_id: UUID, event_id: UUID, *, lock: bool = False) -> SelectOfScalar[Registration]:
    mine = select(Registration).where(
        Registration.person_id == person_id, Registration.event_id == event_id, col(Registration.cancelled_at).is_(None)
    )
    return mine.with_for_update(key_share=True).execution_options(populate_existing=True) if lock else mine


async def registration_of(db: Db, person_id: UUID, event_id: UUID) -> Registration | None:
    """The person's live registration (pending or confirmed)."""
    return (await db.exec(live_registration(person_id, event_id))).first()


async def lock_registration(db: Db, person_id: UUID, event_id: UUID) -> Registration | None:
    """The person's live registration as it is now, for this transaction alone: it can't be cancelled while a seat is taken with it."""
    return (await db.exec(live_registration(person_id, event_id, lock=True))).first()


async def has_confirmed_place(db: Db, person_id: UUID, event_id: UUID) -> bool:
    registration = await registration_of(db, person_id, event_id)
    return registration is not None and registration.confirmed_at is not None


async def kind_of(db: Db, registration: Registration | WaitlistEntry | None) -> TicketKind | None:
    return await db.get(TicketKind, registration.kind_id) if registration and registration.kind_id else None


async def takes_part(db: Db, person_id: UUID, event_id: UUID) -> bool:
    """Whether somebody has a confirmed place that lets them into stages and sessions: recordings only is none."""
    return person_id in await confirmed_among(db, event_id, [person_id])


async def confirmed_among(db: Db, event_id: UUID, people: Collection[UUID]) -> set[UUID]:
    """Which of these persons take part with a confirmed place at the event. At most a few hundred are asked for at a time."""
    held = (Registration.event_id == event_id, col(Registration.cancelled_at).is_(None), col(Registration.confirmed_at).is_not(None))
    of_kind = select(Registration.person_id).outerjoin(TicketKind).where(func.coalesce(col(TicketKind.takes_part), True))
    return set(await db.exec(of_kind.where(col(Registration.person_id).in_(people), *held)))


async def registrations_of(db: Db, person_id: UUID) -> Sequence[Registration]:
    """The person's live registrations at all events."""
    mine = select(Registration).where(Registration.person_id == person_id, col(Registration.cancelled_at).is_(None))
    return (await db.exec(mine)).all()


async def registrations_at(db: Db, event_id: UUID) -> Sequence[tuple[Registration, Person]]:
    """Everybody with a live registration, in the order they came."""
    live = select(Registration, Person).join(Person).where(Registration.event_id == event_id, col(Registration.cancelled_at).is_(None))
    return (await db.exec(live.order_by(col(Registration.id)))).all()


async def registration_at(db: Db, event_id: UUID, registration_id: UUID) -> tuple[Registration, Person]:
    """One live registration of this event. Raises NotFound, also once it was given back."""
    one = select(Registration, Person).join(Person).where(Registration.id == registration_id, Registration.event_id == event_id)
    found = (await db.exec(one.where(col(Registration.cancelled_at).is_(None)))).first()
    if not found:
        raise NotFound("There is no such registration, or its place was given back.")
    return found


async def pool_of_session(db: Db, session_id: UUID) -> CapacityPool | None:
    return (await db.exec(select(CapacityPool).join(PoolSession).where(PoolSession.session_id == session_id))).first()


async def pool_of_event(db: Db, event_id: UUID) -> CapacityPool | None:
    of_event = (CapacityPool.event_id == event_id, CapacityPool.serves == PoolServes.event, col(CapacityPool.deleted_at).is_(None))
    return (await db.exec(select(CapacityPool).where(*of_event))).first()


async def pools_at(db: Db, event_id: UUID) -> Sequence[CapacityPool]:
    """The event's limits that are in force, oldest first."""
    there = select(CapacityPool).where(CapacityPool.event_id == event_id, col(CapacityPool.deleted_at).is_(None))
    return (await db.exec(there.order_by(col(CapacityPool.id)))).all()


async def pool_at(db: Db, event_id: UUID, pool_id: UUID) -> CapacityPool:
    """One of them. Raises NotFound."""
    pool = await db.get(CapacityPool, pool_id)
    if pool is None or pool.event_id != event_id or pool.deleted_at:
        raise NotFound("There is no such limit, or it was taken away.")
    return pool


async def kinds_at(db: Db, event_id: UUID) -> Sequence[TicketKind]:
    """The event's kinds of tickets, in their order, those that are given no more too."""
    return (await db.exec(select(TicketKind).where(TicketKind.event_id == event_id).order_by(col(TicketKind.position)))).all()


async def kind_at(db: Db, event_id: UUID, slug: str) -> TicketKind:
    """One of them. Raises NotFound."""
    found = (await db.exec(select(TicketKind).where(TicketKind.event_id == event_id, TicketKind.slug == slug))).first()
    if found is None:
        raise NotFound("There is no such kind of ticket.")
    return found


async def session_pools(db: Db, event_id: UUID) -> dict[UUID, CapacityPool]:
    """Each limited session's pool, by session id."""
    pools = select(PoolSession.session_id, CapacityPool).join(CapacityPool).where(CapacityPool.event_id == event_id)
    return dict((await db.exec(pools)).all())


def live_booking(person_id: UUID, session_id: UUID) -> SelectOfScalar[Booking]:
    return select(Booking).where(Booking.person_id == person_id, Booking.session_id == session_id, col(Booking.given_up_at).is_(None))


async def booking_of(db: Db, person_id: UUID, session_id: UUID) -> Booking | None:
    return (await db.exec(live_booking(person_id, session_id))).first()


async def bookings_of(db: Db, person_id: UUID) -> Sequence[Booking]:
    """All bookings of a person, those given up too (calendars keep a tombstone of them)."""
    return (await db.exec(select(Booking).where(Booking.person_id == person_id).order_by(col(Booking.id)))).all()


async def people_booked(db: Db, session_id: UUID) -> Sequence[tuple[Booking, Person]]:
    booked = select(Booking, Person).join(Person).where(Booking.session_id == session_id, col(Booking.given_up_at).is_(None))
    return (await db.exec(booked.order_by(col(Booking.id)))).all()


@dataclass(frozen=True, slots=True)
class PlaceCounts:
    """How many people have what at an event."""

    confirmed: int
    pending: int
    booked: int  # seats
    waiting: int  # turns for seats
    waiting_for_places: int


async def place_counts(db: Db, event_id: UUID) -> PlaceCounts:
    """Registrations, seats and turns of the whole event, as numbers."""
    live = (Registration.event_id == event_id, col(Registration.cancelled_at).is_(None))
    of_event = CapacityPool.event_id == event_id
    seats = select(func.count()).select_from(Booking).join(Session).where(Session.event_id == event_id, col(Booking.given_up_at).is_(None))
    turns = select(func.count()).select_from(WaitlistEntry).join(CapacityPool).where(of_event, *LIVE_ENTRY)
    for_seats = col(WaitlistEntry.session_id).is_not(None)
    places = select(func.count()).select_from(Registration)
    return PlaceCounts(
        confirmed=(await db.exec(places.where(*live, col(Registration.confirmed_at).is_not(None)))).one(),
        pending=(await db.exec(places.where(*live, col(Registration.confirmed_at).is_(None)))).one(),
        booked=(await db.exec(seats)).one(),
        waiting=(await db.exec(turns.where(for_seats))).one(),
        waiting_for_places=(await db.exec(turns.where(~for_seats))).one(),
    )


async def lapsed_holds(db: Db, real_now: datetime) -> Sequence[Registration]:
    over = select(Registration).where(
        col(Registration.held_until) <= real_now, col(Registration.cancelled_at).is_(None), col(Registration.confirmed_at).is_(None)
    )
    return (await db.exec(over)).all()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands at one event. Nobody's is empty."""

    registration: Registration | None = None
    booked: frozenset[UUID] = frozenset()  # session ids
    ahead: Mapping[UUID, int] = field(default_factory=dict)  # session id of a live turn: how many come before it
    turns: Mapping[UUID, Turn] = field(default_factory=dict)  # the same turns, with what explains them
    place_turn: Turn | None = None  # on the waiting list for a place at the event
    kind: TicketKind | None = None  # of the registration


async def standing_of(db: Db, person_id: UUID | None, event_id: UUID) -> Standing:
    """Registration, seats and turns of a person at an event."""
    if person_id is None:
        return Standing()
    booked = frozenset(booking.session_id for booking in await bookings_of(db, person_id) if not booking.given_up_at)
    turns = {entry.session_id: await turn_of(db, entry) for entry in await waiting_of(db, person_id) if entry.session_id}
    registration, waits = await registration_of(db, person_id, event_id), await place_entry_of(db, person_id, event_id)
    return Standing(
        registration,
        booked,
        ahead={session_id: turn.ahead for session_id, turn in turns.items()},
        turns=turns,
        place_turn=await turn_of(db, waits) if waits else None,
        kind=await kind_of(db, registration),
    )
