"""Submissions as the organisers of a call list them."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, func, select

from conference.calls.queries import conflicted
from conference.calls.submission_tables import Partner, Submission, SubmissionState, SubmissionVersion
from conference.calls.tables import Call
from conference.people.tables import Person
from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class Listed:
    """One line."""

    submission: Submission
    applicant: Person
    versions: int
    waits: bool  # something came late, and nobody has decided whether it counts
    partners: int
    confirmed: int  # of these


async def submissions_listed(db: Db, call: Call, reader: UUID, state: SubmissionState | None = None) -> list[Listed]:
    """By number. Those in which the reader has no part, as a member of the panel, are left out."""
    rows = select(Submission, Person).join(Person, col(Person.id) == col(Submission.person_id)).where(Submission.call_id == call.id)
    if state:
        rows = rows.where(Submission.state == state)
    hidden = await conflicted(db, call.id, reader)
    found = [(each, who) for each, who in await db.exec(rows.order_by(col(Submission.number))) if each.id not in hidden]
    versions, waiting = await _versions(db, call)
    named, confirmed = await _partners(db, call)
    return [Listed(each, who, versions[each.id], each.id in waiting, named[each.id], confirmed[each.id]) for each, who in found]


async def submission_numbers(db: Db, call: Call) -> Counter[SubmissionState]:
    """How many there are in each state."""
    counted = select(Submission.state, func.count()).where(Submission.call_id == call.id).group_by(col(Submission.state))
    return Counter({SubmissionState(state): count for state, count in await db.exec(counted)})


async def _versions(db: Db, call: Call) -> tuple[Counter[UUID], set[UUID]]:
    rows = (
        select(SubmissionVersion.submission_id, SubmissionVersion.late, SubmissionVersion.id == Submission.counted_id, Submission.late_at)
        .join(Submission, col(Submission.id) == col(SubmissionVersion.submission_id))
        .where(Submission.call_id == call.id)
    )
    count: Counter[UUID] = Counter()
    waiting = set()
    for submission_id, late, counts, decided_at in await db.exec(rows):
        count[submission_id] += 1
        if late and not counts and decided_at is None:
            waiting.add(submission_id)
    return count, waiting


async def _partners(db: Db, call: Call) -> tuple[Counter[UUID], Counter[UUID]]:
    rows = (
        select(Partner.submission_id, Partner.confirmed_at)
        .join(Submission, col(Submission.id) == col(Partner.submission_id))
        .where(Submission.call_id == call.id, col(Partner.removed_at).is_(None))
    )
    all_ = (await db.exec(rows)).all()
    return Counter(one for one, _ in all_), Counter(one for one, confirmed_at in all_ if confirmed_at)
