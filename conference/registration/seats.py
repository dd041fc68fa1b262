"""Seats in sessions with limited room: booking one, giving it up, setting how many there are."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import and_, col, select

from conference.errors import Conflict, Invalid
from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.record.actions import note
from conference.registration.granting import give_seat
from conference.registration.held import opened_by
from conference.registration.pools import free_place, lock_session_pool, lock_session_pools
from conference.registration.queries import booking_of, bookings_of, kind_of, lock_registration
from conference.registration.rules import check_booking_is_open, check_capacity, check_may_take_part, has_free_place
from conference.registration.tables import (
    Booking,
    CapacityPool,
    HeldBack,
    PoolAct,
    PoolServes,
    PoolSession,
    Registration,
    TicketKind,
    TurnState,
    WaitlistEntry,
)
from conference.registration.turn_rules import turn_state
from conference.registration.turns import accept_offer, decline_offer, grant, join_list, leave_list, settle
from conference.registration.waiting import LIVE_ENTRY, entry_of, waiting_of
from conference.registration.waitlog import write_line
from conference.storage.database import Db


async def book_seat(
    db: Db, event: Event, session: Session, person: Person, now: datetime, real_now: datetime, *, code: str | None = None
) -> Booking | WaitlistEntry:
    """Take a seat, or the last turn on the waiting list; a seat that is on offer, or that a code opens, is taken.

    Who has a seat or a turn already keeps it: booking twice is one booking.
    """
    registration = await lock_registration(db, person.id, event.id)
    pool = await lock_session_pool(db, session.id)
    check_booking_is_open(session, now)
    check_may_take_part(registration, event, await kind_of(db, registration))
    if pool is None:
        raise Conflict(f"“{session.title}” needs no booking: just come.")
    if booking := await booking_of(db, person.id, session.id):
        return booking
    held_back = await opened_by(db, pool, code, now)
    if _may_be_due(pool):
        await settle(db, event, pool, now, real_now)
    entry = await entry_of(db, person.id, session.id)
    if entry:
        return await _with_a_turn(db, event, session, pool, entry, held_back, now, real_now)
    if held_back or has_free_place(pool):
        return await give_seat(db, event, session, pool, person, now, real_now, held_back=held_back)
    if not pool.waiting:
        raise Conflict(f"All seats in “{session.title}” are taken.")
    return await join_list(db, event, pool, person, now, real_now, session=session)


async def take_offered_seat(db: Db, event: Event, session: Session, person: Person, now: datetime, real_now: datetime) -> None:
    """Accept the seat that is on offer. Raises Conflict once the offer is over."""
    registration = await lock_registration(db, person.id, event.id)
    pool = await lock_session_pool(db, session.id)
    check_booking_is_open(session, now)
    check_may_take_part(registration, event, await kind_of(db, registration))
    if pool is None or await booking_of(db, person.id, session.id):
        return
    await accept_offer(db, event, pool, await entry_of(db, person.id, session.id), session, now, real_now)


async def decline_offered_seat(db: Db, event: Event, session: Session, person: Person, now: datetime, real_now: datetime) -> None:
    pool = await lock_session_pool(db, session.id)
    if pool:
        await decline_offer(db, event, pool, await entry_of(db, person.id, session.id), now, real_now)


async def give_up_seat(db: Db, event: Event, session: Session, person: Person, now: datetime, real_now: datetime) -> None:
    """Give back a seat (it is passed on to the next in line) or a turn. Raises Conflict where there is neither."""
    pool = await lock_session_pool(db, session.id)
    if not await _give_up(db, event, session.id, pool, person, now, real_now):
        raise Conflict(f"You have no seat and no turn for “{session.title}”.")
    if pool:
        await settle(db, event, pool, now, real_now)


async def give_up_all_seats(db: Db, event: Event, person: Person, now: datetime, real_now: datetime) -> None:
    """What cancelling a registration does to its seats and turns; sessions that are over keep their record."""
    held = {row.session_id for row in await bookings_of(db, person.id) if not row.given_up_at}
    held |= {row.session_id for row in await waiting_of(db, person.id) if row.session_id}
    ahead = select(Session.id).where(col(Session.id).in_(held), Session.event_id == event.id, col(Session.ends_at) > now)
    sessions = sorted((await db.exec(ahead)).all())
    if not sessions:
        return
    pools = await lock_session_pools(db, sessions)
    for session_id in sessions:
        await _give_up(db, event, session_id, pools.get(session_id), person, now, real_now)
    for pool in _each_once(pools.values()):
        await settle(db, event, pool, now, real_now)


async def seats_without_entry(db: Db, now: datetime) -> Sequence[tuple[UUID, UUID]]:
    """Event and person with a seat or a turn ahead whose ticket opens no sessions: their turn for recordings only has come since."""
    ticket = select(Registration.event_id, Registration.person_id).join(TicketKind).where(col(Registration.cancelled_at).is_(None))
    ticket = ticket.where(col(TicketKind.takes_part).is_(False)).join(Session, col(Session.event_id) == Registration.event_id)
    ticket = ticket.where(col(Session.ends_at) > now).distinct()
    on = col(Booking.session_id) == Session.id, col(Booking.person_id) == Registration.person_id, col(Booking.given_up_at).is_(None)
    turn = col(WaitlistEntry.session_id) == Session.id, col(WaitlistEntry.person_id) == Registration.person_id, *LIVE_ENTRY
    seated, waiting = (await db.exec(ticket.join(Booking, and_(*on)))).all(), (await db.exec(ticket.join(WaitlistEntry, and_(*turn)))).all()
    return sorted({*seated, *waiting})


async def end_seats_without_entry(db: Db, event_id: UUID, person_id: UUID, now: datetime, real_now: datetime) -> None:
    registration = await lock_registration(db, person_id, event_id)
    kind = await kind_of(db, registration)
    if kind and not kind.takes_part:
        event, person = await db.get_one(Event, event_id), await db.get_one(Person, person_id)
        await give_up_all_seats(db, event, person, now, real_now)


async def set_seats(
    db: Db, event: Event, session: Session, capacity: int, now: datetime, real_now: datetime, *, by: UUID | None = None
) -> CapacityPool:
    """Limit a session's seats, or change the limit (of all that share it); more seats are passed on to those who wait.

    Raises Invalid below what is taken and held back.
    """
    pool = await lock_session_pool(db, session.id)
    check_capacity(capacity, pool)
    if pool is None:
        pool = await _first_limit(db, event, session, capacity)
        write_line(db, pool, PoolAct.made, now, by=by, after=capacity)
    elif pool.capacity != capacity:
        write_line(db, pool, PoolAct.capacity, now, by=by, before=pool.capacity, after=capacity)
    pool.capacity = capacity
    await db.flush()
    note(db, "seats set", f"session:{session.id}", real_now, person_id=by, event_id=event.id, capacity=capacity)
    await settle(db, event, pool, now, real_now)
    return pool


async def adopt_bookings(db: Db, pool: CapacityPool, session: Session) -> int:
    """Seats of a session that had no limit count here from now on; how many. The session and the pool are locked."""
    free = select(Booking).where(Booking.session_id == session.id, col(Booking.pool_id).is_(None), col(Booking.given_up_at).is_(None))
    bookings = (await db.exec(free)).all()
    if pool.taken + pool.held + len(bookings) > pool.capacity:
        fewest = pool.taken + pool.held + len(bookings)
        have = f"{len(bookings)} people have a seat in “{session.title}” already"
        raise Invalid("capacity", f"{have}, so there can't be fewer than {fewest}.")
    for booking in bookings:
        booking.pool_id = pool.id
    pool.taken += len(bookings)
    return len(bookings)


def _may_be_due(pool: CapacityPool) -> bool:
    """Whether time or a free seat could have something for those who wait: asked before a look at the list, which costs more."""
    return bool(pool.held or (pool.last_turn and (has_free_place(pool) or pool.offer_minutes)))


async def _with_a_turn(
    db: Db,
    event: Event,
    session: Session,
    pool: CapacityPool,
    entry: WaitlistEntry,
    held_back: HeldBack | None,
    now: datetime,
    real_now: datetime,
) -> Booking | WaitlistEntry:
    """Who waits has a turn already; it ends well with a code, or where a seat is on offer."""
    offered = turn_state(entry, now) == TurnState.offered
    if not offered and not held_back:
        return entry
    await grant(db, event, pool, entry, session, now, real_now, counted=offered, held_back=None if offered else held_back)
    booking = await booking_of(db, entry.person_id, session.id)
    assert booking
    return booking


async def _give_up(
    db: Db, event: Event, session_id: UUID, pool: CapacityPool | None, person: Person, now: datetime, real_now: datetime
) -> bool:
    """End what the person has there, seat or turn; whether there was anything."""
    booking, entry = await booking_of(db, person.id, session_id), await entry_of(db, person.id, session_id)
    if entry and pool:
        leave_list(db, event, pool, entry, now, real_now)
    if booking:
        booking.given_up_at = now
        if booking.pool_id:
            free_place(pool, await db.get(HeldBack, booking.held_back_id) if booking.held_back_id else None)
        note(db, "seat given up", f"session:{session_id}", real_now, person_id=person.id, event_id=event.id)
    await db.flush()
    return bool(booking or entry)


async def _first_limit(db: Db, event: Event, session: Session, capacity: int) -> CapacityPool:
    pool = CapacityPool(event_id=event.id, serves=PoolServes.sessions, capacity=capacity, waiting=True)
    db.add(pool)
    await db.flush()
    db.add(PoolSession(pool_id=pool.id, session_id=session.id))
    await adopt_bookings(db, pool, session)
    return pool


def _each_once(pools: Iterable[CapacityPool]) -> list[CapacityPool]:
    found = {pool.id: pool for pool in pools}
    return [found[key] for key in sorted(found)]
