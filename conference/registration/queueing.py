"""What is locked and read before a batch of registrations or bookings: what each of them would, for all of them at once.

Locks are taken in the house's one order (the event or its pool, registrations, the session, its pool). A batch that took them act by
act would hold a session's pool while it waits for the next person's registration, and deadlock with whoever cancels that.

What each act asks about its own person is read here in one question for all (`foretell`), once the locks are held: as the act would.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.registration.clashes import with_a_seat
from conference.registration.pools import event_pool_locked, lock_event_pool, lock_session_pool
from conference.registration.queries import live_booking, live_registration
from conference.registration.tables import Booking, Registration, WaitlistEntry
from conference.registration.waiting import FOR_A_SEAT, LIVE_ENTRY, place_turn_in, seat_turn
from conference.storage.database import Db
from conference.storage.remembering import foretell


async def lock_place(db: Db, path: Mapping[str, Any], people: Sequence[UUID]) -> None:
    """Before registrations for an event. While it is locked nobody else registers there, or joins its lists."""
    await _meet(db, people)
    event_id = (await db.exec(select(Event.id).where(Event.slug == path["event"]))).first()
    if not event_id:
        return
    pool = await lock_event_pool(db, event_id)
    if pool is None:
        foretell(db, None, event_pool_locked(event_id), [], locked=True)  # nobody makes one while the event is locked
    theirs = select(Registration).where(Registration.event_id == event_id, col(Registration.person_id).in_(people))
    alive = _by_person((await db.exec(theirs.where(col(Registration.cancelled_at).is_(None)))).all())
    for person_id in people:
        foretell(db, person_id, live_registration(person_id, event_id), alive[person_id])
        if not alive[person_id]:
            foretell(db, person_id, live_registration(person_id, event_id, lock=True), [], locked=True)
    if pool:
        waiting = select(WaitlistEntry).where(WaitlistEntry.pool_id == pool.id, ~FOR_A_SEAT, *LIVE_ENTRY)
        turns = _by_person((await db.exec(waiting.where(col(WaitlistEntry.person_id).in_(people)))).all())
        for person_id in people:
            foretell(db, person_id, place_turn_in(person_id, pool.id), turns[person_id])


async def lock_registrations(db: Db, path: Mapping[str, Any], people: Sequence[UUID]) -> None:
    """Before seats in a session: the registrations of all who come, always in the same order, then the session and its pool."""
    await _meet(db, people)
    named = select(Session.event_id, Session.id).join(Event).where(Event.slug == path["event"], Session.slug == path["session"])
    found = (await db.exec(named)).first()
    if not found:
        return
    event_id, session_id = found
    theirs = select(Registration).where(Registration.event_id == event_id, col(Registration.person_id).in_(people))
    alive = theirs.where(col(Registration.cancelled_at).is_(None)).order_by(col(Registration.id))
    registered = _by_person((await db.exec(alive.with_for_update(key_share=True))).all())
    await lock_session_pool(db, session_id)
    seats = select(Booking).where(col(Booking.person_id).in_(people), col(Booking.given_up_at).is_(None))
    booked = _by_person((await db.exec(seats)).all())
    waiting = select(WaitlistEntry).where(WaitlistEntry.session_id == session_id, *LIVE_ENTRY)
    turns = _by_person((await db.exec(waiting.where(col(WaitlistEntry.person_id).in_(people)))).all())
    for person_id in people:
        here = [one for one in booked[person_id] if one.session_id == session_id]
        foretell(db, person_id, live_registration(person_id, event_id, lock=True), registered[person_id], locked=True)
        foretell(db, person_id, live_booking(person_id, session_id), here)
        foretell(db, person_id, seat_turn(person_id, session_id), turns[person_id])
        if not booked[person_id]:
            foretell(db, person_id, with_a_seat(person_id), [])


def _by_person(rows: Iterable[Any]) -> defaultdict[UUID, list[Any]]:
    theirs = defaultdict(list)
    for row in rows:
        theirs[row.person_id].append(row)
    return theirs


async def _meet(db: Db, people: Sequence[UUID]) -> None:
    """All who come, read at once: whoever asks for one of them in this transaction finds them in the session."""
    db.info["people who come"] = (await db.exec(select(Person).where(col(Person.id).in_(people)))).all()
