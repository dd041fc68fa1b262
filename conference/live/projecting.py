"""What a stage shows to a hall (pure): the question that is being answered, or those with most votes; a poll; the last caption.

static/js/projector-stage.js chooses alike while the page is open.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from conference.live.charts import Chart, chart_of
from conference.live.poll_tables import PollState
from conference.live.polling import drafted_at
from conference.live.shapes import AnnouncementShown, PollShown
from conference.live.state import PollFacts, QuestionFacts, StageState
from conference.live.tables import QuestionState
from conference.live.views import poll_shown

TOP = 3
LINGERS = timedelta(minutes=3)  # a poll's results, after it was closed
CAPTION_STANDS = timedelta(seconds=30)
SIZES = (60, 120, 220, 350)  # up to so many characters for each size; the last is for whatever is longer


@dataclass(frozen=True, slots=True)
class Big:
    """A question as a hall reads it."""

    id: UUID
    text: str
    author: str
    votes: int
    size: int  # from 1, the largest type


@dataclass(frozen=True, slots=True)
class Projected:
    pinned: Big | None = None
    top: tuple[Big, ...] = ()  # where nothing is pinned
    chart: Chart | None = None
    lingers_until: datetime | None = None  # the chart of a poll that is closed
    caption: str = ""
    announcements: tuple[AnnouncementShown, ...] = ()


def projected(state: StageState, announcements: tuple[AnnouncementShown, ...], now: datetime) -> Projected:
    pinned = state.questions.get(state.run.pinned_id) if state.run.pinned_id else None
    is_on = pinned is not None and pinned.state in (QuestionState.visible, QuestionState.answered)
    poll = _poll_now(state.polls.values(), now)
    last = state.captions[-1] if state.captions else None
    return Projected(
        pinned=_big(pinned) if pinned and is_on else None,
        top=() if is_on else tuple(map(_big, _most_voted(state.questions.values()))),
        chart=_hall_chart(poll_shown(poll)) if poll else None,
        lingers_until=poll.closed_at + LINGERS if poll and poll.closed_at else None,
        caption=last.text if last and now < last.at + CAPTION_STANDS else "",
        announcements=announcements,
    )


def size_of(text: str) -> int:
    """A wide letter takes the room of two."""
    room = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return next((size for size, most in enumerate(SIZES, 1) if room <= most), len(SIZES) + 1)


def _hall_chart(poll: PollShown) -> Chart:
    """While results are hidden the hall reads what there is to choose from."""
    chart = chart_of(poll)
    return replace(chart, words=" · ".join(poll.options)) if poll.tally is None and poll.options else chart


def _poll_now(polls: Iterable[PollFacts], now: datetime) -> PollFacts | None:
    """The last one that is open, or else was just closed."""
    known = sorted(polls, key=drafted_at)
    fresh = [poll for poll in known if poll.state == PollState.closed and poll.closed_at and now < poll.closed_at + LINGERS]
    shown = fresh + [poll for poll in known if poll.state == PollState.open]
    return shown[-1] if shown else None


def _most_voted(questions: Iterable[QuestionFacts]) -> list[QuestionFacts]:
    """Of those that are open."""
    on = [each for each in questions if each.state == QuestionState.visible]
    return sorted(on, key=lambda each: (-each.votes, each.approved_at or each.asked_at, each.id))[:TOP]


def _big(question: QuestionFacts) -> Big:
    author = "Anonymous" if question.anonymous else question.author
    return Big(question.id, question.text, author, question.votes, size_of(question.text))
