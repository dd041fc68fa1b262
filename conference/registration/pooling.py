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
from conference.registration.moving import adopt_registrations, forget_all, give_without_a_limit, let_go, serve_session
from conference.registration.pools import lock_event_pool, lock_pool, lock_session_pools
from conference.registration.rules import check_capacity, places_left
from conference.registration.tables import (
    CapacityPool,
    HeldBack,
    PoolAct,
    PoolServes,
    PoolSession,
)
from conference.registration.turns import release, settle
from conference.registration.waiting import entries_of, held_backs_of
from conference.registration.waitlog import write_line
from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """What an organiser decides about a pool."""

    name: str
    capacity: int
    waiting: bool
    offer_minutes: int | None  # None: a freed place is the next in line's at once


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
        await adopt_registrations(db, pool, None)
    for session in chosen:
        await serve_session(db, pool, session, before.get(session.id), now, by)
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
        await let_go(db, event, pool, await db.get_one(Session, session_id), now, real_now, by)
    for session_id in sorted(chosen.keys() - served):
        await serve_session(db, pool, chosen[session_id], before.get(session_id), now, by)
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
        got += await give_without_a_limit(db, event, pool, entry, now, real_now)
    await forget_all(db, pool)
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
