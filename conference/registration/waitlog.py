"""The log of a pool: what happened to its places and its waiting list, in order, for those who ask why."""

from datetime import datetime
from typing import Any
from uuid import UUID

from conference.registration.tables import CapacityPool, PoolAct, PoolLine, WaitlistEntry
from conference.storage.database import Db


def write_line(
    db: Db,
    pool: CapacityPool,
    act: PoolAct,
    now: datetime,
    *,
    entry: WaitlistEntry | None = None,
    by: UUID | None = None,
    **numbers: Any,
) -> None:
    """One line, in the caller's transaction, with the pool locked. `numbers`: before and after, words."""
    pool.last_line += 1
    turn, person_id = (entry.turn, entry.person_id) if entry else (None, None)
    db.add(PoolLine(pool_id=pool.id, number=pool.last_line, at=now, act=act, turn=turn, person_id=person_id, by_id=by, **numbers))
