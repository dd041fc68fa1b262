"""Seats in sessions with limited room, and their waiting lists, in order."""

from datetime import datetime
from uuid import UUID

from conference.errors import Conflict
from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.record.actions import note
from conference.registration.letters import write_to
from conference.registration.pools import free_place, lock_session_pool, take_place
from conference.registration.queries import (
    booking_of,
    bookings_of,
    entry_of,
    lock_registration,
    next_waiting,
    waiting_of,
)
from conference.registration.rules import (
    check_booking_is_open,
    check_capacity,
    check_may_take_part,
    has_free_place,
)
from conference.registration.tables import Booking, CapacityPool, PoolServes, PoolSession, WaitlistEntry
from conference.storage.database import Db


async def book_seat(db: Db, event: Event, session: Session, person: Person, now: datetime, real_now: datetime) -> Booking | WaitlistEntry:
    """Take a seat, or the last turn on the waiting list. Who has either already keeps it: booking twice is one booking."""
    registration = await lock_registration(db, person.id, event.id)
    pool = await lock_session_pool(db, session.id)
    check_booking_is_open(session, now)
    check_may_take_part(registration, event)
    if pool is None:
        raise Conflict(f"“{session.title}” needs no booking: just come.")
    have = await booking_of(db, person.id, session.id) or await entry_of(db, person.id, session.id)
    if have:
        return have
    if has_free_place(pool):
        return await _seat(db, event, session, pool, person, now, real_now)
    pool.last_turn += 1
    entry = WaitlistEntry(pool_id=pool.id, session_id=session.id, person_id=person.id, turn=pool.last_turn, joined_at=now)
    db.add(entry)
    await db.flush()
    note(db, "waiting list joined", f"session:{session.id}", real_now, person_id=person.id, event_id=event.id, turn=entry.turn)
    return entry


async def give_up_seat(db: Db, event: Event, session: Session, person: Person, now: datetime, real_now: datetime) -> None:
    """Give back a seat (the next in line gets it at once, and is told) or a turn. Raises Conflict where there is neither."""
    pool = await lock_session_pool(db, session.id)
    booking, entry = await booking_of(db, person.id, session.id), await entry_of(db, person.id, session.id)
    if pool is None or not (booking or entry):
        raise Conflict(f"You have no seat and no turn for “{session.title}”.")
    if entry:
        entry.left_at = now
        note(db, "waiting list left", f"session:{session.id}", real_now, person_id=person.id, event_id=event.id)
    if booking:
        booking.given_up_at = now
        free_place(pool)
        note(db, "seat given up", f"session:{session.id}", real_now, person_id=person.id, event_id=event.id)
    await db.flush()
    await promote_waiting(db, event, session, pool, now, real_now)


async def give_up_all_seats(db: Db, event: Event, person: Person, now: datetime, real_now: datetime) -> None:
    """What cancelling a registration does to its seats and turns; sessions that are over keep their record."""
    held = {row.session_id for row in await bookings_of(db, person.id) if not row.given_up_at}
    held |= {row.session_id for row in await waiting_of(db, person.id) if row.session_id}
    for session_id in sorted(held):  # always in the same order, so that two of these can't wait for each other
        session = await db.get_one(Session, session_id)
        if session.event_id == event.id and now < session.ends_at:
            await give_up_seat(db, event, session, person, now, real_now)


async def set_seats(
    db: Db, event: Event, session: Session, capacity: int, now: datetime, real_now: datetime, *, by: UUID | None = None
) -> CapacityPool:
    """Limit a session's seats, or change the limit; more seats promote the waiting at once. Raises Invalid below what is taken."""
    pool = await lock_session_pool(db, session.id)
    check_capacity(capacity, pool)
    if pool is None:
        pool = CapacityPool(event_id=event.id, serves=PoolServes.sessions, capacity=capacity, waiting=True)
        db.add(pool)
        await db.flush()
        db.add(PoolSession(pool_id=pool.id, session_id=session.id))
    pool.capacity = capacity
    await db.flush()
    note(db, "seats set", f"session:{session.id}", real_now, person_id=by, event_id=event.id, capacity=capacity)
    await promote_waiting(db, event, session, pool, now, real_now)
    return pool


async def promote_waiting(db: Db, event: Event, session: Session, pool: CapacityPool, now: datetime, real_now: datetime) -> None:
    """Give each free seat to whoever is next. Call it with the pool locked; does nothing once the session is over or cancelled."""
    if session.cancelled_at or now >= session.ends_at:
        return
    while has_free_place(pool) and (entry := await next_waiting(db, pool.id)):
        entry.accepted_at = now
        person = await db.get_one(Person, entry.person_id)
        await _seat(db, event, session, pool, person, now, real_now, entry=entry)


async def _seat(
    db: Db,
    event: Event,
    session: Session,
    pool: CapacityPool,
    person: Person,
    now: datetime,
    real_now: datetime,
    *,
    entry: WaitlistEntry | None = None,
) -> Booking:
    booking = Booking(
        pool_id=pool.id, session_id=session.id, person_id=person.id, booked_at=now, waitlist_entry_id=entry.id if entry else None
    )
    take_place(pool)
    db.add(booking)
    await db.flush()
    note(db, "seat booked", f"session:{session.id}", real_now, person_id=person.id, event_id=event.id, promoted=entry is not None)
    facts = {"session": session.title, "session_path": f"/events/{event.slug}/sessions/{session.slug}"}
    template = "seat_promoted" if entry else "seat_booked"
    await write_to(db, person, template, event, real_now, when=session, dedupe_key=f"seat:{booking.id}", **facts)
    return booking
