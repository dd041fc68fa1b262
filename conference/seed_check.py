"""What can be wrong between the tables of seed files that are each well-formed: slugs that name nothing, times that can't be.

Each check yields `Fault(file, key, sentence)`; none stops at the first, so that a file is mended in one go.
"""

import re
from calendar import day_name, month_name
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from itertools import chain
from typing import NamedTuple

from conference.errors import Invalid
from conference.seed_models import (
    Seed,
    SeedDemo,
    SeedEvent,
    SeedKeyDate,
    SeedPerson,
    SeedQuestion,
    SeedSession,
    SeedVenue,
)
from conference.times import clock_time, long_date

_MONTHS = list(month_name)  # January is 1
_DATED_DAY = re.compile(rf"\b({'|'.join(day_name)}),? (\d{{1,2}}) ({'|'.join(_MONTHS[1:])})(?: (\d{{4}}))?\b")


class Fault(NamedTuple):
    file: str
    key: str  # dotted, such as sessions[3].starts, counted from 0; empty for a whole file
    sentence: str

    def __str__(self) -> str:
        return ": ".join(part for part in self if part)


def check_seed(seed: Seed) -> list[Fault]:
    """Every fault between the tables of these files, file by file."""
    events = chain.from_iterable(_event(event, seed.venues) for event in seed.events)
    return [*_twice("venues.toml", "venues", "slug", [venue.slug for venue in seed.venues]), *events, *_demo(seed.demo, seed.events)]


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown word: the one meant, or all that there are."""
    choices = sorted(known)
    close = get_close_matches(word, choices, n=1)
    if close:
        return f"did you mean “{close[0]}”?"
    return "known are " + ", ".join(choices) + "." if choices else "none are written down yet."


def _event(event: SeedEvent, venues: Sequence[SeedVenue]) -> Iterator[Fault]:
    file = f"{event.slug}.toml"
    for key, rows in (
        ("rooms", event.rooms),
        ("tracks", event.tracks),
        ("key_dates", event.key_dates),
        ("speakers", event.speakers),
        ("sessions", event.sessions),
    ):
        yield from _twice(file, key, "slug", [row.slug for row in rows])
    for n, room in enumerate(event.rooms):
        yield from _unknown(file, f"rooms[{n}].venue", "venue", room.venue, {venue.slug for venue in venues})
    span = _Span(event, file)
    yield from span.faults("", "starts", event.starts, "ends", event.ends)
    yield from span.faults("registration.", "opens", event.registration.opens, "closes", event.registration.closes)
    for n, session in enumerate(event.sessions):
        key = f"sessions[{n}]."
        yield from _session_names(event, session, file, key)
        yield from span.faults(key, "starts", session.starts, "ends", session.ends)
        yield from _outside(event, session, file, key)
    for n, key_date in enumerate(event.key_dates):
        yield from _key_date(event, key_date, file, f"key_dates[{n}]")


def _session_names(event: SeedEvent, session: SeedSession, file: str, key: str) -> Iterator[Fault]:
    rooms = {room.slug: room for room in event.rooms}
    yield from _unknown(file, f"{key}room", "room", session.room, rooms)
    if session.track is not None:
        yield from _unknown(file, f"{key}track", "track", session.track, {track.slug for track in event.tracks})
    for n, speaker in enumerate(session.speakers):
        yield from _unknown(file, f"{key}speakers[{n}]", "speaker", speaker, {known.slug for known in event.speakers})
    room = rooms.get(session.room)
    if room and room.capacity and session.seats and session.seats > room.capacity:
        yield Fault(file, f"{key}seats", f"{session.seats} seats do not fit into “{room.name}”, which holds {room.capacity}.")


class _Span(NamedTuple):
    """Finds what is wrong with pairs of wall times on an event's clock."""

    event: SeedEvent
    file: str

    def faults(self, key: str, first: str, starts: datetime | None, last: str, ends: datetime | None) -> Iterator[Fault]:
        yield from self.never_or_twice(key + first, starts)
        yield from self.never_or_twice(key + last, ends)
        if starts and ends and ends <= starts:
            yield Fault(self.file, key + last, f"{_said(ends)} is not after `{first}`, {_said(starts)}. Choose a later time.")

    def never_or_twice(self, key: str, at: datetime | None) -> Iterator[Fault]:
        try:
            if at:
                self.event.instant(at)
        except Invalid as refusal:
            yield Fault(self.file, key, refusal.sentence)


def _outside(event: SeedEvent, session: SeedSession, file: str, key: str) -> Iterator[Fault]:
    if session.starts < event.starts:
        yield Fault(
            file,
            f"{key}starts",
            f"{_said(session.starts)} is before the event starts, {_said(event.starts)}. Move the session, or the event's `starts`.",
        )
    if session.ends > event.ends:
        yield Fault(
            file,
            f"{key}ends",
            f"{_said(session.ends)} is after the event ends, {_said(event.ends)}. Move the session, or the event's `ends`.",
        )


def _key_date(event: SeedEvent, key_date: SeedKeyDate, file: str, key: str) -> Iterator[Fault]:
    if (key_date.at is None) == (key_date.day is None):
        yield Fault(file, key, "a key date has exactly one of `at` (a moment) and `day` (a whole day). Keep the one that people must meet.")
    yield from _Span(event, file).never_or_twice(f"{key}.at", key_date.at)
    year = (key_date.at or key_date.day or event.starts).year
    for said, day, month, said_year in _DATED_DAY.findall(key_date.words):
        yield from _weekday(file, f"{key}.words", said, (int(said_year or year), _MONTHS.index(month), int(day)))


def _weekday(file: str, key: str, said: str, year_month_day: tuple[int, int, int]) -> Iterator[Fault]:
    try:
        day = date(*year_month_day)
    except ValueError:
        yield Fault(file, key, f"{_MONTHS[year_month_day[1]]} {year_month_day[0]} has no day {year_month_day[2]}. Correct the date.")
        return
    if f"{day:%A}" != said:
        yield Fault(file, key, f"“{said}” does not fit: it was {long_date(day)}. Correct the weekday or the date.")


def _demo(demo: SeedDemo, events: Sequence[SeedEvent]) -> Iterator[Fault]:
    by_slug = {event.slug: event for event in events}
    people = {person.email: person for person in demo.people}
    yield from _twice("demo.toml", "people", "email", [person.email for person in demo.people])
    for n, person in enumerate(demo.people):
        yield from _person(person, f"people[{n}]", by_slug)
    for n, question in enumerate(demo.questions):
        yield from _question(question, f"questions[{n}]", by_slug, people)


def _person(person: SeedPerson, key: str, events: dict[str, SeedEvent]) -> Iterator[Fault]:
    for n, event in enumerate(person.registered):
        yield from _unknown("demo.toml", f"{key}.registered[{n}]", "event", event, events)
    for n, event in enumerate(person.given_places):
        yield from _unknown("demo.toml", f"{key}.given_places[{n}]", "event", event, events)
    for n, role in enumerate(person.roles):
        yield from _unknown_session(f"{key}.roles[{n}]", role.event, role.session, events)
    for n, said in enumerate(person.said):
        yield from _unknown("demo.toml", f"{key}.said[{n}]", "event", said.event, events)
        asked = {question.label for question in events[said.event].form.questions} if said.event in events else {said.question}
        if said.question not in asked:
            yield Fault("demo.toml", f"{key}.said[{n}].question", f"The form does not ask “{said.question}”. Use a question's own label.")
    for n, booking in enumerate(person.bookings):
        where = f"{key}.bookings[{n}]"
        yield from _unknown_session(where, booking.event, booking.session, events)
        yield from _has_place(where, person, booking.event, "a seat")
        if any(session.slug == booking.session and session.seats is None for session in _sessions(events, booking.event)):
            yield Fault(
                "demo.toml", f"{where}.session", f"“{booking.session}” has no `seats` to book. Give it seats, or leave the booking out."
            )


def _question(question: SeedQuestion, key: str, events: dict[str, SeedEvent], people: dict[str, SeedPerson]) -> Iterator[Fault]:
    yield from _unknown_session(key, question.event, question.session, events)
    for where, email in (
        (f"{key}.asked_by", question.asked_by),
        *((f"{key}.voters[{n}]", voter) for n, voter in enumerate(question.voters)),
    ):
        yield from _unknown("demo.toml", where, "person", email, people)
        if email in people:
            yield from _has_place(where, people[email], question.event, "a question or a vote")


def _has_place(key: str, person: SeedPerson, event: str, what: str) -> Iterator[Fault]:
    if event not in (*person.registered, *person.given_places):
        yield Fault(
            "demo.toml",
            key,
            f"{what} needs a place at “{event}”, and {person.email} has none. Add the event to that person's `registered`.",
        )


def _unknown_session(key: str, event: str, session: str | None, events: dict[str, SeedEvent]) -> Iterator[Fault]:
    yield from _unknown("demo.toml", f"{key}.event", "event", event, events)
    if session is not None and event in events:
        yield from _unknown("demo.toml", f"{key}.session", "session", session, {known.slug for known in _sessions(events, event)})


def _sessions(events: dict[str, SeedEvent], event: str) -> Sequence[SeedSession]:
    return events[event].sessions if event in events else ()


def _unknown(file: str, key: str, kind: str, slug: str, known: Iterable[str]) -> Iterator[Fault]:
    if slug not in (choices := set(known)):
        yield Fault(file, key, f"there is no {kind} “{slug}”; {nearest(slug, choices)}")


def _twice(file: str, rows: str, key: str, names: Sequence[str]) -> Iterator[Fault]:
    for name, count in Counter(names).items():
        if count > 1:
            again = [n for n, other in enumerate(names) if other == name][1]
            yield Fault(
                file, f"{rows}[{again}].{key}", f"“{name}” is used {count} times, first in {rows}[{names.index(name)}]. Give each its own."
            )


def _said(at: datetime) -> str:
    return f"{clock_time(at)} on {long_date(at.date())}"
