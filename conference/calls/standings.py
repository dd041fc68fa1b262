"""Reading what decisions are made of: what arrived, what was scored, what is decided. And who has no part in what."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select

from conference.calls.decision_tables import Decision, Verdict
from conference.calls.definition import Definition, QuestionKind
from conference.calls.panel_tables import Assignment, ConflictDeclaration, Review, Score
from conference.calls.queries import conflicted
from conference.calls.ranking import Scored
from conference.calls.submission_tables import Partner, Submission, SubmissionState, SubmissionVersion
from conference.calls.tables import Call
from conference.errors import NotFound
from conference.people.tables import Person
from conference.storage.database import Db

NOT_IN_IT = (SubmissionState.draft, SubmissionState.withdrawn)
GIVEN_UP = (SubmissionState.withdrawn, SubmissionState.cancelled)
STRANGE = "There is no such submission."


async def in_the_running(db: Db, call: Call) -> Sequence[Submission]:
    """What arrived and was not withdrawn, by number."""
    rows = select(Submission).where(Submission.call_id == call.id, col(Submission.state).not_in(NOT_IN_IT))
    return (await db.exec(rows.order_by(col(Submission.number)).execution_options(populate_existing=True))).all()


async def submission_numbered(db: Db, call: Call, number: int) -> Submission:
    """One that arrived. Raises NotFound, as for one that there never was."""
    found = (await db.exec(select(Submission).where(Submission.call_id == call.id, Submission.number == number))).first()
    if not found or found.counted_id is None:
        raise NotFound(STRANGE)
    return found


async def no_part_in(db: Db, call: Call, person_id: UUID) -> set[UUID]:
    """What somebody must not see or decide: declared conflicts, and what is their own. Organisers too."""
    own = select(Submission.id).where(Submission.call_id == call.id, Submission.person_id == person_id)
    return await conflicted(db, call.id, person_id) | set((await db.exec(own)).all())


async def shut_out(db: Db, call: Call) -> dict[UUID, set[UUID]]:
    """The same for everybody at once, by person."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for submission_id, person_id in await _apart(db, {call.id}):
        found[person_id].add(submission_id)
    return found


async def _apart(db: Db, call_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Submission and person: declared, their own, or naming them, as `queries.conflicted` asks for one person."""
    here = col(Submission.call_id).in_(call_ids)
    declared = (
        select(ConflictDeclaration.submission_id, ConflictDeclaration.person_id)
        .join(Submission, col(Submission.id) == col(ConflictDeclaration.submission_id))
        .where(here, col(ConflictDeclaration.ended_at).is_(None))
    )
    named = (
        select(Partner.submission_id, Person.id)
        .join(Submission, col(Submission.id) == col(Partner.submission_id))
        .join(Person, col(Person.email_key) == col(Partner.email_key))
        .where(here, col(Partner.removed_at).is_(None))
    )
    own = select(Submission.id, Submission.person_id).where(here)
    return {pair for pairs in (declared, named, own) for pair in (await db.exec(pairs)).all()}


async def standing_decisions(db: Db, call_id: UUID) -> dict[UUID, Decision]:
    """What holds now, told or not, by submission. Read afresh: whoever acts on it holds the call's row."""
    standing = select(Decision).where(Decision.call_id == call_id, col(Decision.superseded_at).is_(None))
    rows = await db.exec(standing.execution_options(populate_existing=True))
    return {row.submission_id: row for row in rows}


async def last_told(db: Db, submission_id: UUID) -> Decision | None:
    """The newest decision that was announced, superseded or not."""
    told = select(Decision).where(Decision.submission_id == submission_id, col(Decision.announced_at).is_not(None))
    return (await db.exec(told.order_by(col(Decision.announced_at).desc(), col(Decision.id).desc()).limit(1))).first()


async def reserve_list(db: Db, call_id: UUID) -> list[tuple[Decision, Submission]]:
    """In the order in which they move up."""
    waiting = (
        select(Decision, Submission)
        .join(Submission, col(Submission.id) == col(Decision.submission_id))
        .where(Decision.call_id == call_id, Decision.verdict == Verdict.reserve, col(Decision.superseded_at).is_(None))
        .where(col(Submission.state).not_in(GIVEN_UP))
    )
    return list(await db.exec(waiting.order_by(col(Decision.reserve_position)).execution_options(populate_existing=True)))


async def given_away(db: Db, call_id: UUID, *, but: UUID | None = None) -> tuple[int, int]:
    """How many stand accepted, and for how many pence in all; who withdrew or said no doesn't count. `but`: a submission to leave out."""
    rows = (
        select(Decision.submission_id, Decision.amount_pence)
        .join(Submission, col(Submission.id) == col(Decision.submission_id))
        .where(Decision.call_id == call_id, Decision.verdict == Verdict.accepted, col(Decision.superseded_at).is_(None))
        .where(col(Submission.state).not_in(GIVEN_UP))
    )
    amounts = [amount or 0 for submission_id, amount in await db.exec(rows) if submission_id != but]
    return len(amounts), sum(amounts)


async def scored_for(db: Db, definition: Definition, submissions: Sequence[Submission]) -> list[Scored]:
    """Each with the reviews that count: handed in, by members who have a part in it."""
    reviews = await reviews_that_count(db, submissions)
    values = await _values(db, [review.id for each in reviews.values() for review in each])
    asked = await _asked(db, definition, submissions)
    return [
        Scored(each.id, each.number, tuple(values[review.id] for review in reviews.get(each.id, ())), asked.get(each.id))
        for each in submissions
    ]


async def reviews_that_count(db: Db, submissions: Sequence[Submission]) -> dict[UUID, list[Review]]:
    """By submission, in the order in which they came in."""
    call_ids = {each.call_id for each in submissions}
    out = await _apart(db, call_ids)
    rows = (
        select(Review)
        .join(Submission, col(Submission.id) == col(Review.submission_id))
        .where(col(Submission.call_id).in_(call_ids), col(Review.submitted_at).is_not(None))
        .order_by(col(Review.submitted_at), col(Review.id))
    )
    found: dict[UUID, list[Review]] = defaultdict(list)
    for review in await db.exec(rows):
        if (review.submission_id, review.person_id) not in out:
            found[review.submission_id].append(review)
    return found


async def still_to_score(db: Db, call: Call) -> dict[UUID, set[UUID]]:
    """What each member is to read and has not handed in: what others said of it is kept from them, where the call says so."""
    assigned = (
        select(Assignment.person_id, Assignment.submission_id)
        .join(Submission, col(Submission.id) == col(Assignment.submission_id))
        .where(Submission.call_id == call.id, col(Assignment.ended_at).is_(None))
    )
    done = (
        select(Review.person_id, Review.submission_id)
        .join(Submission, col(Submission.id) == col(Review.submission_id))
        .where(Submission.call_id == call.id, col(Review.submitted_at).is_not(None))
    )
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for person_id, submission_id in set((await db.exec(assigned)).all()) - set((await db.exec(done)).all()):
        found[person_id].add(submission_id)
    return found


async def _values(db: Db, review_ids: Collection[UUID]) -> Mapping[UUID, dict[str, int]]:
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    for score in await db.exec(select(Score).where(col(Score.review_id).in_(review_ids))):
        found[score.review_id][score.criterion] = score.value
    return found


async def _asked(db: Db, definition: Definition, submissions: Sequence[Submission]) -> dict[UUID, int]:
    """What each asks for: its answer to the call's first question about money."""
    key = next((question.key for question in definition.questions if question.kind == QuestionKind.money), None)
    if key is None:
        return {}
    counted = [each.counted_id for each in submissions if each.counted_id]
    versions = await db.exec(select(SubmissionVersion).where(col(SubmissionVersion.id).in_(counted)))
    return {version.submission_id: version.answers[key] for version in versions if isinstance(version.answers.get(key), int)}
