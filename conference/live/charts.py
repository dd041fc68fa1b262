"""A poll's results as a chart shows them (pure): one bar for each choice. static/js/poll-chart.js does the same where the page is open."""

from dataclasses import dataclass
from uuid import UUID

from conference.live.poll_tables import PollKind, PollState
from conference.live.rules import RATINGS
from conference.live.shapes import PollShown

KINDS = {
    PollKind.single: "One answer",
    PollKind.multiple: "Any number of answers",
    PollKind.rating: "A rating from 1 to 5",
    PollKind.words: "Up to three short words",
}
STATES = {PollState.draft: "Draft", PollState.open: "Open", PollState.closed: "Closed", PollState.archived: "Archived"}
LATER = "The results are shown when the poll is closed."
NOBODY_YET = "Nobody has answered yet."


@dataclass(frozen=True, slots=True)
class Bar:
    choice: str  # as in the tally
    label: str
    count: int
    share: int  # percent of those who answered


@dataclass(frozen=True, slots=True)
class Chart:
    """What templates/parts/poll_chart.html shows."""

    id: UUID
    prompt: str
    state: PollState
    kind_words: str
    state_words: str
    answers: str  # "12 people answered"
    bars: tuple[Bar, ...]
    words: str  # instead of bars, or below them; may be empty


def chart_of(poll: PollShown) -> Chart:
    """Options in their order, ratings from 1 to 5, words by how many gave them."""
    tally = poll.tally or {}
    bars = tuple(Bar(choice, label, count := tally.get(choice, 0), _share(count, poll.ballots)) for choice, label in _labels(poll))
    return Chart(
        id=poll.id,
        prompt=poll.prompt,
        state=poll.state,
        kind_words=KINDS[poll.kind],
        state_words=STATES[poll.state],
        answers=f"{poll.ballots} {'person' if poll.ballots == 1 else 'people'} answered",
        bars=bars if poll.tally is not None and poll.ballots else (),
        words=_words(poll),
    )


def _labels(poll: PollShown) -> list[tuple[str, str]]:
    if poll.kind == PollKind.rating:
        return [(rating, rating) for rating in RATINGS]
    if poll.kind == PollKind.words:
        by_count = sorted((poll.tally or {}).items(), key=lambda each: (-each[1], each[0]))
        return [(word, word) for word, _ in by_count]
    return [(str(place), option) for place, option in enumerate(poll.options)]


def _words(poll: PollShown) -> str:
    if poll.tally is None:
        return LATER
    if not poll.ballots:
        return NOBODY_YET
    if poll.kind != PollKind.rating:
        return ""
    mean = sum(int(rating) * count for rating, count in poll.tally.items()) / max(sum(poll.tally.values()), 1)
    return f"On average {mean:.1f} of 5."


def _share(count: int, ballots: int) -> int:
    return int(100 * count / ballots + 0.5) if ballots else 0
