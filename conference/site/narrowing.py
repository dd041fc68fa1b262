"""The part of a programme that is on screen (pure): what can be chosen, what is, and where each choice leads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from conference.programme.filters import Filter, day_of
from conference.programme.queries import SessionFacts
from conference.programme.rules import TYPE_WORDS
from conference.programme.tables import SessionType
from conference.times import short_date

Option = tuple[str, str]  # what an address says, what people read


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind of thing to choose by; its name is the address's."""

    name: str
    words: str
    options: tuple[Option, ...]
    chosen: frozenset[str]


@dataclass(frozen=True, slots=True)
class Chip:
    """Something chosen, and the address without it."""

    words: str
    without: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    choices: tuple[Choice, ...]  # where there is more than one to choose from
    chips: tuple[Chip, ...]
    query: str  # of what is chosen, for the feed of the same: "track=skills"; empty: everything
    zone: str  # that the address asks for; it stays
    shown: int  # sessions, without breaks
    all: int
    here: str  # the programme's address with nothing chosen


def narrowing(programme: Sequence[SessionFacts], shown: Iterable[SessionFacts], wanted: Filter, here: str, zone: str) -> Narrowing:
    """`here` is the programme's address, `zone` what it asks for besides."""
    kinds = _kinds(programme)
    chosen = {
        "day": {day.isoformat() for day in wanted.days},
        "track": set(wanted.tracks),
        "type": {kind.value for kind in wanted.types},
        "venue": set(wanted.venues),
    }
    choices = [Choice(name, words, options, frozenset(chosen[name])) for name, (words, options) in kinds.items()]
    chips = [
        Chip(_words_of(choice, value), address(here, without(wanted, choice.name, value), zone))
        for choice in choices
        for value in sorted(choice.chosen)
    ]
    return Narrowing(
        tuple(choice for choice in choices if len(choice.options) > 1 or choice.chosen),
        tuple(chips),
        wanted.as_query(),
        zone,
        sum(facts.session.type is not SessionType.break_ for facts in shown),
        sum(facts.session.type is not SessionType.break_ for facts in programme),
        address(here, Filter(), zone),
    )


def address(here: str, wanted: Filter, zone: str) -> str:
    query = "&".join(part for part in (wanted.as_query(), f"zone={zone}" if zone else "") if part)
    return f"{here}?{query}" if query else here


def without(wanted: Filter, name: str, value: str) -> Filter:
    """The same filter with one word less."""
    match name:
        case "day":
            return replace(wanted, days=tuple(day for day in wanted.days if day.isoformat() != value))
        case "track":
            return replace(wanted, tracks=tuple(track for track in wanted.tracks if track != value))
        case "type":
            return replace(wanted, types=tuple(kind for kind in wanted.types if kind.value != value))
    return replace(wanted, venues=tuple(venue for venue in wanted.venues if venue != value))


def _kinds(programme: Sequence[SessionFacts]) -> dict[str, tuple[str, tuple[Option, ...]]]:
    """What there is to choose from, in the order of the programme; breaks are no choice, for feeds have none."""
    listed = [facts for facts in programme if facts.session.type is not SessionType.break_]
    return {
        "day": ("Day", _options(_day(facts) for facts in listed)),
        "track": ("Track", _options((facts.track.slug, facts.track.name) for facts in listed if facts.track)),
        "type": ("Type", _options((facts.session.type.value, TYPE_WORDS[facts.session.type]) for facts in listed)),
        "venue": ("Place", _options((facts.venue.slug, facts.venue.name) for facts in listed)),
    }


def _day(facts: SessionFacts) -> Option:
    day = day_of(facts.session.starts_at, facts.event)
    return day.isoformat(), short_date(day)


def _options(pairs: Iterable[Option]) -> tuple[Option, ...]:
    return tuple(dict.fromkeys(pairs))


def _words_of(choice: Choice, value: str) -> str:
    """What people call it, also where nothing of the programme has it now; at worst the address's own word."""
    if choice.name == "day":
        return short_date(date.fromisoformat(value))
    known = {kind.value: words for kind, words in TYPE_WORDS.items()} if choice.name == "type" else dict(choice.options)
    return known.get(value, value)
