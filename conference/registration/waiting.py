"""Reading waiting lists: who is on them, who is next, where one stands, what was written down."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, false, func
from sqlmodel import col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.registration.tables import CapacityPool, HeldBack, PoolLine, WaitlistEntry
from conference.registration.turn_rules import Turn
from conference.storage.database import Db

LIVE_ENTRY = tuple(
    col(end).is_(None)
    for end in (
        WaitlistEntry.accepted_at,
        WaitlistEntry.declined_at,
        WaitlistEntry.expired_at,
        WaitlistEntry.left_at,
        WaitlistEntry.closed_at,
    )
)
OFFERED = col(WaitlistEntry.offered_at).is_not(None)
IN_LINE = (*LIVE_ENTRY, ~OFFERED)
CONFIRMED = col(WaitlistEntry.held_until).is_(None)
FOR_A_SEAT = col(WaitlistEntry.session_id).is_not(None)


async def waiting_counts(db: Db, pool_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many wait, by pool id; pools where nobody waits are missing. Who has an open offer doesn't wait."""
    counted = select(WaitlistEntry.pool_id, func.count()).where(col(WaitlistEntry.pool_id).in_(set(pool_ids)), *IN_LINE)
    return dict((await db.exec(counted.group_by(col(WaitlistEntry.pool_id)))).all())


async def waiting_of(db: Db, person_id: UUID) -> Sequence[WaitlistEntry]:
    """The person's live turns for seats in sessions."""
    return (await db.exec(select(WaitlistEntry).where(WaitlistEntry.person_id == person_id, FOR_A_SEAT, *LIVE_ENTRY))).all()


async def entry_of(db: Db, person_id: UUID, session_id: UUID) -> WaitlistEntry | None:
    """The person's live turn for a seat in this session."""
    return (await db.exec(seat_turn(person_id, session_id))).first()


def seat_turn(person_id: UUID, session_id: UUID) -> SelectOfScalar[WaitlistEntry]:
    return select(WaitlistEntry).where(WaitlistEntry.person_id == person_id, WaitlistEntry.session_id == session_id, *LIVE_ENTRY)


async def place_entry_of(db: Db, person_id: UUID, event_id: UUID) -> WaitlistEntry | None:
    """The person's live turn for a place at this event; of several one with an offer, else the oldest."""
    mine = select(WaitlistEntry).join(CapacityPool).where(WaitlistEntry.person_id == person_id, CapacityPool.event_id == event_id)
    return (await db.exec(mine.where(~FOR_A_SEAT, *LIVE_ENTRY).order_by(~OFFERED, col(WaitlistEntry.joined_at)))).first()


async def events_waited_for(db: Db, person_id: UUID) -> set[UUID]:
    """Ids of the events for a place at which this person waits."""
    mine = select(CapacityPool.event_id).join(WaitlistEntry).where(WaitlistEntry.person_id == person_id, ~FOR_A_SEAT, *LIVE_ENTRY)
    return set(await db.exec(mine))


async def place_entry_in(db: Db, person_id: UUID, pool_id: UUID) -> WaitlistEntry | None:
    """The person's live turn for a place on the list of this pool."""
    return (await db.exec(place_turn_in(person_id, pool_id))).first()


def place_turn_in(person_id: UUID, pool_id: UUID) -> SelectOfScalar[WaitlistEntry]:
    return select(WaitlistEntry).where(WaitlistEntry.person_id == person_id, WaitlistEntry.pool_id == pool_id, ~FOR_A_SEAT, *LIVE_ENTRY)


async def newest_entry_of(db: Db, person_id: UUID, event_id: UUID, session_id: UUID | None) -> WaitlistEntry | None:
    """The person's last turn for a seat in the session, or (None) for a place at the event, over or not."""
    mine = select(WaitlistEntry).join(CapacityPool).where(WaitlistEntry.person_id == person_id, CapacityPool.event_id == event_id)
    of_what = col(WaitlistEntry.session_id) == session_id if session_id else ~FOR_A_SEAT
    return (await db.exec(mine.where(of_what).order_by(col(WaitlistEntry.joined_at).desc(), col(WaitlistEntry.turn).desc()))).first()


async def people_ahead(db: Db, entry: WaitlistEntry) -> int:
    """How many still wait who joined before this one."""
    if entry.offered_at:
        return 0
    before = select(func.count()).select_from(WaitlistEntry).where(WaitlistEntry.pool_id == entry.pool_id, *IN_LINE)
    return (await db.exec(before.where(WaitlistEntry.turn < entry.turn))).one()


async def turn_of(db: Db, entry: WaitlistEntry) -> Turn:
    """Where a live turn stands, and why."""
    pool = await db.get_one(CapacityPool, entry.pool_id)
    others = select(func.count(), func.max(WaitlistEntry.offer_ends_at)).where(
        WaitlistEntry.pool_id == entry.pool_id, WaitlistEntry.id != entry.id, OFFERED, *LIVE_ENTRY
    )
    offers, until = (await db.exec(others)).one()
    return Turn(
        entry,
        ahead=await people_ahead(db, entry),
        offers=offers,
        offers_until=until,
        held=tuple((one.purpose, one.places - one.used) for one in await held_backs_of(db, pool) if one.places > one.used),
        offer_minutes=pool.offer_minutes,
    )


async def held_backs_of(db: Db, pool: CapacityPool) -> Sequence[HeldBack]:
    """The places that are still held back, oldest first."""
    kept = select(HeldBack).where(HeldBack.pool_id == pool.id, col(HeldBack.closed_at).is_(None))
    return (await db.exec(kept.order_by(col(HeldBack.id)))).all()


async def next_waiting(db: Db, pool_id: UUID, now: datetime) -> WaitlistEntry | None:
    """Whose turn it is, for something that still takes place. Call it with the pool locked."""
    waiting = select(WaitlistEntry).outerjoin(Session).where(WaitlistEntry.pool_id == pool_id, CONFIRMED, *IN_LINE, _takes_place(now))
    return (await db.exec(waiting.order_by(col(WaitlistEntry.turn)).limit(1))).first()


async def entries_of(db: Db, pool_id: UUID, *more: ColumnElement[bool]) -> Sequence[WaitlistEntry]:
    """The live turns of a pool's list, in order."""
    live = select(WaitlistEntry).where(WaitlistEntry.pool_id == pool_id, *LIVE_ENTRY, *more)
    return (await db.exec(live.order_by(col(WaitlistEntry.turn)))).all()


async def ended_entries(db: Db, pool: CapacityPool, event: Event, now: datetime, real_now: datetime) -> Sequence[WaitlistEntry]:
    """Live turns for what is over by now, and strangers' turns that were not confirmed in time."""
    over = (col(Session.ends_at) <= now) | (~FOR_A_SEAT if now >= event.ends_at else false())
    late = col(WaitlistEntry.held_until) <= real_now
    ended = select(WaitlistEntry).outerjoin(Session).where(WaitlistEntry.pool_id == pool.id, *LIVE_ENTRY, over | late)
    return (await db.exec(ended.order_by(col(WaitlistEntry.turn)))).all()


async def people_waiting(db: Db, session_id: UUID) -> Sequence[tuple[WaitlistEntry, Person]]:
    """Live turns for a seat in this session, those with an open offer too."""
    waiting = select(WaitlistEntry, Person).join(Person).where(WaitlistEntry.session_id == session_id, *LIVE_ENTRY)
    return (await db.exec(waiting.order_by(col(WaitlistEntry.turn)))).all()


async def people_in_pool(db: Db, pool_id: UUID) -> Sequence[tuple[WaitlistEntry, Person]]:
    """Everybody with a live turn on a pool's list, in order."""
    waiting = select(WaitlistEntry, Person).join(Person).where(WaitlistEntry.pool_id == pool_id, *LIVE_ENTRY)
    return (await db.exec(waiting.order_by(col(WaitlistEntry.turn)))).all()


async def lines_of(db: Db, pool_id: UUID) -> Sequence[PoolLine]:
    """A pool's log, as it was written."""
    return (await db.exec(select(PoolLine).where(PoolLine.pool_id == pool_id).order_by(col(PoolLine.number)))).all()


async def due_pools(db: Db, now: datetime, real_now: datetime) -> Sequence[tuple[UUID, UUID]]:
    """Event and pool where something is due: an offer or a hold is over, a list has ended, a place is free for those who wait."""
    pool = select(CapacityPool.event_id, CapacityPool.id)
    listed = pool.join(WaitlistEntry).outerjoin(Session).where(*LIVE_ENTRY)
    left = col(CapacityPool.capacity) - col(CapacityPool.taken) - col(CapacityPool.held)
    event_over = select(Event.id).where(Event.ends_at <= now)
    due: list[Select[UUID, UUID]] = [
        listed.where(OFFERED, (col(WaitlistEntry.offer_ends_at) <= now) | col(Session.cancelled_at).is_not(None)),
        listed.where(col(WaitlistEntry.held_until) <= real_now),
        listed.where(col(Session.ends_at) <= now),
        listed.where(~FOR_A_SEAT, col(CapacityPool.event_id).in_(event_over)),
        listed.where(left > 0, CONFIRMED, ~OFFERED, _takes_place(now)),
        pool.join(HeldBack).where(col(HeldBack.closed_at).is_(None), col(HeldBack.ends_at) <= now),
    ]
    found = {(event_id, pool_id) for question in due for event_id, pool_id in (await db.exec(question.distinct())).all()}
    return sorted(found)


def _takes_place(now: datetime) -> ColumnElement[bool]:
    """Of a turn that was joined with its session, if it has one."""
    return ~FOR_A_SEAT | (col(Session.cancelled_at).is_(None) & (col(Session.ends_at) > now))
