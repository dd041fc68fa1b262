"""What a member of a panel says of one submission: saved as it is typed, then sent in, once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from conference.calls.definition import Criterion, Definition
from conference.calls.panel_queries import assignments_of, review_by, scores_by_review
from conference.calls.panel_tables import Review, Score
from conference.calls.queries import conflicted, definition_of, lock_call
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.errors import Conflict, Invalid, NotFound
from conference.people.tables import Person
from conference.record.actions import note
from conference.storage.database import Db

IS_IN = "This review is in: it can’t be changed. An organiser of the call can give it back to you."


class SavedElsewhere(Conflict):
    """Somebody's other page, or their sheet, saved meanwhile."""


@dataclass(frozen=True, slots=True)
class Said:
    """A review as it was typed. `values`: by criterion; None takes a score away."""

    values: Mapping[str, int | None] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""
    feedback: str = ""
    stamp: int = 0  # of the review that the page was made from; 0: there was none


async def save_review(db: Db, call: Call, submission: Submission, person: Person, said: Said, now: datetime) -> Review:
    """Keep what is typed so far. Raises Conflict once it is in, SavedElsewhere, Invalid for scores off the scale.

    The caller has asked `readable_submission`; a conflict that was declared since is found here, under the lock of the call.
    """
    await lock_call(db, call.id)
    if submission.id in await conflicted(db, call.id, person.id):
        raise NotFound("There is no such submission, or it is not yours to read.")
    definition = await definition_of(db, call)
    check_scale(definition, said.values)
    assert submission.counted_id
    if not any(each.person_id == person.id and each.submission_id == submission.id for each in await assignments_of(db, call.id)):
        raise Conflict("You are not asked to review this submission. An organiser of the call can give it to you.")
    review = await review_by(db, submission.id, person.id, lock=True)
    if review and review.submitted_at:
        raise Conflict(IS_IN)
    if (review.stamp if review else 0) != said.stamp:
        raise SavedElsewhere("You saved this review elsewhere since this page was opened. What you typed is still here.")
    if review is None:
        review = Review(submission_id=submission.id, person_id=person.id, version_id=submission.counted_id, saved_at=now)
        db.add(review)
    review.version_id, review.saved_at, review.stamp = submission.counted_id, now, review.stamp + 1
    review.comment, review.feedback = said.comment, said.feedback if definition.feedback else ""
    await db.flush()
    await _keep_scores(db, definition, review, said)
    return review


async def send_review(db: Db, call: Call, review: Review, now: datetime) -> None:
    """It is in. Raises Invalid where a criterion has no score."""
    definition = await definition_of(db, call)
    given = (await scores_by_review(db, [review.id])).get(review.id, {})
    missing = {f"score-{each.key}": f"Give a score for “{each.title}”." for each in definition.criteria if each.key not in given}
    if missing:
        first = next(iter(missing))
        raise Invalid(first, missing[first], missing)
    review.submitted_at = now
    await db.flush()
    note(db, "review sent in", f"submission:{review.submission_id}", now, person_id=review.person_id, event_id=call.event_id)


async def give_back(db: Db, call: Call, review: Review, now: datetime, *, by: UUID) -> None:
    """It may be changed again; what it said when it was in stays in the audit trail. Raises Conflict where it isn't in."""
    if review.submitted_at is None:
        raise Conflict("This review is not in, so there is nothing to give back.")
    scores = (await scores_by_review(db, [review.id])).get(review.id, {})
    was = {key: score.value for key, score in scores.items()}
    review.submitted_at, review.stamp = None, review.stamp + 1
    await db.flush()
    note(
        db, "review given back", f"submission:{review.submission_id}", now, person_id=by, event_id=call.event_id,
        of=str(review.person_id), scores=was,
    )  # fmt: skip


def check_scale(definition: Definition, values: Mapping[str, int | None]) -> None:
    """Raises Invalid beside the field of each score that its scale doesn't have."""
    by_key = {each.key: each for each in definition.criteria}
    wrong = {
        f"score-{key}": scale_words(by_key[key]) for key, value in values.items() if value is not None and not _fits(by_key.get(key), value)
    }
    if wrong:
        first = next(iter(wrong))
        raise Invalid(first, wrong[first], wrong)


def scale_words(criterion: Criterion) -> str:
    return f"“{criterion.title}” takes a whole number from {criterion.lowest} to {criterion.highest}."


def _fits(criterion: Criterion | None, value: int) -> bool:
    return criterion is not None and criterion.lowest <= value <= criterion.highest


async def _keep_scores(db: Db, definition: Definition, review: Review, said: Said) -> None:
    there = (await scores_by_review(db, [review.id])).get(review.id, {})
    for criterion in definition.criteria:
        value, score = said.values.get(criterion.key), there.get(criterion.key)
        comment = said.comments.get(criterion.key, "")
        if value is None:
            if score:
                await db.delete(score)
        elif score:
            score.value, score.comment = value, comment
        else:
            db.add(Score(review_id=review.id, criterion=criterion.key, value=value, comment=comment))
    await db.flush()
