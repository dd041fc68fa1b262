"""Places of an event that are kept, one by one, for people who were offered one and have not answered yet: nobody else gets them.

They are held-back places (`HeldBack`) of one purpose, whose number grows and shrinks with the offers.
"""

from datetime import datetime
from uuid import UUID

from conference.errors import Conflict
from conference.programme.tables import Event
from conference.registration.pools import lock_event_pool
from conference.registration.rules import has_free_place
from conference.registration.tables import HeldBack, PoolAct
from conference.registration.turns import settle
from conference.registration.waiting import held_backs_of
from conference.registration.waitlog import write_line
from conference.storage.database import Db


async def keep_place(db: Db, event: Event, held_back_id: UUID | None, purpose: str, now: datetime, *, by: UUID) -> HeldBack | None:
    """Keep one place more. `held_back_id`: the places that are kept for this purpose already. None: the event has no limit.

    Raises Conflict where no place is free.
    """
    pool = await lock_event_pool(db, event.id)
    if pool is None:
        return None
    if not has_free_place(pool):
        raise Conflict(
            f"{event.title} has no free place to offer: all {pool.capacity} are taken or kept. Raise its limit first, or offer fewer."
        )
    held_back = next((one for one in await held_backs_of(db, pool) if one.id == held_back_id), None)
    if held_back is None:
        held_back = HeldBack(pool_id=pool.id, purpose=purpose[:120], places=0, made_at=now)
        db.add(held_back)
    held_back.places += 1
    pool.held += 1
    write_line(db, pool, PoolAct.held_back, now, by=by, after=1, words=held_back.purpose)
    await db.flush()
    return held_back


async def let_go(db: Db, event: Event, held_back_id: UUID, places: int, now: datetime, real_now: datetime) -> None:
    """So many of these places are kept no longer: they are everybody's. Fewer where an organiser has let them go already."""
    pool = await lock_event_pool(db, event.id)
    held_back = next((one for one in await held_backs_of(db, pool) if one.id == held_back_id), None) if pool else None
    if pool is None or held_back is None:
        return
    places = min(places, held_back.places - held_back.used)
    if places <= 0:
        return
    pool.held -= places
    if places < held_back.places:
        held_back.places -= places
    else:
        held_back.closed_at = now
    write_line(db, pool, PoolAct.released, now, after=places, words=held_back.purpose)
    await settle(db, event, pool, now, real_now)
