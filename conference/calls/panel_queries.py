"""What a panel's pages are made of: members, who reads what, reviews and their scores, and who a submission is from."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from conference.calls.answer_words import NAMING, identifies
from conference.calls.blinding import Identity, identity_of
from conference.calls.definition import Definition, QuestionKind
from conference.calls.panel_tables import Assignment, PanelMember, Review, Score
from conference.calls.queries import conflicted, counted_version
from conference.calls.submission_tables import Partner, PartnerRole, Submission, SubmissionState
from conference.calls.tables import Call, CallVersion
from conference.people.tables import Person
from conference.storage.database import Db

UNSENT = (SubmissionState.draft, SubmissionState.withdrawn)
Pair = tuple[UUID, UUID]  # submission, person


async def panels_of(db: Db, person_id: UUID) -> Sequence[tuple[PanelMember, Call]]:
    """The panels on which somebody sits now."""
    live = select(PanelMember, Call).join(Call).where(PanelMember.person_id == person_id, col(PanelMember.ended_at).is_(None))
    return (await db.exec(live.order_by(col(Call.deadline_at), col(Call.slug)))).all()


async def members_of(db: Db, call_id: UUID) -> Sequence[tuple[PanelMember, Person]]:
    """Who sits on the panel now, the chair first."""
    live = select(PanelMember, Person).join(Person).where(PanelMember.call_id == call_id, col(PanelMember.ended_at).is_(None))
    return (await db.exec(live.order_by(col(PanelMember.chair).desc(), col(Person.name), col(Person.id)))).all()


async def sent_submissions(db: Db, call_id: UUID) -> list[Submission]:
    """All that was sent and not withdrawn, by number."""
    return list(await db.exec(_sent(call_id).order_by(col(Submission.number))))


async def sent_submission(db: Db, call_id: UUID, number: int) -> Submission | None:
    """Rights are not asked here: views go through `access.readable_submission`."""
    return (await db.exec(_sent(call_id).where(Submission.number == number))).first()


def _sent(call_id: UUID) -> SelectOfScalar[Submission]:
    return select(Submission).where(
        Submission.call_id == call_id, col(Submission.state).not_in(UNSENT), col(Submission.counted_id).is_not(None)
    )


async def assignments_of(db: Db, call_id: UUID) -> Sequence[Assignment]:
    """Who reads what now."""
    live = select(Assignment).join(Submission).where(Submission.call_id == call_id, col(Assignment.ended_at).is_(None))
    return (await db.exec(live.order_by(col(Submission.number), col(Assignment.id)))).all()


async def conflicts_of(db: Db, call_id: UUID, people: Iterable[UUID]) -> set[Pair]:
    return {(submission, person) for person in people for submission in await conflicted(db, call_id, person)}


async def reviews_of(db: Db, call_id: UUID, person_id: UUID | None = None) -> Sequence[Review]:
    """Of one member, or of all; begun ones too."""
    here = select(Review).join(Submission, col(Submission.id) == col(Review.submission_id)).where(Submission.call_id == call_id)
    mine = here.where(Review.person_id == person_id) if person_id else here
    return (await db.exec(mine.order_by(col(Submission.number), col(Review.id)))).all()


async def counting_reviews(db: Db, call_id: UUID) -> list[Review]:
    """Reviews that are in, without those by people who have a conflict with what they reviewed: what a ranking is made of."""
    reviews = [review for review in await reviews_of(db, call_id) if review.submitted_at]
    apart = await conflicts_of(db, call_id, {review.person_id for review in reviews})
    return [review for review in reviews if (review.submission_id, review.person_id) not in apart]


async def review_by(db: Db, submission_id: UUID, person_id: UUID, *, lock: bool = False) -> Review | None:
    one = select(Review).where(Review.submission_id == submission_id, Review.person_id == person_id)
    locked = one.with_for_update().execution_options(populate_existing=True) if lock else one
    return (await db.exec(locked)).first()


async def scores_by_review(db: Db, review_ids: Iterable[UUID]) -> dict[UUID, dict[str, Score]]:
    """By review and criterion."""
    found: dict[UUID, dict[str, Score]] = defaultdict(dict)
    for score in await db.exec(select(Score).where(col(Score.review_id).in_(set(review_ids)))):
        found[score.review_id][score.criterion] = score
    return found


async def asked_and_answered(db: Db, submission: Submission) -> tuple[Definition, dict[str, Any]]:
    """What counts of a submission, and the questions that it answers."""
    version = await counted_version(db, submission)
    assert version
    asked = await db.get(CallVersion, version.call_version_id)
    assert asked
    return Definition.model_validate(asked.definition), version.answers


async def identity_behind(db: Db, submission: Submission) -> Identity:
    """Who applies, who stands with them and where they work, in every word that we have of it."""
    definition, answers = await asked_and_answered(db, submission)
    person = await db.get(Person, submission.person_id)
    partners = (await db.exec(select(Partner).where(Partner.submission_id == submission.id))).all()
    names, places, emails = [person.name if person else ""], [person.organisation if person else ""], [person.email if person else ""]
    for each in (*(_Named(one.name, one.organisation, one.email) for one in partners), *_named(definition, answers)):
        names.append(each.name)
        places.append(each.organisation)
        emails.append(each.email)
    for question in definition.questions:
        answer = answers.get(question.key)
        if identifies(question) and question.kind is QuestionKind.short_text and isinstance(answer, str):
            (names if "name" in question.key else places).append(answer)
            if "@" in answer:
                emails.append(answer)
    return identity_of(names, places, emails)


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    organisation: str
    email: str


def _named(definition: Definition, answers: dict[str, Any]) -> list[_Named]:
    """People in the answers themselves: what was sent may be newer or older than who was asked."""
    found = []
    for question in definition.questions:
        given = answers.get(question.key)
        for each in given if isinstance(given, list) else [given]:
            if question.kind in NAMING and isinstance(each, dict):
                found.append(_Named(*(str(each.get(key) or "") for key in ("name", "organisation", "email"))))
    return found


async def references_for(db: Db, submission: Submission) -> Sequence[Partner]:
    """What referees wrote."""
    written = select(Partner).where(
        Partner.submission_id == submission.id,
        Partner.role == PartnerRole.referee,
        col(Partner.confirmed_at).is_not(None),
        col(Partner.removed_at).is_(None),
        Partner.words != "",
    )
    return (await db.exec(written.order_by(col(Partner.id)))).all()
