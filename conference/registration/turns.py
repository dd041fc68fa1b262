"""Turns on waiting lists: joining and leaving, and passing on what becomes free, in order and exactly once.

A freed place is the next in line's at once, or (where the pool says so) on offer to them for a time; an open offer counts as taken.
All of it is done with the pool locked, by whoever comes first: the worker, or the next person who does anything there.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.record.actions import note
from conference.registration.granting import give_registration, give_seat
from conference.registration.letters import tell_turn
from conference.registration.pools import free_place, lock_event_pool, lock_pool, lock_session_pools, take_place
from conference.registration.rules import has_free_place
from conference.registration.tables import (
    CapacityPool,
    HeldBack,
    PoolAct,
    PoolServes,
    PoolSession,
    TicketKind,
    WaitlistEntry,
)
from conference.registration.turn_rules import check_offer_is_open, is_over, offer_end, until_words
from conference.registration.waiting import OFFERED, ended_entries, entries_of, held_backs_of, next_waiting
from conference.registration.waitlog import write_line
from conference.storage.database import Db


async def join_list(
    db: Db,
    event: Event,
    pool: CapacityPool,
    person: Person,
    now: datetime,
    real_now: datetime,
    *,
    session: Session | None = None,
    kind: TicketKind | None = None,
    name: str = "",
    held_until: datetime | None = None,
) -> WaitlistEntry:
    """The last turn of a list. `held_until`: a stranger's, who has that long to confirm it."""
    pool.last_turn += 1
    entry = WaitlistEntry(
        pool_id=pool.id,
        session_id=session.id if session else None,
        kind_id=kind.id if kind else None,
        person_id=person.id,
        name=name,
        turn=pool.last_turn,
        joined_at=now,
        held_until=held_until,
    )
    db.add(entry)
    await db.flush()
    write_line(db, pool, PoolAct.joined, now, entry=entry)
    note(db, "waiting list joined", _subject(event, session), real_now, person_id=person.id, event_id=event.id, turn=entry.turn)
    return entry


def leave_list(db: Db, event: Event, pool: CapacityPool, entry: WaitlistEntry, now: datetime, real_now: datetime) -> None:
    """Give a turn back, and with it the place on offer; whoever calls this settles the pool."""
    if entry.offered_at:
        free_place(pool)
    entry.left_at = now
    write_line(db, pool, PoolAct.left, now, entry=entry)
    note(db, "waiting list left", f"pool:{pool.id}", real_now, person_id=entry.person_id, event_id=event.id)


async def accept_offer(
    db: Db, event: Event, pool: CapacityPool, entry: WaitlistEntry | None, session: Session | None, now: datetime, real_now: datetime
) -> None:
    """Take what is on offer, before its end. Raises Conflict. The pool is locked."""
    check_offer_is_open(entry, now)
    assert entry
    await grant(db, event, pool, entry, session, now, real_now, counted=True)
    await db.flush()


async def decline_offer(db: Db, event: Event, pool: CapacityPool, entry: WaitlistEntry | None, now: datetime, real_now: datetime) -> None:
    """Give what is on offer to the next in line; the turn ends. Raises Conflict where nothing is on offer."""
    check_offer_is_open(entry, now)
    assert entry
    entry.declined_at = now
    free_place(pool)
    write_line(db, pool, PoolAct.declined, now, entry=entry)
    note(db, "offer declined", f"pool:{pool.id}", real_now, person_id=entry.person_id, event_id=event.id)
    await settle(db, event, pool, now, real_now)


async def settle_pool(db: Db, event_id: UUID, pool_id: UUID, now: datetime, real_now: datetime) -> None:
    """Lock one pool, and do what time has made due there."""
    event = await db.get_one(Event, event_id)
    served = (await db.exec(select(PoolSession.session_id).where(PoolSession.pool_id == pool_id))).all()
    if served:
        pool = (await lock_session_pools(db, served)).get(served[0])
    else:
        await lock_event_pool(db, event_id)
        pool = await lock_pool(db, pool_id)
    if pool and not pool.deleted_at:
        await settle(db, event, pool, now, real_now)


async def settle(db: Db, event: Event, pool: CapacityPool, now: datetime, real_now: datetime) -> None:
    """What is over ends, and each place that is free goes to whoever is next. Call it with the pool locked."""
    await db.flush()
    sessions = await _sessions_of(db, pool)
    for held_back in await held_backs_of(db, pool):
        if is_over(held_back, now):
            release(db, pool, held_back, now)
    for entry in await entries_of(db, pool.id, OFFERED):
        await _end_offer(db, event, pool, entry, sessions, now, real_now)
    for entry in await ended_entries(db, pool, event, now, real_now):
        if entry.held_until:
            leave_list(db, event, pool, entry, now, real_now)
        else:
            await close_turn(db, event, pool, entry, sessions.get(entry.session_id), now, real_now)
    await db.flush()
    if now < event.ends_at or pool.serves == PoolServes.sessions:
        while has_free_place(pool) and (next_one := await next_waiting(db, pool.id, now)):
            await _pass_on(db, event, pool, next_one, sessions.get(next_one.session_id), now, real_now)


async def grant(
    db: Db,
    event: Event,
    pool: CapacityPool,
    entry: WaitlistEntry,
    session: Session | None,
    now: datetime,
    real_now: datetime,
    *,
    counted: bool = False,
    held_back: HeldBack | None = None,
    limited: bool = True,
) -> None:
    """This turn gets its place. `counted`: it was on offer. `limited=False`: the limit is gone, nobody counts it."""
    entry.accepted_at, entry.held_until = now, None
    chosen = counted or held_back is not None
    person, counting = await db.get_one(Person, entry.person_id), pool if limited else None
    how = {"entry": entry, "held_back": held_back, "counted": counted}
    if session:
        template = "seat_booked" if chosen else "seat_promoted"
        await give_seat(db, event, session, counting, person, now, real_now, template=template, **how)  # type: ignore[arg-type]
    else:
        kind = await db.get(TicketKind, entry.kind_id) if entry.kind_id else None
        template = "registration_confirmed" if chosen else "place_promoted"
        await give_registration(db, event, counting, person, now, real_now, kind=kind, template=template, **how)  # type: ignore[arg-type]
    if not chosen:
        await tell_turn(db, person, "seat_promoted" if session else "place_promoted", event, session, real_now, entry=entry, mail=False)
    write_line(db, pool, PoolAct.accepted if chosen else PoolAct.promoted, now, entry=entry)
    await db.flush()


async def close_turn(
    db: Db, event: Event, pool: CapacityPool, entry: WaitlistEntry, session: Session | None, now: datetime, real_now: datetime
) -> None:
    """The list ended before this turn came: its owner is told."""
    if entry.offered_at:
        free_place(pool)
    entry.closed_at = now
    write_line(db, pool, PoolAct.closed, now, entry=entry)
    if not entry.held_until:  # a stranger's address is told nothing that they did not ask for
        await tell_turn(db, await db.get_one(Person, entry.person_id), "turn_closed", event, session, real_now, entry=entry)


def release(db: Db, pool: CapacityPool, held_back: HeldBack, now: datetime, *, by: UUID | None = None) -> None:
    """What is unspent of these places is for everybody from now on; whoever calls this settles the pool."""
    left = held_back.places - held_back.used
    held_back.closed_at = now
    pool.held -= left
    write_line(db, pool, PoolAct.released, now, by=by, after=left, words=held_back.purpose)


async def _pass_on(
    db: Db, event: Event, pool: CapacityPool, entry: WaitlistEntry, session: Session | None, now: datetime, real_now: datetime
) -> None:
    if pool.offer_minutes is None:
        await grant(db, event, pool, entry, session, now, real_now)
        return
    what = session or event
    entry.offered_at, entry.offer_ends_at = now, offer_end(pool, now, what.starts_at, what.ends_at)
    take_place(pool)
    write_line(db, pool, PoolAct.offered, now, entry=entry, words=until_words(entry.offer_ends_at, now, event.zone))
    note(db, "place offered", f"pool:{pool.id}", real_now, person_id=entry.person_id, event_id=event.id, turn=entry.turn)
    await tell_turn(db, await db.get_one(Person, entry.person_id), "turn_offered", event, session, real_now, entry=entry)
    await db.flush()


async def _end_offer(
    db: Db,
    event: Event,
    pool: CapacityPool,
    entry: WaitlistEntry,
    sessions: Mapping[UUID | None, Session],
    now: datetime,
    real_now: datetime,
) -> None:
    """An offer whose end has come is over. One for a cancelled session is taken back: should it take place, the turn is there."""
    assert entry.offer_ends_at
    session = sessions.get(entry.session_id)
    if session and session.cancelled_at:
        entry.offered_at = entry.offer_ends_at = None
        write_line(db, pool, PoolAct.withdrawn, now, entry=entry)
    elif now >= entry.offer_ends_at:
        entry.expired_at = entry.offer_ends_at
        write_line(db, pool, PoolAct.expired, entry.offer_ends_at, entry=entry)
        note(db, "offer expired", f"pool:{pool.id}", real_now, person_id=entry.person_id, event_id=event.id)
        await tell_turn(db, await db.get_one(Person, entry.person_id), "turn_expired", event, session, real_now, entry=entry)
    else:
        return
    free_place(pool)


async def _sessions_of(db: Db, pool: CapacityPool) -> dict[UUID | None, Session]:
    """The sessions that share this pool, locked with it."""
    if pool.serves != PoolServes.sessions:
        return {}
    found = select(Session).join(PoolSession).where(col(PoolSession.pool_id) == pool.id)
    return {session.id: session for session in (await db.exec(found)).all()}


def _subject(event: Event, session: Session | None) -> str:
    return f"session:{session.id}" if session else f"event:{event.id}"
