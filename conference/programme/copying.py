"""An edition on new dates (pure): what every date and time becomes, and what of it an organiser must decide. Wall-clock times are kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from conference.date_words import dates_in
from conference.programme.queries import SessionFacts
from conference.programme.tables import Event, KeyDate
from conference.times import city_of, clock_time, long_date, spoken_moment, spoken_zone, zone_named

SATURDAY = 5
SHOWN = 8  # names in one sentence
TEXTS = {
    "title": "title",
    "summary": "summary",
    "about": "about",
    "who_for": "who it is for",
    "take_part": "how to take part",
    "fee_words": "fee",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """The edition that is wanted."""

    slug: str
    title: str
    first_day: date
    with_speakers: bool


@dataclass(frozen=True, slots=True)
class DayMoved:
    before: str  # "Friday 25 June 2021"
    after: str
    sessions: int
    weekday_changes: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that an organiser should look at, and why."""

    about: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Edition:
    """All that is copied of an event."""

    event: Event
    sessions: Sequence[SessionFacts]  # published, not cancelled
    key_dates: Sequence[KeyDate]
    places: int | None  # of the whole event
    with_seats: Sequence[str]  # titles of sessions with limited seats


def shift_of(event: Event, first_day: date) -> timedelta:
    """Whole days between the old first day and the new one."""
    return first_day - event.starts_at.astimezone(zone_named(event.zone)).date()


def moved(instant: datetime, zone: str, by: timedelta) -> datetime:
    """The same time on the clock, so many days later. A time that the clocks skip becomes one as much later; of two, the first is taken."""
    wall = instant.astimezone(zone_named(zone)).replace(tzinfo=None, fold=0) + by
    return wall.replace(tzinfo=zone_named(zone)).astimezone(UTC)


def days_moved(edition: Edition, wish: Wish) -> tuple[DayMoved, ...]:
    event, by = edition.event, shift_of(edition.event, wish.first_day)
    zone = zone_named(event.zone)
    counts: dict[date, int] = {event.starts_at.astimezone(zone).date(): 0}
    for facts in edition.sessions:
        day = facts.session.starts_at.astimezone(zone).date()
        counts[day] = counts.get(day, 0) + 1
    return tuple(
        DayMoved(long_date(day), long_date(day + by), counts[day], day.weekday() != (day + by).weekday()) for day in sorted(counts)
    )


def decisions_of(edition: Edition, wish: Wish, now: datetime) -> tuple[Decision, ...]:
    """What needs somebody's decision after the copy, the weightiest first."""
    by = shift_of(edition.event, wish.first_day)
    return (
        *_weekdays(edition, by),
        *_clocks(edition, by),
        *_key_dates(edition, by, now),
        *_registration(edition),
        *_texts(edition, wish),
        *_left_out(edition, wish),
    )


def _weekdays(edition: Edition, by: timedelta) -> Iterator[Decision]:
    event = edition.event
    if by.days % 7:
        first = event.starts_at.astimezone(zone_named(event.zone)).date()
        nearest = first + timedelta(days=round(by.days / 7) * 7)
        words = f"{first:%A}s become {first + by:%A}s. To keep every weekday, begin on {long_date(nearest)}."
        yield Decision("Weekdays", words)
    zone = zone_named(event.zone)
    on_weekends = [
        facts.session.title
        for facts in edition.sessions
        if (day := facts.session.starts_at.astimezone(zone).date()).weekday() < SATURDAY <= (day + by).weekday()
    ]
    if on_weekends:
        yield Decision("Weekend", f"On a Saturday or Sunday now, and not before: {_some(on_weekends)}.")
    free = [date.fromisoformat(day) for day in event.free_days]
    workdays = [day + by for day in free if day.weekday() >= SATURDAY > (day + by).weekday()]
    if workdays:
        yield Decision("Free days", f"Free days that were a weekend fall on workdays now: {', '.join(map(long_date, workdays))}.")


def _clocks(edition: Edition, by: timedelta) -> Iterator[Decision]:
    """Times that don't exist on the new day, or twice; and a clock that is another than before."""
    event = edition.event
    zone = zone_named(event.zone)
    for facts in edition.sessions:
        for instant in (facts.session.starts_at, facts.session.ends_at):
            wall = instant.astimezone(zone).replace(tzinfo=None, fold=0) + by
            early, late = (wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
            if early != late:
                copy = moved(instant, event.zone, by).astimezone(zone)
                what = "does not happen" if (early or timedelta()) < (late or timedelta()) else "happens twice"
                said = f"{clock_time(wall)} on {long_date(wall.date())} {what} in {city_of(event.zone)}, as the clocks change"
                yield Decision(
                    "Clock change", f"“{facts.session.title}”: {said}. It stands at {clock_time(copy)} ({spoken_zone(copy, event.zone)})."
                )
    before, after = spoken_zone(event.starts_at, event.zone), spoken_zone(moved(event.starts_at, event.zone, by), event.zone)
    if before != after:
        kept = f"{city_of(event.zone)} keeps {after} on the new dates and kept {before} on the old ones"
        words = f"{kept}: in other zones every session is at another hour."
        yield Decision("Another clock", words)


def _key_dates(edition: Edition, by: timedelta, now: datetime) -> Iterator[Decision]:
    event = edition.event
    for one in edition.key_dates:
        at = moved(one.at, event.zone, by) if one.at else None
        day = one.day + by if one.day else None
        if at and at <= now:
            yield Decision("Key date", f"“{one.title}” would be {spoken_moment(at, event.zone)}, which is over.")
        elif day and day < now.astimezone(zone_named(event.zone)).date():
            yield Decision("Key date", f"“{one.title}” would be {long_date(day)}, which is over.")


def _registration(edition: Edition) -> Iterator[Decision]:
    words = "Nobody can register before the event starts, until you say from when on: on the page of the event itself."
    yield Decision("Registration", words)
    if edition.places is not None:
        yield Decision("Places", f"{edition.places} places, as before. Is that still right?")
    if edition.with_seats:
        yield Decision("Seats", f"Seats were limited in {_some(edition.with_seats)}: set their number when they are released.")


def _texts(edition: Edition, wish: Wish) -> Iterator[Decision]:
    """Texts in which a date is written: it is an old one."""
    for name, words in TEXTS.items():
        if name != "title" and (found := dates_in(getattr(edition.event, name))):
            yield Decision("Dates in texts", f"The text “{words}” of the event says {_quoted(one.words for one in found)}.")
    if str(edition.event.starts_at.year) in wish.title and edition.event.starts_at.year != wish.first_day.year:
        yield Decision("Dates in texts", f"The new title says {edition.event.starts_at.year}.")
    for one in edition.key_dates:
        if found := dates_in(f"{one.title}\n{one.words}"):
            yield Decision("Dates in texts", f"The key date “{one.title}” says {_quoted(date_.words for date_ in found)}.")
    for facts in edition.sessions:
        if found := dates_in(f"{facts.session.title}\n{facts.session.abstract}"):
            yield Decision("Dates in texts", f"“{facts.session.title}” says {_quoted(one.words for one in found)}.")


def _left_out(edition: Edition, wish: Wish) -> Iterator[Decision]:
    links = [facts.session.title for facts in edition.sessions if facts.session.join_url or facts.session.stream_url]
    if links:
        yield Decision("Links", f"Links to join and streams are not copied: {_some(links)}.")
    spoken = [facts.session.title for facts in edition.sessions if facts.speakers]
    if spoken and not wish.with_speakers:
        yield Decision("Speakers", f"Nobody is copied: choose who speaks at {_some(spoken)}.")
    elif spoken:
        yield Decision("Speakers", "They are copied as they were, and nobody was asked: do they come again?")
    yield Decision("Organisers", "You alone organise the copy. Give the others their roles.")


def _some(titles: Sequence[str]) -> str:
    shown = ", ".join(f"“{title}”" for title in titles[:SHOWN])
    return shown + (f" and {len(titles) - SHOWN} more" if len(titles) > SHOWN else "")


def _quoted(words: Iterator[str]) -> str:
    return ", ".join(f"“{one}”" for one in dict.fromkeys(words))
