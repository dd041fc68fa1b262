"""Questions and cues as their speakers see them (pure): what everybody may see, in the order in which it is answered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from conference.live.rules import age_words
from conference.live.state import QuestionFacts, StageState
from conference.live.tables import QuestionState
from conference.live.views import ON_STAGE
from conference.times import clock_time, short_date, zone_named


@dataclass(frozen=True, slots=True)
class SpeakersCard:
    """A question on the speaker's page."""

    id: UUID
    text: str
    author: str
    votes: int
    pinned: bool  # it is being answered now
    state: str
    answered_words: str
    answer: str  # in writing


@dataclass(frozen=True, slots=True)
class CueCard:
    text: str
    at: str  # ISO 8601 UTC
    age_words: str


def speakers_cards(state: StageState, zone: str, *, answered: bool) -> tuple[SpeakersCard, ...]:
    """Those that are open, or those that need no answer any more: the pinned one first, then by votes."""
    shown = [each for each in state.questions.values() if each.state in ON_STAGE and (each.state != QuestionState.visible) == answered]
    pinned = state.run.pinned_id
    ordered = sorted(shown, key=lambda each: (each.id != pinned, -each.votes, each.approved_at or each.asked_at, each.id))
    return tuple(_card(each, zone, pinned=each.id == pinned) for each in ordered)


def cue_cards(state: StageState, now: datetime) -> tuple[CueCard, ...]:
    """The newest first."""
    return tuple(CueCard(cue.text, f"{cue.at:%Y-%m-%dT%H:%M:%SZ}", age_words(cue.at, now)) for cue in reversed(state.cues))


def answered_words(answered_at: datetime | None, written_at: datetime | None, zone: str) -> str:
    """`Answered live at 10:41 and in writing at 14:05 on Fri 25 June.`; empty where it was not. The zone is said elsewhere on the page."""
    live = f"live at {_clock(answered_at, zone)}" if answered_at else ""
    written = f"in writing at {_clock(written_at, zone)} on {_day(written_at, zone)}" if written_at else ""
    both = " and ".join(filter(None, (live, written)))
    return f"Answered {both}." if both else ""


def _card(question: QuestionFacts, zone: str, *, pinned: bool) -> SpeakersCard:
    return SpeakersCard(
        id=question.id,
        text=question.text,
        author="Anonymous" if question.anonymous else question.author,
        votes=question.votes,
        pinned=pinned,
        state=question.state,
        answered_words=answered_words(question.answered_at, question.written_at, zone),
        answer=question.written_answer,
    )


def _clock(at: datetime, zone: str) -> str:
    return clock_time(at.astimezone(zone_named(zone)))


def _day(at: datetime, zone: str) -> str:
    return short_date(at.astimezone(zone_named(zone)).date())
