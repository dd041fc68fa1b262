"""Awards and their milestones: begun with the yes to an offer, reported on, accepted."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.calls.award_rules import MAX_WORD, check_report, check_reported, due_day
from conference.calls.award_tables import Award, Milestone
from conference.calls.definition import Definition
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.errors import Conflict, Invalid
from conference.people.tables import Person
from conference.record.actions import note
from conference.storage.database import Db


async def begin_award(db: Db, call: Call, definition: Definition, submission: Submission, amount_pence: int | None, now: datetime) -> Award:
    """The offer was accepted: what it promises starts to run. A second time changes nothing. The call is locked."""
    there = (await db.exec(select(Award).where(Award.submission_id == submission.id))).first()
    if there:
        return there
    award = Award(submission_id=submission.id, person_id=submission.person_id, amount_pence=amount_pence, agreed_at=now)
    db.add(award)
    await db.flush()
    for position, plan in enumerate(definition.after.milestones, 1):
        day = due_day(plan, now, call.zone)
        db.add(Milestone(award_id=award.id, position=position, title=plan.title, due_on=day, asks_report=plan.report))
    await db.flush()
    note(db, "award begun", f"award:{award.id}", now, person_id=submission.person_id, event_id=call.event_id, pence=amount_pence)
    return award


async def report(db: Db, award: Award, milestone: Milestone, words: str, now: datetime, *, by: Person) -> None:
    """Say what was done; again until it is accepted. Raises Invalid, Conflict."""
    if award.ended_at:
        raise Conflict("This award has ended.")
    milestone.report, milestone.reported_at, milestone.word = check_report(milestone, words), now, ""
    await db.flush()
    note(db, "milestone reported", f"milestone:{milestone.id}", now, person_id=by.id)


async def accept_report(db: Db, milestone: Milestone, now: datetime, *, by: Person) -> None:
    """Raises Conflict where there is none, or it was accepted already."""
    check_reported(milestone)
    milestone.accepted_at, milestone.accepted_by_id = now, by.id
    await db.flush()
    note(db, "milestone accepted", f"milestone:{milestone.id}", now, person_id=by.id)


async def give_back(db: Db, milestone: Milestone, word: str, now: datetime, *, by: Person) -> None:
    """Ask for another report, and say what is missing. Raises Conflict, Invalid."""
    check_reported(milestone)
    said = word.strip()
    if not said:
        raise Invalid("word", "Say what is missing.")
    if len(said) > MAX_WORD:
        raise Invalid("word", f"This is too long. Use at most {MAX_WORD:,} characters.")
    milestone.reported_at, milestone.word = None, said
    await db.flush()
    note(db, "report given back", f"milestone:{milestone.id}", now, person_id=by.id)


async def end_award_of(db: Db, submission: Submission, reason: str, now: datetime, *, by: UUID | None) -> None:
    """What was accepted was given back, or taken back: its award goes no further. Nothing to do where there is none. The call is locked."""
    award = (await db.exec(select(Award).where(Award.submission_id == submission.id, col(Award.ended_at).is_(None)))).first()
    if award:
        award.ended_at, award.ended_reason = now, reason
        await db.flush()
        note(db, "award ended", f"award:{award.id}", now, person_id=by)
