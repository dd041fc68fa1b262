"""What somebody asked already on a stage (pure): offered to whoever is about to ask it again."""

from collections.abc import Sequence
from uuid import UUID

from conference.live.cards import on_stage
from conference.live.similar import alike
from conference.live.state import QuestionFacts, StageState
from conference.live.tables import QuestionState

OFFERED = (QuestionState.visible, QuestionState.answered)


def asked_before(state: StageState, text: str, person_id: UUID | None) -> Sequence[QuestionFacts]:
    """Questions of others that are open or answered, the likest first."""
    return alike(text, [(each, each.text) for each in on_stage(state) if each.state in OFFERED and each.person_id != person_id])
