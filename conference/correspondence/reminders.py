"""Reminders: written a week, a day and an hour before, once each, to those for whom it still makes sense."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from conference.correspondence.queries import Due, gathered, people_to_remind, seats_ahead
from conference.correspondence.rules import HOUR
from conference.mail.tables import MailPurpose, Reminder
from conference.people.tables import Person
from conference.programme.tables import Event, EventFormat, Session
from conference.registration.letters import Optional, write_optional
from conference.storage.database import Db

CHUNK = 100  # in one transaction, so that nobody waits long behind it


async def remind_some(db: Db, due: Due, now: datetime, real_now: datetime, *, rehearsed: bool) -> int:
    """Write to the next few; how many. The rows that say so are unique: a second process that tries the same is turned back."""
    people = await people_to_remind(db, due, rehearsed=rehearsed, limit=CHUNK)
    seats = await seats_ahead(db, due.event.id, (person.id for person in people), now)
    begins = (due.session or due.event).starts_at
    for person in people:
        mine = seats.get(person.id, [])
        if due.lead is HOUR:
            mine = gathered(mine, begins)
            _note(db, person, mine, rehearsed=rehearsed)
        if due.session is None:
            row = Reminder(person_id=person.id, subject_id=due.event.id, lead=due.lead.word, starts_at=begins, rehearsed=rehearsed)
            db.add(row)
        await _write(db, person, due, mine, now, real_now, rehearsed=rehearsed)
    await db.flush()
    return len(people)


def _note(db: Db, person: Person, seats: Sequence[Session], *, rehearsed: bool) -> None:
    for session in seats:
        told = Reminder(person_id=person.id, subject_id=session.id, lead=HOUR.word, starts_at=session.starts_at, rehearsed=rehearsed)
        db.add(told)


async def _write(db: Db, person: Person, due: Due, seats: Sequence[Session], now: datetime, real_now: datetime, *, rehearsed: bool) -> None:
    begins = (due.session or due.event).starts_at
    how = Optional(MailPurpose.reminder, rehearsed, expires_at=real_now + (begins - now))
    facts: dict[str, Any] = {"lead": due.lead.word, "sessions": [_facts(due.event, session) for session in seats]}
    if due.session:
        facts |= {"event_zone": due.event.zone, "online": due.event.format == EventFormat.online}
    await write_optional(db, person, "reminder", due.event, real_now, how, when=None if due.session else due.event, **facts)


def _facts(event: Event, session: Session) -> dict[str, Any]:
    return {
        "title": session.title,
        "path": f"/events/{event.slug}/sessions/{session.slug}",
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
    }
