"""What the clock causes: reminders, circulars whose time has come, and calendars that are to be told."""

from datetime import datetime

from conference.correspondence.circulars import due_circulars, write_some
from conference.correspondence.queries import due_now, people_to_remind
from conference.correspondence.reminders import remind_some
from conference.registration.calendar_mail import calendars_behind, tell_calendar
from conference.storage.database import Database

CHUNKS = 20  # at most, of one thing in one round


async def write_what_is_due(database: Database, now: datetime, real_now: datetime, *, rehearsed: bool) -> int:
    """How many mails were written. Looks first, so that an idle house writes nothing; each few are a transaction of their own."""
    async with database.reading() as db:
        due = [one for one in await due_now(db, now) if await people_to_remind(db, one, rehearsed=rehearsed, limit=1)]
        circulars = await due_circulars(db, now, rehearsed=rehearsed)
        behind = await calendars_behind(db, now)
    written = 0
    for one in due:
        for _ in range(CHUNKS):
            async with database.writing() as db:
                few = await remind_some(db, one, now, real_now, rehearsed=rehearsed)
            written += few
            if not few:
                break
    for circular_id in circulars:
        for _ in range(CHUNKS):
            async with database.writing() as db:
                few = await write_some(db, circular_id, real_now)
            written += few
            if not few:
                break
    for person_id, session_id in behind:
        async with database.writing() as db:
            written += await tell_calendar(db, person_id, session_id, now, real_now, rehearsed=rehearsed)
    return written
