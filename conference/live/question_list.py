"""The questions of a stage as one reader chose to see them (pure): which, in which order, and the links to see them otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from conference.live.cards import Card, Clock, Sort, public_cards
from conference.live.page_parts import own_cards
from conference.live.player import Mode
from conference.live.state import StageState
from conference.live.tables import QuestionState

SHOWS = {"open": "Open", "answered": "Answered", "mine": "Mine"}
SORTS = {Sort.votes.value: "Most votes first", Sort.newest.value: "Newest first"}
KEPT = {"mode": frozenset(Mode), "sort": frozenset(SORTS), "show": frozenset(SHOWS)}  # what an address may ask for, and its forms keep


@dataclass(frozen=True, slots=True)
class Way:
    """A link that shows the questions otherwise."""

    name: str
    words: str
    href: str
    is_current: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class QuestionList:
    """All of them are in it; the page hides those that are not `shown`, so that its script needs no other."""

    cards: tuple[Card, ...]
    counts: Mapping[str, int]  # by what may be shown
    sort: str
    shown: str
    sorts: tuple[Way, ...]
    shows: tuple[Way, ...]


def question_list(state: StageState, person_id: UUID | None, clock: Clock, asked: Mapping[str, str]) -> QuestionList:
    """`asked`: what the address asks for."""
    held = _held(asked)
    sort, shown = held.get("sort", Sort.votes.value), held.get("show", "open")
    cards = public_cards(state, person_id, clock, Sort(sort))
    counts = {
        "open": sum(card.state == QuestionState.visible for card in cards),
        "answered": sum(card.state != QuestionState.visible for card in cards),
        "mine": sum(card.own for card in cards) + len(own_cards(state, person_id)),
    }
    return QuestionList(
        cards=cards,
        counts=counts,
        sort=sort,
        shown=shown,
        sorts=tuple(Way(name, words, _query({**held, "sort": name}), name == sort) for name, words in SORTS.items()),
        shows=tuple(Way(name, words, _query({**held, "show": name}), name == shown, counts[name]) for name, words in SHOWS.items()),
    )


def kept_query(asked: Mapping[str, str]) -> str:
    """How a page is shown, as the end of an address: "?mode=text&sort=newest", or nothing."""
    return _query(_held(asked))


def _held(asked: Mapping[str, str]) -> dict[str, str]:
    return {name: asked[name] for name, allowed in KEPT.items() if asked.get(name) in allowed}


def _query(held: Mapping[str, str]) -> str:
    return f"?{urlencode(held)}" if held else ""
