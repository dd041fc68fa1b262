"""The shipped seed data says what was announced, at the right instants, and marks what nobody announced."""

from collections import Counter
from datetime import UTC, date, datetime
from itertools import combinations, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from conference.programme.tables import SessionType
from conference.seed_format import read_seed
from conference.seed_models import Seed, SeedEvent, SeedSession

SHIPPED = Path(__file__).parents[2] / "seed_data"


@pytest.fixture(scope="module")
def shipped() -> Seed:
    return read_seed(SHIPPED)


def event_called(seed: Seed, slug: str) -> SeedEvent:
    return next(event for event in seed.events if event.slug == slug)


def session_called(event: SeedEvent, slug: str) -> SeedSession:
    return next(session for session in event.sessions if session.slug == slug)


def test_both_events_and_the_three_venues_are_read_in_the_order_of_their_dates(shipped: Seed) -> None:
    assert [event.slug for event in shipped.events] == ["wi-2021", "illp-2025"]
    assert [venue.slug for venue in shipped.venues] == ["british-library-london", "british-library-boston-spa", "online"]


@pytest.mark.parametrize(
    ("zone", "opening", "end"),
    [
        ("UTC", "Fri 09:00", "Fri 16:00"),
        ("Africa/Nairobi", "Fri 12:00", "Fri 19:00"),
        ("Asia/Dubai", "Fri 13:00", "Fri 20:00"),
        ("Asia/Kolkata", "Fri 14:30", "Fri 21:30"),
        ("Europe/Berlin", "Fri 11:00", "Fri 18:00"),
        ("Europe/Oslo", "Fri 11:00", "Fri 18:00"),
        ("Europe/Copenhagen", "Fri 11:00", "Fri 18:00"),
        ("Australia/Sydney", "Fri 19:00", "Sat 02:00"),
        ("Pacific/Auckland", "Fri 21:00", "Sat 04:00"),
        ("America/New_York", "Fri 05:00", "Fri 12:00"),
        ("America/Los_Angeles", "Fri 02:00", "Fri 09:00"),
    ],
)
def test_the_conference_day_begins_and_ends_at_the_right_hour_in_every_city(shipped: Seed, zone: str, opening: str, end: str) -> None:
    conference = event_called(shipped, "wi-2021")
    starts = conference.instant(session_called(conference, "welcome").starts)
    ends = conference.instant(session_called(conference, "closing").ends)
    assert (starts, ends) == (datetime(2021, 6, 25, 9, tzinfo=UTC), datetime(2021, 6, 25, 16, tzinfo=UTC))
    assert [f"{at.astimezone(ZoneInfo(zone)):%a %H:%M}" for at in (starts, ends)] == [opening, end]


def test_applications_close_at_noon_gmt_which_is_friday_in_auckland(shipped: Seed) -> None:
    programme = event_called(shipped, "illp-2025")
    deadline = programme.key_dates[0].at
    assert deadline is not None
    assert programme.registration.closes is not None
    assert programme.instant(deadline) == programme.instant(programme.registration.closes) == datetime(2025, 2, 6, 12, tzinfo=UTC)
    assert f"{deadline.astimezone(ZoneInfo('Pacific/Auckland')):%a %d %b %H:%M}" == "Fri 07 Feb 01:00"
    assert programme.key_dates[1].day == date(2025, 3, 28)


def test_the_programme_week_leaves_the_weekend_free_and_only_friday_is_in_yorkshire(shipped: Seed) -> None:
    programme = event_called(shipped, "illp-2025")
    venue_of = {room.slug: room.venue for room in programme.rooms}
    days = {session.starts.day for session in programme.sessions}
    assert days == {session.ends.day for session in programme.sessions} == {9, 10, 11, 14, 15, 16}
    in_yorkshire = {session.starts.day for session in programme.sessions if venue_of[session.room] == "british-library-boston-spa"}
    lunches = [session.starts.day for session in programme.sessions if session.title == "Lunch"]
    assert (in_yorkshire, lunches) == ({11}, [10, 11, 14, 15, 16])
    ten_on_the_wall = datetime(2025, 7, 10, 10)  # noqa: DTZ001 - the event's own clock
    assert programme.instant(ten_on_the_wall) == datetime(2025, 7, 10, 9, tzinfo=UTC)


def test_nobody_is_in_a_room_where_something_else_goes_on(shipped: Seed) -> None:
    clashes = [
        (one.slug, other.slug)
        for event in shipped.events
        for one, other in combinations(event.sessions, 2)
        if one.room == other.room and one.starts < other.ends and other.starts < one.ends
    ]
    assert clashes == []


def test_nobody_is_asked_to_be_in_two_sessions_that_are_for_everyone(shipped: Seed) -> None:
    for event in shipped.events:
        common = sorted((session for session in event.sessions if session.for_everyone), key=lambda session: session.starts)
        assert [later.slug for earlier, later in pairwise(common) if later.starts < earlier.ends] == []


def test_the_conference_has_what_was_announced_and_says_what_was_not(shipped: Seed) -> None:
    conference = event_called(shipped, "wi-2021")
    kinds = Counter(session.type for session in conference.sessions)
    assert {
        kind: kinds[kind] for kind in (SessionType.keynote, SessionType.project_presentation, SessionType.workshop, SessionType.panel)
    } == {
        SessionType.keynote: 2,
        SessionType.project_presentation: 4,
        SessionType.workshop: 2,
        SessionType.panel: 3,
    }
    assert [session.seats for session in conference.sessions if session.type is SessionType.workshop] == [20, 30]
    assert [session.slug for event in shipped.events for session in event.sessions if not session.illustrative] == []


def test_every_place_where_the_published_words_mislead_has_a_reading(shipped: Seed) -> None:
    assert {event.slug: [reading.about for reading in event.readings] for event in shipped.events} == {
        "wi-2021": [
            "The date and the hours",
            "Who may come",
            "Research and school libraries abroad",
            "How long the project runs",
            "The project's partners",
            "One grant, several partners",
            "Travel bursaries",
            "Workshops",
        ],
        "illp-2025": [
            "The length",
            "The hours",
            "The deadline",
            "Where you may come from",
            "Where you must have worked",
            "Who decides",
            "Money",
            "Travel inside the UK",
            "What you get at the end",
        ],
    }


def test_the_demo_has_one_sign_in_link_for_each_role(shipped: Seed) -> None:
    linked = {person.demo_link: person.email for person in shipped.demo.people if person.demo_link}
    assert linked == {role: f"{role}@demo.example" for role in ("delegate", "speaker", "moderator", "organiser")}
    assert Counter(question.state for question in shipped.demo.questions) == {"visible": 3, "pending": 3}
