"""Finding awards, their milestones, and the sessions that came of submissions."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from conference.calls.award_tables import Award, Milestone, SubmissionSession
from conference.calls.submission_tables import Submission, SubmissionState
from conference.calls.tables import Call
from conference.errors import NotFound
from conference.people.tables import Person
from conference.storage.database import Db

NONE = "There is no such award."


async def award_of(db: Db, call: Call, number: int) -> tuple[Award, Submission]:
    """Raises NotFound."""
    found = select(Award, Submission).join(Submission, col(Submission.id) == Award.submission_id)
    row = (await db.exec(found.where(Submission.call_id == call.id, Submission.number == number))).first()
    if not row:
        raise NotFound(NONE)
    return row


async def own_award(db: Db, call: Call, number: int, person: Person) -> tuple[Award, Submission]:
    """Raises NotFound for somebody else's too."""
    award, submission = await award_of(db, call, number)
    if award.person_id != person.id:
        raise NotFound(NONE)
    return award, submission


async def awards_of(db: Db, call: Call) -> Sequence[tuple[Award, Submission, Person]]:
    """By the submissions' numbers."""
    found = select(Award, Submission, Person).join(Submission, col(Submission.id) == Award.submission_id)
    rows = found.join(Person, col(Person.id) == Award.person_id).where(Submission.call_id == call.id)
    return (await db.exec(rows.order_by(col(Submission.number)))).all()


async def milestones_of(db: Db, award_ids: Sequence[UUID]) -> dict[UUID, list[Milestone]]:
    """In their order, by award."""
    found: dict[UUID, list[Milestone]] = {each: [] for each in award_ids}
    wanted = select(Milestone).where(col(Milestone.award_id).in_(award_ids)).order_by(col(Milestone.position))
    for milestone in await db.exec(wanted):
        found[milestone.award_id].append(milestone)
    return found


async def milestone_at(db: Db, award: Award, milestone_id: UUID) -> Milestone:
    """This award's, locked for this transaction. Raises NotFound."""
    one = select(Milestone).where(Milestone.id == milestone_id, Milestone.award_id == award.id).with_for_update()
    found = (await db.exec(one.execution_options(populate_existing=True))).first()
    if not found:
        raise NotFound("There is no such milestone.")
    return found


async def session_of(db: Db, submission_id: UUID) -> SubmissionSession | None:
    return (await db.exec(select(SubmissionSession).where(SubmissionSession.submission_id == submission_id))).first()


async def agreed_submission(db: Db, call: Call, number: int) -> tuple[Submission, Person]:
    """One that was accepted, and whose people have said yes. Raises NotFound."""
    agreed = (Submission.call_id == call.id, Submission.number == number, Submission.state == SubmissionState.confirmed)
    found = (await db.exec(select(Submission, Person).join(Person, col(Person.id) == Submission.person_id).where(*agreed))).first()
    if not found:
        raise NotFound("There is no such submission that was accepted and confirmed.")
    return found
