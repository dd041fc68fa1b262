"""What becomes of seats, places and turns when another pool counts them, or none does. All pools are locked."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.errors import Invalid
from conference.programme.tables import Event, Session
from conference.registration.rules import places_left
from conference.registration.seats import adopt_bookings
from conference.registration.tables import (
    Booking,
    CapacityPool,
    PoolAct,
    PoolSession,
    Registration,
    TicketKind,
    WaitlistEntry,
)
from conference.registration.turns import close_turn, grant, leave_list
from conference.registration.waiting import entries_of, place_entry_in
from conference.registration.waitlog import write_line
from conference.storage.database import Db


async def serve_session(db: Db, pool: CapacityPool, session: Session, old: CapacityPool | None, now: datetime, by: UUID | None) -> None:
    """Let the pool serve this session, with what comes along from its old one."""
    if old:
        link = (await db.exec(select(PoolSession).where(PoolSession.session_id == session.id))).one()
        await db.delete(link)
        await db.flush()
        held = col(Booking.session_id) == session.id, col(Booking.pool_id) == old.id, col(Booking.given_up_at).is_(None)
        for booking in (await db.exec(select(Booking).where(*held))).all():
            booking.pool_id, booking.held_back_id = None, None
            old.taken -= 1
        for entry in await entries_of(db, old.id, col(WaitlistEntry.session_id) == session.id):
            await move_turn(db, old, pool, entry, now)
    db.add(PoolSession(pool_id=pool.id, session_id=session.id))
    await adopt_bookings(db, pool, session)
    write_line(db, pool, PoolAct.served, now, by=by, words=session.title)
    await db.flush()


async def move_turn(db: Db, old: CapacityPool, new: CapacityPool, entry: WaitlistEntry, now: datetime) -> None:
    """To the end of another list, in the order they had; an offer that is open goes along where there is room, else it is a turn again."""
    twin = await place_entry_in(db, entry.person_id, new.id) if entry.session_id is None else None
    if twin:  # they wait there already
        if entry.offered_at:
            old.taken -= 1
        entry.left_at = now
        write_line(db, old, PoolAct.left, now, entry=entry)
        return
    new.last_turn += 1
    entry.pool_id, entry.turn = new.id, new.last_turn
    if entry.offered_at:
        old.taken -= 1
        if places_left(new) > 0:
            new.taken += 1
        else:
            entry.offered_at = entry.offer_ends_at = None
    write_line(db, new, PoolAct.moved, now, entry=entry)
    await db.flush()


async def let_go(db: Db, event: Event, pool: CapacityPool, session: Session, now: datetime, real_now: datetime, by: UUID | None) -> None:
    """This session has no limit any more: seats are kept, and those who wait for one get it."""
    for entry in await entries_of(db, pool.id, col(WaitlistEntry.session_id) == session.id):
        await give_without_a_limit(db, event, pool, entry, now, real_now)
    for booking in (await db.exec(select(Booking).where(Booking.session_id == session.id, Booking.pool_id == pool.id))).all():
        if not booking.given_up_at:
            pool.taken -= 1
        booking.pool_id = booking.held_back_id = None
    link = (await db.exec(select(PoolSession).where(PoolSession.session_id == session.id))).one()
    await db.delete(link)
    write_line(db, pool, PoolAct.served, now, by=by, words=f"without {session.title}")
    await db.flush()


async def give_without_a_limit(db: Db, event: Event, pool: CapacityPool, entry: WaitlistEntry, now: datetime, real_now: datetime) -> bool:
    """A turn gets its place, now that nothing limits them; whether it did."""
    session = await db.get(Session, entry.session_id) if entry.session_id else None
    if entry.held_until:
        leave_list(db, event, pool, entry, now, real_now)
        return False
    if (session and session.cancelled_at) or now >= (session or event).ends_at:
        await close_turn(db, event, pool, entry, session, now, real_now)
        return False
    if entry.offered_at:
        pool.taken -= 1
    await grant(db, event, pool, entry, session, now, real_now, limited=False)
    return True


async def forget_all(db: Db, pool: CapacityPool) -> None:
    """Nothing is counted here any more; what is had is kept."""
    await db.flush()
    for booking in (await db.exec(select(Booking).where(Booking.pool_id == pool.id))).all():
        booking.pool_id = booking.held_back_id = None
    for registration in (await db.exec(select(Registration).where(Registration.pool_id == pool.id))).all():
        registration.pool_id = registration.held_back_id = None
    for link in (await db.exec(select(PoolSession).where(PoolSession.pool_id == pool.id))).all():
        await db.delete(link)
    for kind in (await db.exec(select(TicketKind).where(TicketKind.pool_id == pool.id))).all():
        kind.pool_id = None
    pool.taken = pool.held = 0


async def adopt_registrations(db: Db, pool: CapacityPool, kind: TicketKind | None) -> None:
    """Places that nobody counted so far (of this kind, or without one) are counted here. Raises Invalid where they are too many."""
    of_kind = Registration.kind_id == kind.id if kind else col(Registration.kind_id).is_(None)
    free = (Registration.event_id == pool.event_id, of_kind, col(Registration.pool_id).is_(None), col(Registration.cancelled_at).is_(None))
    found = (await db.exec(select(Registration).where(*free))).all()
    fewest = pool.taken + pool.held + len(found)
    if fewest > pool.capacity:
        raise Invalid("capacity", f"{len(found)} people have a place already, so there can't be fewer than {fewest}.")
    for registration in found:
        registration.pool_id = pool.id
    pool.taken += len(found)
    await db.flush()


async def leave_pool(
    db: Db, event: Event, old: CapacityPool, new: CapacityPool | None, kind: TicketKind, now: datetime, real_now: datetime
) -> None:
    """What a kind of ticket takes along when another pool (None: no limit) counts it."""
    counted = (Registration.kind_id == kind.id, Registration.pool_id == old.id, col(Registration.cancelled_at).is_(None))
    for registration in (await db.exec(select(Registration).where(*counted))).all():
        registration.pool_id = registration.held_back_id = None
        old.taken -= 1
    for entry in await entries_of(db, old.id, col(WaitlistEntry.kind_id) == kind.id):
        if new:
            await move_turn(db, old, new, entry, now)
        else:
            await give_without_a_limit(db, event, old, entry, now, real_now)
    await db.flush()
