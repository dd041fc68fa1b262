"""An edition on new dates: wall-clock times stay, and what a machine cannot know is listed for a person to decide."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from conference.programme.copying import Decision, Edition, Wish, days_moved, decisions_of, moved
from conference.programme.queries import SessionFacts
from conference.programme.tables import Event, EventFormat, KeyDate, RegistrationKind, Room, Session, SessionType, Speaker, Venue
from conference.storage.ids import new_id

MADE = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2025, 9, 1, tzinfo=UTC)
VENUE = Venue(slug="house", name="The house", zone="Europe/London")


def an_event(**more: Any) -> Event:
    """One day in London, Friday 11 July 2025."""
    given: dict[str, Any] = {
        "starts_at": datetime(2025, 7, 11, 9, tzinfo=UTC),
        "ends_at": datetime(2025, 7, 11, 16, tzinfo=UTC),
        "about": "",
        "free_days": [],
    }
    return Event(
        slug="day", title="A day 2025", summary="", format=EventFormat.in_person, zone="Europe/London",
        registration=RegistrationKind.open, made_at=MADE, modified_at=MADE, **(given | more),
    )  # fmt: skip


def a_session(event: Event, title: str, starts_at: datetime, *, speakers: tuple[Speaker, ...] = (), **more: Any) -> SessionFacts:
    room = Room(event_id=event.id, venue_id=VENUE.id, slug="hall", name="Hall")
    row = Session(
        id=new_id(), event_id=event.id, slug=title.lower(), title=title, type=SessionType.panel, room_id=room.id, starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1), made_at=MADE, modified_at=MADE, **more,
    )  # fmt: skip
    return SessionFacts(row, event, room, VENUE, None, speakers)


def decisions(edition: Edition, first_day: date, *, title: str = "A day", with_speakers: bool = False) -> list[tuple[str, str]]:
    wish = Wish("day-2026", title, first_day, with_speakers)
    return [(one.about, one.sentence) for one in decisions_of(edition, wish, NOW)]


ALWAYS = [
    ("Registration", "Nobody can register before the event starts, until you say from when on: on the page of the event itself."),
    ("Organisers", "You alone organise the copy. Give the others their roles."),
]


def test_times_on_the_clock_stay_whatever_the_clock_is() -> None:
    ten_in_july = datetime(2025, 7, 11, 9, tzinfo=UTC)
    assert moved(ten_in_july, "Europe/London", timedelta(days=364)) == datetime(2026, 7, 10, 9, tzinfo=UTC)
    assert moved(ten_in_july, "Europe/London", timedelta(days=133)) == datetime(2025, 11, 21, 10, tzinfo=UTC)


def test_the_same_weekday_a_year_later_leaves_little_to_decide() -> None:
    event = an_event()
    edition = Edition(event, [a_session(event, "A", event.starts_at)], [], None, [])
    assert decisions(edition, date(2026, 7, 10)) == ALWAYS
    (day,) = days_moved(edition, Wish("day-2026", "A day", date(2026, 7, 10), with_speakers=False))
    assert (day.before, day.after, day.sessions, day.weekday_changes) == ("Friday 11 July 2025", "Friday 10 July 2026", 1, False)


def test_other_weekdays_weekends_and_free_days_are_said() -> None:
    event = an_event(free_days=["2025-07-12"])
    edition = Edition(event, [a_session(event, "A", event.starts_at)], [], None, [])
    assert decisions(edition, date(2026, 7, 11))[:2] == [
        ("Weekdays", "Fridays become Saturdays. To keep every weekday, begin on Friday 10 July 2026."),
        ("Weekend", "On a Saturday or Sunday now, and not before: “A”."),
    ]
    assert decisions(edition, date(2026, 7, 13))[1] == (
        "Free days", "Free days that were a weekend fall on workdays now: Tuesday 14 July 2026."
    )  # fmt: skip


def test_a_session_in_a_gap_or_a_fold_is_said_with_what_became_of_it() -> None:
    event = an_event(starts_at=datetime(2025, 7, 11, 0, 30, tzinfo=UTC))
    edition = Edition(event, [a_session(event, "Early", event.starts_at)], [], None, [])  # 01:30 in London
    spring = [words for about, words in decisions(edition, date(2026, 3, 29)) if about == "Clock change"]
    assert spring == [
        "“Early”: 01:30 on Sunday 29 March 2026 does not happen in London, as the clocks change. It stands at 02:30 (BST, UTC+1)."
    ]
    autumn = [words for about, words in decisions(edition, date(2026, 10, 25)) if about == "Clock change"]
    assert autumn == [
        "“Early”: 01:30 on Sunday 25 October 2026 happens twice in London, as the clocks change. It stands at 01:30 (BST, UTC+1)."
    ]


def test_another_clock_is_said() -> None:
    event = an_event()
    found = decisions(Edition(event, [], [], None, []), date(2025, 11, 21))
    words = "London keeps GMT, UTC+0 on the new dates and kept BST, UTC+1 on the old ones: in other zones every session is at another hour."
    assert found[0] == ("Another clock", words)


def test_key_dates_that_would_be_over_are_said() -> None:
    event = an_event()
    key: dict[str, Any] = {"event_id": event.id, "made_at": MADE, "modified_at": MADE}
    dates = [
        KeyDate(slug="close", title="Applications close", at=datetime(2025, 2, 6, 12, tzinfo=UTC), **key),
        KeyDate(slug="start", title="It starts", day=date(2025, 7, 11), words="On Friday 11 July.", **key),
    ]
    found = decisions(Edition(event, [], dates, None, []), date(2025, 11, 21))
    assert found[1] == ("Key date", "“Applications close” would be 12:00 on Thursday 19 June 2025 (BST, UTC+1), which is over.")
    assert ("Dates in texts", "The key date “It starts” says “Friday 11 July”.") in found


def test_what_a_machine_cannot_know_is_listed() -> None:
    event = an_event(about="We meet on Friday 11 July 2025.")
    ada = Speaker(event_id=event.id, slug="ada", name="Speaker A")
    talk = a_session(event, "A", event.starts_at, speakers=(ada,), join_url="https://meet.example/1", abstract="On 11 July we begin.")
    edition = Edition(event, [talk], [], 23, ["A"])
    assert decisions(edition, date(2026, 7, 10), title="A day 2025") == [
        ALWAYS[0],
        ("Places", "23 places, as before. Is that still right?"),
        ("Seats", "Seats were limited in “A”: set their number when they are released."),
        ("Dates in texts", "The text “about” of the event says “Friday 11 July 2025”."),
        ("Dates in texts", "The new title says 2025."),
        ("Dates in texts", "“A” says “11 July”."),
        ("Links", "Links to join and streams are not copied: “A”."),
        ("Speakers", "Nobody is copied: choose who speaks at “A”."),
        ALWAYS[1],
    ]
    asked = ("Speakers", "They are copied as they were, and nobody was asked: do they come again?")
    assert asked in decisions(edition, date(2026, 7, 10), with_speakers=True)
    assert Decision(*asked).about == "Speakers"
