"""Feedback for a no, where the call offers it: asked for once, answered once."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.calls.call_mail import write_call_mail
from conference.calls.decision_tables import Decision, Verdict
from conference.calls.offer_tables import FeedbackRequest
from conference.calls.panel_tables import Review
from conference.calls.queries import definition_of, lock_call
from conference.calls.submission_tables import Submission, SubmissionState
from conference.calls.tables import Call
from conference.errors import Conflict, NotFound
from conference.people.tables import Person
from conference.record.actions import note
from conference.storage.database import Db


async def told_no(db: Db, call: Call, number: int, person: Person) -> tuple[Submission, Decision]:
    """One's own submission that got a no, and the decision. Raises NotFound, for what was not told yet too."""
    mine = select(Submission, Decision).join(Decision, col(Decision.submission_id) == Submission.id)
    one = mine.where(Submission.call_id == call.id, Submission.number == number, Submission.person_id == person.id)
    no = (Submission.state == SubmissionState.rejected, Decision.verdict == Verdict.rejected, col(Decision.superseded_at).is_(None))
    found = (await db.exec(one.where(*no, col(Decision.announced_at).is_not(None)))).first()
    if not found or not (await definition_of(db, call)).feedback:
        raise NotFound("There is no feedback to ask for here.")
    return found


async def feedback_of(db: Db, submission: Submission) -> FeedbackRequest | None:
    return (await db.exec(select(FeedbackRequest).where(FeedbackRequest.submission_id == submission.id))).first()


async def ask_feedback(db: Db, call: Call, submission: Submission, now: datetime) -> None:
    """Twice is once."""
    await lock_call(db, call.id)
    if not await feedback_of(db, submission):
        db.add(FeedbackRequest(submission_id=submission.id, person_id=submission.person_id, asked_at=now))
        note(db, "feedback asked", f"submission:{submission.id}", now, person_id=submission.person_id, event_id=call.event_id)


async def answer_feedback(db: Db, call: Call, number: int, answer: str, now: datetime, real_now: datetime, *, by: UUID) -> None:
    """It is mailed, and stays on their page. Raises NotFound, Conflict."""
    await lock_call(db, call.id)
    request, submission, person = await asked_at(db, call, number)
    if request.answered_at:
        raise Conflict("This was answered already.")
    request.answer, request.answered_at, request.answered_by_id = answer, now, by
    note(db, "feedback answered", f"submission:{submission.id}", real_now, person_id=by, event_id=call.event_id)
    key = f"feedback:{request.id}"
    await write_call_mail(db, "feedback_answered", call, submission, person, real_now, dedupe_key=key, body=answer)


async def asked_at(db: Db, call: Call, number: int) -> tuple[FeedbackRequest, Submission, Person]:
    """Raises NotFound where nobody asked."""
    found = next((row for row in await asked_in(db, call) if row[1].number == number), None)
    if not found:
        raise NotFound("Nobody asked for feedback here.")
    return found


async def asked_in(db: Db, call: Call) -> list[tuple[FeedbackRequest, Submission, Person]]:
    """Whoever asked, the first first."""
    rows = (
        select(FeedbackRequest, Submission, Person)
        .join(Submission, col(Submission.id) == FeedbackRequest.submission_id)
        .join(Person, col(Person.id) == FeedbackRequest.person_id)
        .where(Submission.call_id == call.id)
    )
    return list(await db.exec(rows.order_by(col(FeedbackRequest.id))))


async def panels_words(db: Db, submission: Submission) -> list[str]:
    """What members of the panel wrote for the applicant, without who wrote it."""
    theirs = select(Review.feedback).where(
        Review.submission_id == submission.id, col(Review.submitted_at).is_not(None), Review.feedback != ""
    )
    return list(await db.exec(theirs.order_by(Review.feedback)))
