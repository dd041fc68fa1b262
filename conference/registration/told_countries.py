"""The country that people told on the registration form, for those who never told their own page one. It goes when the answer goes."""

from uuid import UUID

from sqlmodel import col, select

from conference.programme.tables import Event
from conference.registration.form_tables import AnswerKind, RegistrationAnswer, RegistrationQuestion, SeenBy
from conference.storage.database import Db


async def told_countries(db: Db, event: Event) -> dict[UUID, str]:
    """By registration: the answer to the first question for a country that organisers read."""
    rows = (
        select(RegistrationAnswer.registration_id, RegistrationAnswer.words)
        .join(RegistrationQuestion, col(RegistrationQuestion.id) == col(RegistrationAnswer.question_id))
        .where(
            RegistrationQuestion.event_id == event.id,
            RegistrationQuestion.kind == AnswerKind.country,
            RegistrationQuestion.seen_by == SeenBy.organisers,
        )
        .order_by(col(RegistrationQuestion.position).desc(), col(RegistrationAnswer.answered_at), col(RegistrationAnswer.id))
    )
    return {registration_id: words[0] for registration_id, words in await db.exec(rows) if words}
