"""Turns for places at an event, and holds that lapse: what registering, cancelling and the worker share. The event is locked."""

from datetime import datetime
from uuid import UUID

from conference.errors import Conflict
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.record.actions import note
from conference.registration.granting import give_back
from conference.registration.pools import lock_event_pool, lock_pool
from conference.registration.queries import lapsed_holds, lock_registration
from conference.registration.rules import is_lapsed
from conference.registration.tables import CapacityPool, WaitlistEntry
from conference.registration.turns import accept_offer, decline_offer, leave_list, settle
from conference.registration.waiting import place_entry_of
from conference.storage.database import Db

SWEPT = "holds swept"  # in a transaction's `info`: the events where it looked already
NOTHING_OFFERED = "No place is offered to you at the moment."


async def take_offered_place(db: Db, event: Event, person: Person, now: datetime, real_now: datetime) -> None:
    """Accept the place that is on offer. Raises Conflict once the offer is over."""
    pool, entry = await _with_turn(db, event, person)
    registration = await lock_registration(db, person.id, event.id)
    if pool is None or entry is None:
        if registration is None:
            raise Conflict(NOTHING_OFFERED)
        return
    left = registration.pool_id if registration else None
    await accept_offer(db, event, pool, entry, None, now, real_now)
    await settle_places(db, event, left, now, real_now)


async def decline_offered_place(db: Db, event: Event, person: Person, now: datetime, real_now: datetime) -> None:
    pool, entry = await _with_turn(db, event, person)
    if not pool:
        raise Conflict(NOTHING_OFFERED)
    await decline_offer(db, event, pool, entry, now, real_now)


async def leave_place_list(db: Db, event: Event, person: Person, now: datetime, real_now: datetime) -> None:
    """Give up one's turn for a place. Raises Conflict where there is none."""
    pool, entry = await _with_turn(db, event, person)
    if not pool or not entry:
        raise Conflict(f"You are not on the waiting list of {event.title}.")
    leave_list(db, event, pool, entry, now, real_now)
    await settle(db, event, pool, now, real_now)


async def give_up_place_turns(db: Db, event: Event, person: Person, now: datetime, real_now: datetime) -> None:
    """End every turn of somebody who wants no place any more."""
    while entry := await place_entry_of(db, person.id, event.id):
        pool = await lock_pool(db, entry.pool_id)
        assert pool
        leave_list(db, event, pool, entry, now, real_now)
        await settle(db, event, pool, now, real_now)


async def settle_places(db: Db, event: Event, pool_id: UUID | None, now: datetime, real_now: datetime) -> None:
    """Pass on what is free in a pool of places."""
    pool = await lock_pool(db, pool_id)
    if pool and not pool.deleted_at:
        await settle(db, event, pool, now, real_now)


async def sweep_holds(db: Db, event: Event, now: datetime, real_now: datetime) -> int:
    """Let go of this event's lapsed holds, once in a transaction; how many."""
    if event.id in db.info.setdefault(SWEPT, set()):
        return 0
    db.info[SWEPT].add(event.id)
    over = [one for one in await lapsed_holds(db, real_now) if one.event_id == event.id and is_lapsed(one, real_now)]
    freed = set()
    for registration in over:
        registration.cancelled_at, registration.held_until, registration.lapsed = real_now, None, True
        freed.add(registration.pool_id)
        await give_back(db, registration)
        note(db, "hold lapsed", f"registration:{registration.id}", real_now, event_id=event.id)
    await db.flush()
    for pool_id in sorted(pool_id for pool_id in freed if pool_id):
        await settle_places(db, event, pool_id, now, real_now)
    return len(over)


async def _with_turn(db: Db, event: Event, person: Person) -> tuple[CapacityPool | None, WaitlistEntry | None]:
    """The person's turn, its list's pool locked."""
    await lock_event_pool(db, event.id)
    entry = await place_entry_of(db, person.id, event.id)
    return (await lock_pool(db, entry.pool_id), entry) if entry else (None, None)
