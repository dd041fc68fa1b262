"""Questions as pages show them (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from conference.live.messages import Here
from conference.live.rules import age_words
from conference.live.stage import QuestionFacts, StageState
from conference.live.tables import QuestionState
from conference.live.views import ON_STAGE

NOBODY = UUID(int=0)  # stands for the id in the markup that live messages fill


@dataclass(frozen=True, slots=True)
class Card:
    """What templates/parts/question_card.html shows."""

    id: UUID
    text: str
    author: str
    at: str  # ISO 8601 UTC: shown at, or asked at for moderators
    age_words: str
    votes: int
    voted: bool
    own: bool
    state: str


def here_words(here: Here) -> str:
    """Who has the stage open now, as its script says it too; empty where nobody has."""
    people = f"{here.people} {'person' if here.people == 1 else 'people'} signed in" if here.people else ""
    guests = f"{here.guests} {'visitor' if here.guests == 1 else 'visitors'}" if here.guests else ""
    words = " and ".join(filter(None, (people, guests)))
    return f"On this stage now: {words}." if words else ""


def hole(state: QuestionState) -> Card:
    """The markup of a card without its words: live messages fill it."""
    return Card(NOBODY, "", "", "", "", 0, voted=False, own=False, state=state)


def public_cards(state: StageState, shown: QuestionState, person_id: UUID | None, now: datetime) -> tuple[Card, ...]:
    """What everybody sees, most votes first. It holds no name of whoever asked anonymously."""
    assert shown in ON_STAGE
    found = [each for each in state.questions.values() if each.state == shown]
    ordered = sorted(found, key=lambda each: (-each.votes, each.approved_at or each.asked_at, each.id))
    return tuple(_card(each, _public_author(each), each.approved_at or each.asked_at, state, person_id, now) for each in ordered)


def moderators_cards(state: StageState, shown: QuestionState, now: datetime) -> tuple[Card, ...]:
    """The queue in the order it came; what is on the stage by votes."""
    found: Iterable[QuestionFacts] = (each for each in state.questions.values() if each.state == shown)
    ordered = sorted(found, key=lambda each: (-each.votes if shown in ON_STAGE else 0, each.asked_at, each.id))
    return tuple(_card(each, moderators_author(each.author, anonymous=each.anonymous), each.asked_at, state, None, now) for each in ordered)


def moderators_author(author: str, *, anonymous: bool) -> str:
    return f"{author} (anonymous to the audience)" if anonymous else author


def _public_author(question: QuestionFacts) -> str:
    return "Anonymous" if question.anonymous else question.author


def _card(question: QuestionFacts, author: str, at: datetime, state: StageState, person_id: UUID | None, now: datetime) -> Card:
    return Card(
        id=question.id,
        text=question.text,
        author=author,
        at=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        age_words=age_words(at, now),
        votes=question.votes,
        voted=(question.id, person_id) in state.votes,
        own=question.person_id == person_id,
        state=question.state,
    )
