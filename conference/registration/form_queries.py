"""Reading forms: what an event asks, what a registration said, and what those who need it may see."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from conference.errors import NotFound
from conference.registration.form_rules import Answers, FormAsked
from conference.registration.form_tables import (
    Eligibility,
    EventTerms,
    RegistrationAnswer,
    RegistrationQuestion,
    SeenBy,
    TermsAcceptance,
)
from conference.registration.tables import Registration
from conference.storage.database import Db


async def form_of(db: Db, event_id: UUID) -> FormAsked:
    """What is asked at this moment, in order."""
    mine = select(RegistrationQuestion).where(RegistrationQuestion.event_id == event_id, col(RegistrationQuestion.retired_at).is_(None))
    questions = (await db.exec(mine.order_by(col(RegistrationQuestion.position), col(RegistrationQuestion.id)))).all()
    terms = await newest_terms(db, event_id)
    return FormAsked(tuple(questions), terms if terms and terms.words else None, await newest_eligibility(db, event_id))


async def newest_terms(db: Db, event_id: UUID) -> EventTerms | None:
    """Also a version without words, which took the terms away."""
    mine = select(EventTerms).where(EventTerms.event_id == event_id)
    return (await db.exec(mine.order_by(col(EventTerms.number).desc()).limit(1))).first()


async def newest_eligibility(db: Db, event_id: UUID) -> Eligibility | None:
    mine = select(Eligibility).where(Eligibility.event_id == event_id)
    return (await db.exec(mine.order_by(col(Eligibility.number).desc()).limit(1))).first()


async def all_questions(db: Db, event_id: UUID) -> Sequence[RegistrationQuestion]:
    """Every version, the retired ones too, in order."""
    mine = select(RegistrationQuestion).where(RegistrationQuestion.event_id == event_id)
    order = (col(RegistrationQuestion.position), col(RegistrationQuestion.thread_id), col(RegistrationQuestion.version))
    return (await db.exec(mine.order_by(*order))).all()


async def question_at(db: Db, event_id: UUID, question_id: UUID) -> RegistrationQuestion:
    """A version of this event's. Raises NotFound."""
    mine = select(RegistrationQuestion).where(RegistrationQuestion.id == question_id, RegistrationQuestion.event_id == event_id)
    found = (await db.exec(mine)).first()
    if not found:
        raise NotFound("There is no such question.")
    return found


async def answer_counts(db: Db, event_id: UUID) -> dict[UUID, int]:
    """How many answers there are, by question; unanswered ones are missing."""
    counted = select(RegistrationAnswer.question_id, func.count()).join(RegistrationQuestion)
    return dict(
        (await db.exec(counted.where(RegistrationQuestion.event_id == event_id).group_by(col(RegistrationAnswer.question_id)))).all()
    )


async def answers_of(db: Db, registration_id: UUID) -> Answers:
    """What this registration said, to questions that are retired by now too."""
    rows = await db.exec(select(RegistrationAnswer).where(RegistrationAnswer.registration_id == registration_id))
    return {row.question_id: row.words for row in rows}


async def acceptances_of(db: Db, registration_id: UUID) -> Sequence[tuple[TermsAcceptance, EventTerms]]:
    """The oldest version first."""
    mine = select(TermsAcceptance, EventTerms).join(EventTerms).where(TermsAcceptance.registration_id == registration_id)
    return (await db.exec(mine.order_by(col(EventTerms.number)))).all()


async def answers_seen_by(
    db: Db, event_id: UUID, readers: SeenBy
) -> Sequence[tuple[Registration, RegistrationQuestion, RegistrationAnswer]]:
    """The answers of confirmed registrations that these readers may see, and no others; by registration, then in the form's order."""
    rows = (
        select(Registration, RegistrationQuestion, RegistrationAnswer)
        .join(RegistrationAnswer, col(RegistrationAnswer.registration_id) == Registration.id)
        .join(RegistrationQuestion, col(RegistrationQuestion.id) == RegistrationAnswer.question_id)
        .where(Registration.event_id == event_id, RegistrationQuestion.seen_by == readers)
        .where(col(Registration.cancelled_at).is_(None), col(Registration.confirmed_at).is_not(None))
    )
    return (await db.exec(rows.order_by(col(Registration.id), col(RegistrationQuestion.position), col(RegistrationQuestion.version)))).all()
