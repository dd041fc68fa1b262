"""Which registrations an organiser looks at (pure): what an address asks for, and the words that a search compares."""

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from conference.errors import Invalid

ANY = "any"  # in place of a session: whichever
LONGEST = 200  # characters of a search
# Letters that are no letter with a mark on it, as people without that key write them.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i", "ŧ": "t"})


class RollState(StrEnum):
    """What became of a registration."""

    live = "live"  # confirmed or pending
    confirmed = "confirmed"
    pending = "pending"
    cancelled = "cancelled"
    lapsed = "lapsed"  # its link was not opened in time


class RollOrder(StrEnum):
    newest = "newest"
    oldest = "oldest"
    name = "name"
    organisation = "organisation"
    country = "country"


@dataclass(frozen=True, slots=True)
class RollRow:
    """One registration and whose it is."""

    id: UUID
    person_id: UUID
    name: str
    email: str
    organisation: str
    country: str | None
    zone: str | None
    state: RollState
    made_at: datetime
    confirmed_at: datetime | None
    given: bool  # by an organiser
    kind: str = ""  # of ticket
    takes_part: bool = True  # its kind lets people into sessions


@dataclass(frozen=True, slots=True)
class RollFilter:
    """Empty words ask for nothing. `seat` and `waits` are slugs of sessions, or ANY."""

    q: str = ""
    state: RollState = RollState.live
    country: str = ""
    seat: str = ""
    waits: str = ""
    given: bool = False
    kind: str = ""  # slug of a kind of ticket
    since: date | None = None  # by the event's calendar
    order: RollOrder = RollOrder.newest

    @property
    def chosen(self) -> dict[str, str]:
        """As an address says it."""
        said = {
            "q": self.q,
            "state": "" if self.state is RollState.live else self.state.value,
            "country": self.country,
            "seat": self.seat,
            "waits": self.waits,
            "kind": self.kind,
            "given": "yes" if self.given else "",
            "since": self.since.isoformat() if self.since else "",
            "order": "" if self.order is RollOrder.newest else self.order.value,
        }
        return {name: value for name, value in said.items() if value}

    @property
    def narrows(self) -> bool:
        return bool(self.chosen.keys() - {"order"})

    def as_query(self, **more: object) -> str:
        return urlencode(self.chosen | {name: str(value) for name, value in more.items()})


def roll_filter(asked: Mapping[str, str], sessions: Collection[str], kinds: Collection[str] = ()) -> RollFilter:
    """What an address or a form asks for; `sessions` and `kinds` are the slugs that there are.

    Raises Invalid with a sentence for each field.
    """
    wrong: dict[str, str] = {}

    def read(name: str, take: Callable[[str], Any], otherwise: Any, sentence: str) -> Any:
        typed = asked.get(name, "").strip()
        try:
            return take(typed) if typed else otherwise
        except ValueError:
            wrong[name] = sentence
            return otherwise

    def known(slug: str) -> str:
        if slug != ANY and slug not in sessions:
            raise ValueError(slug)
        return slug

    def known_kind(slug: str) -> str:
        if slug not in kinds:
            raise ValueError(slug)
        return slug

    gone = "There is no such session now: choose one from the list."
    found = RollFilter(
        q=" ".join(asked.get("q", "").split())[:LONGEST],
        state=read("state", RollState, RollState.live, "Choose a state from the list."),
        country=read("country", _country, "", "Choose a country from the list."),
        seat=read("seat", known, "", gone),
        waits=read("waits", known, "", gone),
        kind=read("kind", known_kind, "", "Choose a kind of ticket from the list."),
        given=asked.get("given", "") == "yes",
        since=read("since", date.fromisoformat, None, "Write the day as 2021-06-25."),
        order=read("order", RollOrder, RollOrder.newest, "Choose an order from the list."),
    )
    if wrong:
        first = next(iter(wrong))
        raise Invalid(first, wrong[first], wrong)
    return found


def searched(rows: Iterable[RollRow], words: str) -> list[RollRow]:
    """Those in whose name, address or organisation every word occurs, however it is written there."""
    wanted = folded(words).split()
    if not wanted:
        return list(rows)
    return [row for row in rows if _has_all(folded(f"{row.name} {row.email} {row.organisation}"), wanted)]


def ordered(rows: Iterable[RollRow], order: RollOrder) -> list[RollRow]:
    """Always the same order for the same rows: where they are alike, whoever came first."""
    by_time = sorted(rows, key=lambda row: (row.made_at, row.id))
    match order:
        case RollOrder.newest:
            return by_time[::-1]
        case RollOrder.oldest:
            return by_time
        case RollOrder.name:
            return sorted(by_time, key=lambda row: folded(row.name))
        case RollOrder.organisation:
            return sorted(by_time, key=lambda row: (not row.organisation, folded(row.organisation), folded(row.name)))
        case RollOrder.country:
            return sorted(by_time, key=lambda row: (not row.country, row.country or "", folded(row.name)))


def folded(text: str) -> str:
    """Without case and accents: `Ødegård` and `odegard` are one. The same on every database, for none is asked."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_PLAIN)


def _has_all(text: str, wanted: Sequence[str]) -> bool:
    return all(word in text for word in wanted)


def _country(code: str) -> str:
    if len(code) != 2 or not (code.isascii() and code.isalpha() and code.isupper()):
        raise ValueError(code)
    return code
