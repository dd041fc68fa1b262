"""Kinds of tickets on the form: which there are, which can be had now, and the codes that open places held back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from conference.errors import Conflict, Invalid, TooMany
from conference.people.rules import token_hash
from conference.programme.tables import Event
from conference.registration.handing_rules import CODE_TRIES, CODE_TRIES_OF_A_NETWORK, CODE_WINDOW
from conference.registration.handing_tables import CodeTry
from conference.registration.pools import lock_event_pool
from conference.registration.queries import pool_of_event
from conference.registration.rules import check_place_is_free, check_registration_is_open
from conference.registration.tables import CapacityPool, HeldBack, TicketKind
from conference.storage.database import Db


async def kinds_at(db: Db, event_id: UUID) -> Sequence[TicketKind]:
    """Those that are given, in order; none where an event has one way to take part."""
    given = select(TicketKind).where(TicketKind.event_id == event_id, col(TicketKind.withdrawn_at).is_(None))
    return (await db.exec(given.order_by(col(TicketKind.position), col(TicketKind.id)))).all()


def kind_typed(kinds: Sequence[TicketKind], slug: str) -> TicketKind | None:
    """The kind that was chosen; None where there is nothing to choose. Raises Invalid."""
    if not kinds:
        return None
    if len(kinds) == 1 and not slug:
        return kinds[0]
    for kind in kinds:
        if kind.slug == slug:
            return kind
    raise Invalid("kind", "Choose how you take part.")


async def why_not(db: Db, event: Event, kind: TicketKind | None, now: datetime) -> str:
    """Why nobody can have a place of this kind at this moment, in the rules' own sentence; empty where one can, or can wait for one."""
    try:
        check_registration_is_open(event, now, kind)
        pool = await _pool_of(db, event, kind)
        if not (pool and pool.waiting):
            check_place_is_free(event, pool)
    except Conflict as closed:
        return closed.sentence
    return ""


def why_closed(event: Event, now: datetime) -> str:
    """Why registration isn't open at all at this moment; empty where it is."""
    try:
        check_registration_is_open(event, now)
    except Conflict as closed:
        return closed.sentence
    return ""


async def codes_open_places(db: Db, event_id: UUID) -> bool:
    """Whether there is anything for a code to open; then the form has a field for one."""
    kept = select(HeldBack.id).join(CapacityPool).where(CapacityPool.event_id == event_id, col(HeldBack.code_hash).is_not(None))
    return (await db.exec(kept.where(col(HeldBack.closed_at).is_(None)))).first() is not None


async def note_code_try(db: Db, event: Event, person_id: UUID | None, network: str, real_now: datetime) -> None:
    """Count one try, right or wrong, in a transaction of its own: what follows may be refused. Raises TooMany. People behind one network
    share its number; nobody's address is kept, only its hash."""
    await lock_event_pool(db, event.id)
    who, most = (f"person:{person_id}", CODE_TRIES) if person_id else (f"network:{network}", CODE_TRIES_OF_A_NETWORK)
    known = token_hash(who)
    counted = select(func.count()).select_from(CodeTry).where(CodeTry.who == known, col(CodeTry.at) > real_now - CODE_WINDOW)
    if (await db.exec(counted)).one() >= most:
        minutes = int(CODE_WINDOW.total_seconds() // 60)
        raise TooMany(f"Too many codes were tried from here. Wait {minutes} minutes, or register without one.")
    db.add(CodeTry(event_id=event.id, who=known, at=real_now))


async def _pool_of(db: Db, event: Event, kind: TicketKind | None) -> CapacityPool | None:
    if kind is None:
        return await pool_of_event(db, event.id)
    return await db.get(CapacityPool, kind.pool_id) if kind.pool_id else None
