"""What organisers do with pools: make one, change it, let it serve other sessions or kinds, hold places back, delete it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.errors import Conflict, Invalid
from conference.programme.tables import Event, Session
from conference.record.actions import note
from conference.registration.held import code_hash, new_code
from conference.registration.pools import lock_event_pool, lock_pool, lock_session_pools
from conference.registration.rules import check_capacity, places_left
from conference.registration.seats import adopt_bookings
from conference.registration.tables import (
    Booking,
    CapacityPool,
    HeldBack,
    PoolAct,
    PoolServes,
    PoolSession,
    Registration,
    TicketKind,
    WaitlistEntry,
)
from conference.registration.turns import close_turn, grant, leave_list, release, settle
from conference.registration.waiting import entries_of, held_backs_of, place_entry_in
from conference.registration.waitlog import write_line
from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """What an organiser decides about a pool."""

    name: str
    capacity: int
    waiting: bool
    offer_minutes: int | None  # None: a freed place is the next in line's at once


@dataclass(frozen=True, slots=True)
class KindPlan:
    """What an organiser decides about a kind of ticket."""

    slug: str
    name: str
    words: str
    takes_part: bool


async def make_pool(
    db: Db,
    event: Event,
    serves: PoolServes,
    plan: PoolPlan,
    now: datetime,
    real_now: datetime,
    *,
    sessions: Collection[UUID] = (),
    by: UUID | None = None,
) -> CapacityPool:
    """A new pool: for the event's places, for kinds of tickets, or for these sessions. Who has a place already has one of its places.

    A session that another pool serves comes over, with its seats and its waiting list. Raises Invalid where the places are too few.
    """
    check_capacity(plan.capacity, None)
    if serves == PoolServes.sessions:
        _check_serves_any(sessions)
    chosen = await _sessions_at(db, event, sessions) if serves == PoolServes.sessions else []
    before = await lock_session_pools(db, [session.id for session in chosen]) if chosen else {}
    if serves == PoolServes.event and await lock_event_pool(db, event.id):
        raise Conflict("The places of the event have a limit already: change that one.")
    pool = CapacityPool(event_id=event.id, serves=serves, name=plan.name, capacity=plan.capacity, waiting=plan.waiting)
    pool.offer_minutes = plan.offer_minutes
    db.add(pool)
    await db.flush()
    write_line(db, pool, PoolAct.made, now, by=by, after=plan.capacity)
    note(db, "pool made", f"pool:{pool.id}", real_now, person_id=by, event_id=event.id, capacity=plan.capacity, serves=serves)
    if serves == PoolServes.event:
        await _adopt_registrations(db, pool, None)
    for session in chosen:
        await _serve(db, pool, session, before.get(session.id), now, by)
    for other in {one.id: one for one in before.values()}.values():
        await _after_a_move(db, event, other, now, real_now)
    await settle(db, event, pool, now, real_now)
    return pool


async def change_pool(
    db: Db, event: Event, pool_id: UUID, plan: PoolPlan, now: datetime, real_now: datetime, *, by: UUID | None = None
) -> CapacityPool:
    """More places are passed on at once, in order; fewer than are taken and held back are refused with the number."""
    pool = await locked_pool(db, event, pool_id)
    check_capacity(plan.capacity, pool)
    if pool.capacity != plan.capacity:
        write_line(db, pool, PoolAct.capacity, now, by=by, before=pool.capacity, after=plan.capacity)
    pool.name, pool.capacity, pool.waiting, pool.offer_minutes = plan.name, plan.capacity, plan.waiting, plan.offer_minutes
    note(db, "pool changed", f"pool:{pool.id}", real_now, person_id=by, event_id=event.id, capacity=plan.capacity)
    await settle(db, event, pool, now, real_now)
    return pool


async def serve_sessions(
    db: Db, event: Event, pool_id: UUID, sessions: Collection[UUID], now: datetime, real_now: datetime, *, by: UUID | None = None
) -> None:
    """From now on the pool serves these sessions: others have no limit any more, new ones come with their seats and lists."""
    pool = await locked_pool(db, event, pool_id, more=sessions)
    if pool.serves != PoolServes.sessions:
        raise Conflict("These places are not seats of sessions.")
    _check_serves_any(sessions)
    chosen = {session.id: session for session in await _sessions_at(db, event, sessions)}
    before = await lock_session_pools(db, list(chosen)) if chosen else {}
    served = set((await db.exec(select(PoolSession.session_id).where(PoolSession.pool_id == pool.id))).all())
    for session_id in sorted(served - chosen.keys()):
        await _let_go(db, event, pool, await db.get_one(Session, session_id), now, real_now, by)
    for session_id in sorted(chosen.keys() - served):
        await _serve(db, pool, chosen[session_id], before.get(session_id), now, by)
    for other in {one.id: one for one in before.values() if one.id != pool.id}.values():
        await _after_a_move(db, event, other, now, real_now)
    await settle(db, event, pool, now, real_now)


async def delete_pool(db: Db, event: Event, pool_id: UUID, now: datetime, real_now: datetime, *, by: UUID | None = None) -> int:
    """Take a limit away: who has a place keeps it, and everybody who waits gets one, in order; how many do.

    A list whose session is cancelled or over is closed instead. Codes of places that were held back open nothing any more.
    """
    pool = await locked_pool(db, event, pool_id)
    got = 0
    for held_back in await held_backs_of(db, pool):
        release(db, pool, held_back, now, by=by)
    for entry in await entries_of(db, pool.id):
        got += await _without_a_limit(db, event, pool, entry, now, real_now)
    await _forget(db, pool)
    pool.deleted_at = now
    write_line(db, pool, PoolAct.deleted, now, by=by)
    note(db, "pool deleted", f"pool:{pool.id}", real_now, person_id=by, event_id=event.id, promoted=got)
    await db.flush()
    return got


async def hold_back(
    db: Db,
    event: Event,
    pool_id: UUID,
    purpose: str,
    places: int,
    now: datetime,
    real_now: datetime,
    *,
    ends_at: datetime | None = None,
    with_code: bool = False,
    by: UUID | None = None,
) -> tuple[HeldBack, str]:
    """Keep free places for a purpose, and the code that opens them (shown once; empty without one). Raises Invalid with what is free."""
    pool = await locked_pool(db, event, pool_id)
    await settle(db, event, pool, now, real_now)
    if places > places_left(pool):
        raise Invalid("places", f"{places_left(pool)} places are free, so no more than that can be held back.")
    if ends_at and ends_at <= now:
        raise Invalid("ends", "Enter a time that is still to come, or leave it empty.")
    code = new_code() if with_code else ""
    held_back = HeldBack(pool_id=pool.id, purpose=purpose, places=places, ends_at=ends_at, made_at=now)
    held_back.code_hash = code_hash(code) if code else None
    pool.held += places
    db.add(held_back)
    write_line(db, pool, PoolAct.held_back, now, by=by, after=places, words=purpose)
    note(db, "places held back", f"pool:{pool.id}", real_now, person_id=by, event_id=event.id, places=places, purpose=purpose)
    await db.flush()
    return held_back, code


async def end_held_back(
    db: Db, event: Event, pool_id: UUID, held_back_id: UUID, now: datetime, real_now: datetime, *, by: UUID | None = None
) -> HeldBack:
    """What is unspent goes to those who wait, in order, and then to everybody."""
    pool = await locked_pool(db, event, pool_id)
    held_back = next((one for one in await held_backs_of(db, pool) if one.id == held_back_id), None)
    if held_back is None:
        raise Conflict("These places are not held back any more.")
    release(db, pool, held_back, now, by=by)
    note(db, "held-back places released", f"pool:{pool.id}", real_now, person_id=by, event_id=event.id, purpose=held_back.purpose)
    await settle(db, event, pool, now, real_now)
    return held_back


async def add_kind(
    db: Db, event: Event, plan: KindPlan, pool_id: UUID | None, now: datetime, real_now: datetime, *, by: UUID | None = None
) -> TicketKind:
    """One more kind of ticket, the last in the list. Raises Invalid for a word that another has."""
    await lock_event_pool(db, event.id)
    there = (await db.exec(select(TicketKind).where(TicketKind.event_id == event.id))).all()
    if plan.slug in {kind.slug for kind in there}:
        raise Invalid("slug", "Another kind has this word already.")
    position = max((kind.position for kind in there), default=0) + 1
    kind = TicketKind(event_id=event.id, slug=plan.slug, name=plan.name, words=plan.words, takes_part=plan.takes_part, position=position)
    db.add(kind)
    await db.flush()
    note(db, "ticket kind added", f"ticket_kind:{kind.id}", real_now, person_id=by, event_id=event.id, name=plan.name)
    await set_kind_pool(db, event, kind, pool_id, now, real_now, by=by)
    return kind


async def set_kind_pool(
    db: Db, event: Event, kind: TicketKind, pool_id: UUID | None, now: datetime, real_now: datetime, *, by: UUID | None = None
) -> None:
    """Which pool counts this kind's places; None: no limit. Who has a place is counted there; who waited for this kind comes along."""
    await lock_event_pool(db, event.id)
    if kind.pool_id == pool_id:
        return
    old = await lock_pool(db, kind.pool_id)
    new = await locked_pool(db, event, pool_id) if pool_id else None
    if new and new.serves == PoolServes.sessions:
        raise Invalid("pool", "These are seats of sessions: choose a pool of places.")
    kind.pool_id = pool_id
    if old:
        await _leave_pool(db, event, old, new, kind, now, real_now)
    if new:
        await _adopt_registrations(db, new, kind)
        write_line(db, new, PoolAct.served, now, by=by, words=kind.name)
    for pool in (old, new):
        if pool and not pool.deleted_at:
            await settle(db, event, pool, now, real_now)


async def locked_pool(db: Db, event: Event, pool_id: UUID, *, more: Collection[UUID] = ()) -> CapacityPool:
    """One pool of this event, with all it serves (and `more` sessions). Raises Conflict once it is deleted."""
    served = (await db.exec(select(PoolSession.session_id).where(PoolSession.pool_id == pool_id))).all()
    if served:
        pool = (await lock_session_pools(db, {*served, *more})).get(served[0])
    else:
        await lock_event_pool(db, event.id)
        pool = await lock_pool(db, pool_id)
    if pool is None or pool.event_id != event.id or pool.deleted_at:
        raise Conflict("This limit was taken away meanwhile.")
    return pool


def _check_serves_any(sessions: Collection[UUID]) -> None:
    if not sessions:
        raise Invalid("sessions", "Choose the sessions that share these seats; to end the limit, take it away.")


async def _sessions_at(db: Db, event: Event, sessions: Collection[UUID]) -> Sequence[Session]:
    found = (
        await db.exec(select(Session).where(Session.event_id == event.id, col(Session.id).in_(sessions)).order_by(col(Session.id)))
    ).all()
    if len(found) != len(set(sessions)):
        raise Invalid("sessions", "Choose sessions of this event.")
    return found


async def _serve(db: Db, pool: CapacityPool, session: Session, old: CapacityPool | None, now: datetime, by: UUID | None) -> None:
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
            await _move_turn(db, old, pool, entry, now)
    db.add(PoolSession(pool_id=pool.id, session_id=session.id))
    await adopt_bookings(db, pool, session)
    write_line(db, pool, PoolAct.served, now, by=by, words=session.title)
    await db.flush()


async def _move_turn(db: Db, old: CapacityPool, new: CapacityPool, entry: WaitlistEntry, now: datetime) -> None:
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


async def _after_a_move(db: Db, event: Event, pool: CapacityPool, now: datetime, real_now: datetime) -> None:
    """A pool that serves nothing any more ends; another passes on what became free."""
    await db.flush()
    if (await db.exec(select(PoolSession.id).where(PoolSession.pool_id == pool.id))).first():
        await settle(db, event, pool, now, real_now)
        return
    for held_back in await held_backs_of(db, pool):
        release(db, pool, held_back, now)
    pool.deleted_at = now
    write_line(db, pool, PoolAct.deleted, now)
    await db.flush()


async def _let_go(db: Db, event: Event, pool: CapacityPool, session: Session, now: datetime, real_now: datetime, by: UUID | None) -> None:
    """This session has no limit any more: seats are kept, and those who wait for one get it."""
    for entry in await entries_of(db, pool.id, col(WaitlistEntry.session_id) == session.id):
        await _without_a_limit(db, event, pool, entry, now, real_now)
    for booking in (await db.exec(select(Booking).where(Booking.session_id == session.id, Booking.pool_id == pool.id))).all():
        if not booking.given_up_at:
            pool.taken -= 1
        booking.pool_id = booking.held_back_id = None
    link = (await db.exec(select(PoolSession).where(PoolSession.session_id == session.id))).one()
    await db.delete(link)
    write_line(db, pool, PoolAct.served, now, by=by, words=f"without {session.title}")
    await db.flush()


async def _without_a_limit(db: Db, event: Event, pool: CapacityPool, entry: WaitlistEntry, now: datetime, real_now: datetime) -> bool:
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


async def _forget(db: Db, pool: CapacityPool) -> None:
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


async def _adopt_registrations(db: Db, pool: CapacityPool, kind: TicketKind | None) -> None:
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


async def _leave_pool(
    db: Db, event: Event, old: CapacityPool, new: CapacityPool | None, kind: TicketKind, now: datetime, real_now: datetime
) -> None:
    """What a kind of ticket takes along when another pool (None: no limit) counts it."""
    counted = (Registration.kind_id == kind.id, Registration.pool_id == old.id, col(Registration.cancelled_at).is_(None))
    for registration in (await db.exec(select(Registration).where(*counted))).all():
        registration.pool_id = registration.held_back_id = None
        old.taken -= 1
    for entry in await entries_of(db, old.id, col(WaitlistEntry.kind_id) == kind.id):
        if new:
            await _move_turn(db, old, new, entry, now)
        else:
            await _without_a_limit(db, event, old, entry, now, real_now)
    await db.flush()
