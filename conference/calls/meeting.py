"""What is done in a selection meeting: opening it, coming in, what is on the table, who has no part in that, notes, closing."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from conference.calls.deciding import check_is_over
from conference.calls.meeting_tables import MinuteKind, SelectionAttendee, SelectionMeeting
from conference.calls.minutes import minute, open_meeting_of
from conference.calls.panel_tables import ConflictDeclaration, ConflictKind
from conference.calls.queries import lock_call
from conference.calls.standings import NOT_IN_IT, STRANGE, no_part_in, shut_out
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.errors import Conflict, Invalid, NotFound
from conference.people.tables import Person
from conference.record.actions import note
from conference.storage.database import Db

MAX_NOTE, MAX_WHY = 4000, 1000
NONE_GOES_ON = "No meeting goes on: open one first."


async def open_meeting(db: Db, call: Call, now: datetime, *, by: Person) -> SelectionMeeting:
    """Raises Conflict before the deadline, and while one goes on."""
    check_is_over(await lock_call(db, call.id), now)
    if await open_meeting_of(db, call.id):
        raise Conflict("The meeting goes on already.")
    made = SelectionMeeting(call_id=call.id, opened_at=now, opened_by_id=by.id)
    db.add(made)
    await db.flush()
    await minute(db, call.id, MinuteKind.opened, now, by=by.id)
    note(db, "meeting opened", f"call:{call.id}", now, person_id=by.id, event_id=call.event_id)
    return made


async def close_meeting(db: Db, call: Call, now: datetime, *, by: Person) -> None:
    meeting = await _meeting(db, call)
    await minute(db, call.id, MinuteKind.closed, now, by=by.id)
    meeting.closed_at, meeting.current_id, meeting.current_at = now, None, None
    await db.flush()
    note(db, "meeting closed", f"call:{call.id}", now, person_id=by.id, event_id=call.event_id)


async def come_in(db: Db, call: Call, people: Collection[UUID], now: datetime, real_now: datetime) -> None:
    """Whoever has the meeting's page open while it goes on is there; minuted the first time, and that they leave, where they must."""
    meeting = await _meeting(db, call)
    known = select(SelectionAttendee.person_id).where(SelectionAttendee.meeting_id == meeting.id)
    out = await shut_out(db, call)
    for person_id in sorted(set(people) - set((await db.exec(known)).all())):
        db.add(SelectionAttendee(meeting_id=meeting.id, person_id=person_id, came_at=now, seen_at=real_now))
        await db.flush()
        await minute(db, call.id, MinuteKind.came, now, by=person_id, person_id=person_id)
        if meeting.current_id in out.get(person_id, ()):
            await minute(db, call.id, MinuteKind.left, now, by=person_id, person_id=person_id, submission_id=meeting.current_id)
    await still_there(db, meeting.id, people, real_now)


async def still_there(db: Db, meeting_id: UUID, people: Collection[UUID], real_now: datetime) -> None:
    theirs = (col(SelectionAttendee.meeting_id) == meeting_id, col(SelectionAttendee.person_id).in_(people))
    await db.exec(update(SelectionAttendee).where(*theirs).values(seen_at=real_now))


async def take_item(db: Db, call: Call, submission: Submission | None, now: datetime, *, by: Person) -> None:
    """Put it on the table for everybody, or clear the table. It is minuted who leaves. Raises Conflict, NotFound."""
    meeting = await _meeting(db, call)
    if submission is None:
        meeting.current_id, meeting.current_at = None, None
        await db.flush()
        return
    await _check_has_part(db, call, submission, by)
    if submission.state in NOT_IN_IT:
        raise Conflict("This submission was withdrawn, or never arrived in time.")
    meeting.current_id, meeting.current_at = submission.id, now
    await db.flush()
    await minute(db, call.id, MinuteKind.taken, now, by=by.id, submission_id=submission.id)
    out = await shut_out(db, call)
    there = await db.exec(select(SelectionAttendee.person_id).where(SelectionAttendee.meeting_id == meeting.id))
    for person_id in sorted(each for each in there if submission.id in out.get(each, ())):
        await minute(db, call.id, MinuteKind.left, now, by=person_id, person_id=person_id, submission_id=submission.id)


async def note_down(db: Db, call: Call, submission: Submission, words: str, now: datetime, *, by: Person) -> None:
    """A sentence about what is discussed, for the minutes. Raises Invalid, NotFound."""
    await _meeting(db, call)
    await _check_has_part(db, call, submission, by)
    if not words.strip():
        raise Invalid("words", "Write what is to be minuted.")
    if len(words) > MAX_NOTE:
        raise Invalid("words", f"This is too long. Use at most {MAX_NOTE:,} characters.")
    await minute(db, call.id, MinuteKind.noted, now, by=by.id, submission_id=submission.id, words=words.strip())


async def declare_in_meeting(db: Db, call: Call, submission: Submission, words: str, now: datetime, *, by: Person) -> None:
    """Somebody finds that they have a conflict: from this moment they have no part in it, and their scores don't count."""
    await _meeting(db, call)
    await _check_has_part(db, call, submission, by)
    if len(words) > MAX_WHY:
        raise Invalid("why", f"This is too long. Use at most {MAX_WHY:,} characters.")
    declared = ConflictDeclaration(
        submission_id=submission.id, person_id=by.id, kind=ConflictKind.declared, words=words.strip(), declared_at=now, by_id=by.id
    )
    db.add(declared)
    await db.flush()
    await minute(db, call.id, MinuteKind.declared, now, by=by.id, person_id=by.id, submission_id=submission.id, words=words.strip())
    note(db, "conflict declared", f"submission:{submission.id}", now, person_id=by.id, event_id=call.event_id)


async def _meeting(db: Db, call: Call) -> SelectionMeeting:
    """The one that goes on, with the call's row held. Raises Conflict."""
    await lock_call(db, call.id)
    meeting = await open_meeting_of(db, call.id)
    if not meeting:
        raise Conflict(NONE_GOES_ON)
    await db.refresh(meeting)
    return meeting


async def _check_has_part(db: Db, call: Call, submission: Submission, person: Person) -> None:
    if submission.call_id != call.id or submission.id in await no_part_in(db, call, person.id):
        raise NotFound(STRANGE)
