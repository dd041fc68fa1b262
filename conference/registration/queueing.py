"""What is locked before a batch of registrations or bookings: what each of them would lock, for all of them at once.

Locks are taken in the house's one order (the event or its pool, registrations, the session, its pool). A batch that took them act by
act would hold a session's pool while it waits for the next person's registration, and deadlock with whoever cancels that.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from conference.people.tables import Person
from conference.programme.tables import Event
from conference.registration.pools import lock_event_pool
from conference.registration.tables import Registration
from conference.storage.database import Db


async def lock_place(db: Db, path: Mapping[str, Any], people: Sequence[UUID]) -> None:
    """Before registrations for an event."""
    await _meet(db, people)
    event_id = (await db.exec(select(Event.id).where(Event.slug == path["event"]))).first()
    if event_id:
        await lock_event_pool(db, event_id)


async def lock_registrations(db: Db, path: Mapping[str, Any], people: Sequence[UUID]) -> None:
    """Before seats in a session: the registrations of all who come, always in the same order."""
    await _meet(db, people)
    theirs = select(Registration).join(Event).where(Event.slug == path["event"], col(Registration.person_id).in_(people))
    alive = theirs.where(col(Registration.cancelled_at).is_(None)).order_by(col(Registration.id))
    await db.exec(alive.with_for_update(key_share=True, of=Registration))


async def _meet(db: Db, people: Sequence[UUID]) -> None:
    """All who come, read at once: whoever asks for one of them in this transaction finds them in the session."""
    db.info["people who come"] = (await db.exec(select(Person).where(col(Person.id).in_(people)))).all()
