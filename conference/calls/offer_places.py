"""Places at the event that are kept for open offers: as many as there are of these, so that whoever accepts gets one."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.calls.offer_queries import waiting_on
from conference.calls.offer_tables import Offer
from conference.calls.tables import Call
from conference.programme.tables import Event
from conference.registration.keeping import keep_place, let_go
from conference.registration.pools import lock_event_pool
from conference.registration.tables import HeldBack
from conference.storage.database import Db


async def keep_for_offer(db: Db, call: Call, event: Event, now: datetime, *, by: UUID) -> HeldBack | None:
    """One that an ended offer left, or one more. None: the event has no limit. Raises Conflict where no place is free."""
    await lock_event_pool(db, event.id)
    kept = await kept_places(db, call)
    if kept and await _spare(db, kept):
        return kept
    return await keep_place(db, event, kept.id if kept else None, f"Offers: {call.title}", now, by=by)


async def let_spares_go(db: Db, call: Call, event: Event, now: datetime, real_now: datetime) -> None:
    """What is kept for no open offer any more is everybody's."""
    await lock_event_pool(db, event.id)
    kept = await kept_places(db, call)
    if kept and (spare := await _spare(db, kept)):
        await let_go(db, event, kept.id, spare, now, real_now)


async def kept_places(db: Db, call: Call) -> HeldBack | None:
    """As they are now; None once they were let go. Call it with the event's pool locked."""
    theirs = select(Offer.held_back_id).where(Offer.call_id == call.id, col(Offer.held_back_id).is_not(None))
    found = select(HeldBack).where(col(HeldBack.id).in_(theirs), col(HeldBack.closed_at).is_(None)).order_by(col(HeldBack.id).desc())
    return (await db.exec(found.limit(1).execution_options(populate_existing=True))).first()


async def _spare(db: Db, kept: HeldBack) -> int:
    await db.flush()
    return kept.places - kept.used - await waiting_on(db, kept.id)
