"""Seeing a part of the programme (pure): a day, a track, a type of session, each by an address that can be shared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from conference.programme.queries import SessionFacts
from conference.programme.rules import TYPE_WORDS
from conference.times import short_date, zone_named


@dataclass(frozen=True, slots=True)
class Choice:
    words: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Narrowing:
    """One question to the programme, with its answers; the first asks for everything."""

    words: str
    choices: tuple[Choice, ...]


def narrowed(programme: Sequence[SessionFacts], asked: Mapping[str, str]) -> list[SessionFacts]:
    """The sessions that the address asks for: `?day=2025-07-10&track=collections&type=panel`. An unknown word finds none."""
    return [facts for facts in programme if all(asked.get(key, word) in (word, "") for key, word in _words_of(facts).items())]


def narrowings(programme: Sequence[SessionFacts], asked: Mapping[str, str], path: str) -> tuple[Narrowing, ...]:
    """Every way to narrow this programme that leaves a choice; what else the address says is kept."""
    days, tracks, types = {}, {}, {}
    for facts in programme:
        keys = _words_of(facts)
        days[keys["day"]] = short_date(facts.session.starts_at.astimezone(zone_named(facts.event.zone)).date())
        types[keys["type"]] = TYPE_WORDS[facts.session.type]
        if facts.track:
            tracks[keys["track"]] = facts.track.name
    offered = (("day", "Day", days), ("track", "Track", tracks), ("type", "Type", types))
    return tuple(Narrowing(words, _choices(key, options, asked, path)) for key, words, options in offered if len(options) > 1)


def _words_of(facts: SessionFacts) -> dict[str, str]:
    day = facts.session.starts_at.astimezone(zone_named(facts.event.zone)).date()
    return {"day": day.isoformat(), "track": facts.track.slug if facts.track else "", "type": facts.session.type.value}


def _choices(key: str, options: Mapping[str, str], asked: Mapping[str, str], path: str) -> tuple[Choice, ...]:
    def href(value: str) -> str:
        kept = {name: word for name, word in {**asked, key: value}.items() if word}
        return f"{path}?{urlencode(kept)}" if kept else path

    everything = Choice("All", href(""), not asked.get(key))
    return (everything, *(Choice(words, href(value), asked.get(key) == value) for value, words in options.items()))
