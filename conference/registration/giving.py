"""An organiser gives somebody a seat: only one that is free, and past nobody who waits."""

from datetime import datetime
from uuid import UUID

from conference.errors import Conflict
from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.record.actions import note
from conference.registration.seats import book_seat
from conference.registration.tables import Booking
from conference.storage.database import Db


async def give_free_seat(db: Db, event: Event, session: Session, person: Person, now: datetime, real_now: datetime, *, by: UUID) -> Booking:
    """As if the person had booked it, in a transaction of its own: where that would be a turn on the waiting list, it raises Conflict, so
    that nothing of it stays."""
    got = await book_seat(db, event, session, person, now, real_now)
    if not isinstance(got, Booking):
        raise Conflict(f"No seat is left in “{session.title}”.")
    note(db, "seat given", f"person:{person.id}", real_now, person_id=by, event_id=event.id, session=str(session.id))
    return got
