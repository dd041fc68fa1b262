"""The one guard of every place: a pool is locked before anybody looks at it, and counts what is taken.

The lock (FOR NO KEY UPDATE on PostgreSQL, which foreign keys to the row don't wait for; the single writer on SQLite) makes concurrent
requests take turns; the check constraint on the pool's row refuses one place too many even where the code were wrong. Locks are taken
in one order: the event (or its pool), the registration, the pools of ticket kinds, the sessions by id, their pools by id.
"""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from conference.errors import Conflict
from conference.programme.tables import Event, Session
from conference.registration.tables import CapacityPool, HeldBack, PoolServes, PoolSession, TicketKind
from conference.storage.database import Db


async def lock_event_pool(db: Db, event_id: UUID) -> CapacityPool | None:
    """The pool of an event's places, for this transaction alone. Without a pool the event itself is locked: order is kept all the same."""
    pool = await _event_pool(db, event_id)
    if pool is None:
        await db.exec(select(Event.id).where(Event.id == event_id).with_for_update(key_share=True))
        pool = await _event_pool(db, event_id)  # made while we waited
    return pool


async def lock_kind_pool(db: Db, event_id: UUID, kind: TicketKind | None) -> CapacityPool | None:
    """The pool whose places this kind of ticket takes (without one: the event's own), after the event's; None: there is no limit."""
    pool = await lock_event_pool(db, event_id)
    if kind is None:
        return pool
    if kind.pool_id is None:
        return None
    return pool if pool and pool.id == kind.pool_id else await lock_pool(db, kind.pool_id)


async def lock_pool(db: Db, pool_id: UUID | None) -> CapacityPool | None:
    """A pool that serves ticket kinds, for this transaction alone. Call it with the event locked."""
    if pool_id is None:
        return None
    found = await _locked(db, CapacityPool.id == pool_id)
    return found[0] if found else None


async def lock_session_pool(db: Db, session_id: UUID) -> CapacityPool | None:
    """The session as it is now, and the pool of its seats, for this transaction alone; None where seats aren't limited."""
    return (await lock_session_pools(db, [session_id])).get(session_id)


async def lock_session_pools(db: Db, session_ids: Collection[UUID]) -> dict[UUID, CapacityPool]:
    """The pools of these sessions, by session; those whose seats aren't limited are missing.

    The sessions are locked too, with all that share a pool with them: none can be cancelled meanwhile, first limits that are set at once
    take turns, and whoever gets a freed seat gets it in a session as it is. Raises Conflict where an organiser moved one at this moment.
    """
    await db.flush()
    together = {*session_ids, *await _links(db, session_ids)}
    sessions = select(Session).where(col(Session.id).in_(together)).order_by(col(Session.id))
    await db.exec(sessions.with_for_update(key_share=True).execution_options(populate_existing=True))
    links = await _links(db, session_ids)  # as they stay while the sessions are locked
    if not together.issuperset(links):
        raise Conflict("The organisers changed the limits of these seats at this very moment. Try once more.")
    pools = {pool.id: pool for pool in await _locked(db, col(CapacityPool.id).in_(set(links.values())))} if links else {}
    return {session: pools[links[session]] for session in session_ids if session in links}


def take_place(pool: CapacityPool | None, held_back: HeldBack | None = None) -> None:
    """Count one more; the caller has looked that there is one. The database refuses one too many."""
    if pool:
        pool.taken += 1
        if held_back:
            pool.held -= 1
    if held_back:
        held_back.used += 1


def free_place(pool: CapacityPool | None, held_back: HeldBack | None = None) -> None:
    """Count one less; a place that was held back is so again, while that lasts."""
    if pool:
        pool.taken -= 1
    if held_back:
        held_back.used -= 1
        if pool and not held_back.closed_at:
            pool.held += 1


async def _links(db: Db, session_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Session and pool: of these sessions, and of all that share a pool with one of them."""
    theirs = select(PoolSession.pool_id).where(col(PoolSession.session_id).in_(session_ids))
    return dict((await db.exec(select(PoolSession.session_id, PoolSession.pool_id).where(col(PoolSession.pool_id).in_(theirs)))).all())


async def _event_pool(db: Db, event_id: UUID) -> CapacityPool | None:
    await db.flush()
    return (await db.exec(event_pool_locked(event_id))).first()


def event_pool_locked(event_id: UUID) -> SelectOfScalar[CapacityPool]:
    return _lock(CapacityPool.event_id == event_id, CapacityPool.serves == PoolServes.event, col(CapacityPool.deleted_at).is_(None))


async def _locked(db: Db, *conditions: object) -> list[CapacityPool]:
    await db.flush()
    return list((await db.exec(_lock(*conditions))).all())


def _lock(*conditions: object) -> SelectOfScalar[CapacityPool]:
    found = select(CapacityPool).where(*conditions).order_by(col(CapacityPool.id)).with_for_update(key_share=True)  # type: ignore[arg-type]
    return found.execution_options(populate_existing=True)
