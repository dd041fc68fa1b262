"""What one may choose of a programme on the subscribe page (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass

from conference.calendars.parts import Part, Published
from conference.programme.entry import is_listed
from conference.programme.filters import Filter, day_of, filter_from
from conference.programme.rules import TYPE_WORDS
from conference.times import short_date


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class PartChoices:
    """By the name that the address has for each kind: what can be chosen; a kind with only one is left out."""

    kinds: tuple[tuple[str, str, tuple[Choice, ...]], ...]  # (name, legend, choices)


def part_from(query: Iterable[tuple[str, str]]) -> Part:
    """`?session=` or `?speaker=` alone, else a filter. Raises Invalid."""
    words = list(query)
    for name, value in words:
        if name == "session" and value:
            return Part(session=value)
        if name == "speaker" and value:
            return Part(speaker=value)
    return Part(filter=filter_from(words))


def choices_in(published: Published, wanted: Filter) -> PartChoices:
    """What the programme has now, and what is chosen already."""
    listed = [facts for facts in published.sessions if is_listed(facts.session)]
    days = {day_of(facts.session.starts_at, published.event) for facts in listed} | set(wanted.days)
    types = {facts.session.type for facts in listed} | set(wanted.types)
    tracks = [track for track in published.tracks if track in published.tracks_shown or track.slug in wanted.tracks]
    kinds = (
        ("day", "Day", [(day.isoformat(), short_date(day), day in wanted.days) for day in sorted(days)]),
        ("track", "Track", [(track.slug, track.name, track.slug in wanted.tracks) for track in tracks]),
        ("type", "Kind of session", [(kind.value, TYPE_WORDS[kind], kind in wanted.types) for kind in sorted(types)]),
        ("venue", "Place", [(venue.slug, venue.name, venue.slug in wanted.venues) for venue in published.venues]),
    )
    return PartChoices(tuple((name, legend, tuple(Choice(*one) for one in many)) for name, legend, many in kinds if len(many) > 1))
