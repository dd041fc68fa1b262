"""What organisers do with kinds of tickets: add one, and choose what limits it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import select

from conference.errors import Invalid
from conference.programme.tables import Event
from conference.record.actions import note
from conference.registration.moving import adopt_registrations, leave_pool
from conference.registration.pooling import locked_pool
from conference.registration.pools import lock_event_pool, lock_pool
from conference.registration.tables import (
    PoolAct,
    PoolServes,
    TicketKind,
)
from conference.registration.turns import settle
from conference.registration.waitlog import write_line
from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class KindPlan:
    """What an organiser decides about a kind of ticket."""

    slug: str
    name: str
    words: str
    takes_part: bool


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
        await leave_pool(db, event, old, new, kind, now, real_now)
    if new:
        await adopt_registrations(db, new, kind)
        write_line(db, new, PoolAct.served, now, by=by, words=kind.name)
    for pool in (old, new):
        if pool and not pool.deleted_at:
            await settle(db, event, pool, now, real_now)
