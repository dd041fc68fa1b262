"""The part of a programme that somebody asked for (pure): the same words in a page's address and in a feed's.

`?day=2021-06-25&track=skills&type=workshop&venue=online`: each may come several times. Within one kind any may fit (this day or that),
among the kinds all must. Words in another order, or said twice, are the same filter, so that caches are shared.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from conference.errors import Invalid
from conference.programme.entry import Facts
from conference.programme.tables import Event, SessionType, Track, Venue
from conference.times import short_date, zone_named

MOST = 40  # words in one filter


@dataclass(frozen=True, slots=True)
class Filter:
    """Slugs, types and days (by the event's calendar), each kind sorted; an empty kind lets everything through."""

    days: tuple[date, ...] = ()
    tracks: tuple[str, ...] = ()
    types: tuple[SessionType, ...] = ()
    venues: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.days or self.tracks or self.types or self.venues)

    def matches(self, facts: Facts) -> bool:
        return self.fits(
            day_of(facts.session.starts_at, facts.event),
            facts.track.slug if facts.track else "",
            facts.session.type,
            facts.venue.slug,
        )

    def fits(self, day: date, track: str, kind: SessionType, venue: str) -> bool:
        """What `matches` asks, of what a session was once."""
        asked = ((self.days, day), (self.tracks, track), (self.types, kind), (self.venues, venue))
        return all(not wanted or value in wanted for wanted, value in asked)

    def as_query(self) -> str:
        """`day=2021-06-25&track=skills`, without a question mark; empty for the whole programme."""
        pairs = [("day", day.isoformat()) for day in self.days]
        pairs += [(name, word) for name, words in (("track", self.tracks), ("type", self.types), ("venue", self.venues)) for word in words]
        return urlencode(pairs)


def filter_from(query: Iterable[tuple[str, str]]) -> Filter:
    """Out of an address's words (Starlette's `request.query_params.multi_items()`); words of other names are left alone.

    Raises Invalid with a sentence for a day or a type that there is not. Whether the event has such tracks and venues says `check_filter`.
    """
    words: dict[str, set[str]] = {"day": set(), "track": set(), "type": set(), "venue": set()}
    for name, value in query:
        if name in words and value:
            words[name].add(value)
    if sum(map(len, words.values())) > MOST:
        raise Invalid("filter", f"That is too much at once: filter by at most {MOST} words.")
    return Filter(
        days=tuple(sorted(map(_day, words["day"]))),
        tracks=tuple(sorted(words["track"])),
        types=tuple(sorted(map(_type, words["type"]))),
        venues=tuple(sorted(words["venue"])),
    )


def check_filter(wanted: Filter, event: Event, tracks: Iterable[Track], venues: Iterable[Venue]) -> None:
    """Raises Invalid with a sentence for a word that means nothing at this event."""
    last = day_of(event.ends_at, event)
    for day in wanted.days:
        if not day_of(event.starts_at, event) <= day <= last:
            raise Invalid("day", f"{short_date(day)} {day.year} is not a day of {event.title}.")
    for name, asked, known in (
        ("track", wanted.tracks, {track.slug for track in tracks}),
        ("venue", wanted.venues, {venue.slug for venue in venues}),
    ):
        for word in asked:
            if word not in known:
                raise Invalid(name, f"{event.title} has no {name} “{word[:60]}”.")


def day_of(instant: datetime, event: Event) -> date:
    """The day by the event's calendar, as the programme page has it."""
    return instant.astimezone(zone_named(event.zone)).date()


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise Invalid("day", f"“{word[:60]}” is not a day: write it as 2021-06-25.") from None


def _type(word: str) -> SessionType:
    try:
        return SessionType(word)
    except ValueError:
        known = ", ".join(sorted(SessionType))
        raise Invalid("type", f"There is no type of session “{word[:60]}”. Known: {known}.") from None
