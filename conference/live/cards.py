"""Questions as pages show them (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from conference.live.messages import Here
from conference.live.rules import age_words
from conference.live.state import QuestionFacts, StageState
from conference.live.tables import QuestionState
from conference.live.views import ON_STAGE
from conference.times import clock_time, zone_named

NOBODY = UUID(int=0)  # stands for the id in the markup that live messages fill


class Sort(StrEnum):
    votes = "votes"
    newest = "newest"


@dataclass(frozen=True, slots=True)
class Clock:
    """The reader's: `place` is said after a time, as in "10:42 your time"."""

    zone: str
    place: str
    now: datetime

    def time(self, instant: datetime) -> str:
        """`10:42`"""
        return clock_time(instant.astimezone(zone_named(self.zone)))

    def words(self, instant: datetime) -> str:
        """`10:42 your time`"""
        return f"{self.time(instant)} {self.place}"


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
    state_words: str = ""
    answer: str = ""  # in writing
    pinned: bool = False  # being answered now


def here_words(here: Here) -> str:
    """Who has the stage open now, as its script says it too; empty where nobody has."""
    people = f"{here.people} {'person' if here.people == 1 else 'people'} signed in" if here.people else ""
    guests = f"{here.guests} {'visitor' if here.guests == 1 else 'visitors'}" if here.guests else ""
    words = " and ".join(filter(None, (people, guests)))
    return f"On this stage now: {words}." if words else ""


def hole(state: QuestionState) -> Card:
    """The markup of a card without its words: live messages fill it."""
    return Card(NOBODY, "", "", "", "", 0, voted=False, own=False, state=state)


def on_stage(state: StageState) -> Sequence[QuestionFacts]:
    """What everybody may read."""
    return [each for each in state.questions.values() if each.state in ON_STAGE]


def public_cards(state: StageState, person_id: UUID | None, clock: Clock, sort: Sort = Sort.votes) -> tuple[Card, ...]:
    """What everybody sees, the pinned one first. It holds no name of whoever asked anonymously."""
    pinned_id = state.run.pinned_id
    ordered = sorted(on_stage(state), key=lambda each: (_shown_at(each), each.id), reverse=sort == Sort.newest)
    if sort == Sort.votes:
        ordered.sort(key=lambda each: -each.votes)
    ordered.sort(key=lambda each: each.id != pinned_id)
    return tuple(_public_card(each, state, person_id, clock) for each in ordered)


def moderators_author(author: str, *, anonymous: bool) -> str:
    return f"{author} (anonymous to the audience)" if anonymous else author


def _shown_at(question: QuestionFacts) -> datetime:
    return question.approved_at or question.asked_at


def _public_card(question: QuestionFacts, state: StageState, person_id: UUID | None, clock: Clock) -> Card:
    own = question.person_id == person_id
    return Card(
        id=question.id,
        text=question.text,
        author="Anonymous" if question.anonymous else question.author,
        at=iso(_shown_at(question)),
        age_words=age_words(_shown_at(question), clock.now),
        votes=question.votes,
        voted=(question.id, person_id) in state.votes,
        own=own,
        state=question.state,
        state_words=_state_words(question, clock),
        answer=question.written_answer,
        pinned=question.id == state.run.pinned_id,
    )


def _state_words(question: QuestionFacts, clock: Clock) -> str:
    """static/js/stage-cards.js says the same."""
    if question.answered_at:
        return f"Answered at {clock.words(question.answered_at)}"
    if question.written_at:
        return "Answered in writing"
    return "Put away, not answered" if question.state == QuestionState.archived else ""


def iso(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
