"""The one guard of every place: a pool is locked before anybody looks at it, and counts what is taken.

The lock (FOR NO KEY UPDATE on PostgreSQL, which foreign keys to the row don't wait for; the single writer on SQLite) makes concurrent
requests take turns; the check constraint on the pool's row refuses one place too many even where the code were wrong. Locks are taken
in one order: the event (or its pool), the registration, the session, its pool.
"""

from uuid import UUID

from sqlmodel import col, select

from conference.programme.tables import Event, Session
from conference.registration.tables import CapacityPool
from conference.storage.database import Db


async def lock_event_pool(db: Db, event_id: UUID) -> CapacityPool | None:
    """The pool of an event's places, for this transaction alone. Without a pool the event itself is locked: order is kept all the same."""
    pool = await _locked(db, CapacityPool.event_id == event_id, col(CapacityPool.session_id).is_(None))
    if pool is None:
        await db.exec(select(Event.id).where(Event.id == event_id).with_for_update(key_share=True))
    return pool


async def lock_session_pool(db: Db, session_id: UUID) -> CapacityPool | None:
    """The session as it is now, and the pool of its seats, for this transaction alone; None where seats aren't limited.

    The session is locked too: it can't be cancelled meanwhile, and two first limits set at once take turns.
    """
    await db.flush()
    session = select(Session).where(Session.id == session_id).with_for_update(key_share=True)
    await db.exec(session.execution_options(populate_existing=True))
    return await _locked(db, CapacityPool.session_id == session_id)


def take_place(pool: CapacityPool | None) -> None:
    """Count one more; the caller has looked that there is one. The database refuses one too many."""
    if pool:
        pool.taken += 1


def free_place(pool: CapacityPool | None) -> None:
    if pool:
        pool.taken -= 1


async def _locked(db: Db, *conditions: object) -> CapacityPool | None:
    await db.flush()
    found = select(CapacityPool).where(*conditions).with_for_update(key_share=True).execution_options(populate_existing=True)  # type: ignore[arg-type]
    return (await db.exec(found)).first()
