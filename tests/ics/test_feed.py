"""What a subscriber's app is told: who moved, what was cancelled, where to go, how to join."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import permutations

import pytest

from conference.ics.calendar import calendar_bytes, feed_bytes, piece_of
from conference.ics.entry import AllDay, Entry, Place

from .cast import CALENDAR, OPENING, feed_of, half_hour, lines_of, opening
from .readers import Read, calendar_by_ical, instants_by_ical, instants_by_icaljs

RESULTS = AllDay(
    uid="results@calendar.example",
    sequence=0,
    created_at=OPENING.created_at,
    modified_at=OPENING.modified_at,
    first_day=date(2025, 3, 28),
    last_day=date(2025, 3, 28),
    summary="Results",
)
LIBRARY = Place("The Reading Room", "1 Long Street, Town", 51.5, -0.0005)


def values(feed: bytes, name: str) -> list[str]:
    """What follows this name on each of its lines; parameters stay in front of the colon."""
    return [line.removeprefix(name).removeprefix(":") for line in lines_of(feed) if line.startswith((f"{name}:", f"{name};"))]


def read_by_both(feed: bytes) -> list[Read]:
    read = instants_by_ical(feed)
    assert instants_by_icaljs(feed) == read
    return read


def test_the_feed_says_what_it_is_and_how_often_to_look_again() -> None:
    assert lines_of(feed_bytes(CALENDAR, [])) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//conference//calendar feed//EN",
        "CALSCALE:GREGORIAN",
        "DESCRIPTION:Every session of the day.",
        "X-WR-CALDESC:Every session of the day.",
        "NAME:Working Internationally",
        "X-WR-CALNAME:Working Internationally",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "URL:https://conference.example/events/wi-2021",
        "X-PUBLISHED-TTL:PT1H",
        "X-WR-TIMEZONE:Europe/London",
        "END:VCALENDAR",
    ]


def test_an_empty_feed_is_a_calendar_too() -> None:
    feed = feed_bytes(CALENDAR, [])
    assert read_by_both(feed) == []
    assert calendar_by_ical(feed).refresh_interval == timedelta(hours=1)


def test_a_session_says_when_it_was_last_changed_and_not_when_it_was_asked_for() -> None:
    assert lines_of(piece_of(opening(sequence=3, url="https://conference.example/opening")).ready) == [
        "BEGIN:VEVENT",
        "SUMMARY:Opening",
        "DTSTART;TZID=Europe/London:20210625T100000",
        "DTEND;TZID=Europe/London:20210625T103000",
        "DTSTAMP:20210601T120000Z",
        "UID:opening@calendar.example",
        "SEQUENCE:3",
        "CREATED:20210501T120000Z",
        "LAST-MODIFIED:20210601T120000Z",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "URL:https://conference.example/opening",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "END:VEVENT",
    ]


def test_the_same_facts_are_the_same_bytes_in_whatever_order_they_come() -> None:
    entries: list[Entry | AllDay] = [
        opening(),
        opening(uid="another@calendar.example"),
        half_hour("Asia/Kolkata", OPENING.ends_at),
        RESULTS,
    ]
    assert {feed_of(*order) for order in permutations(entries)} == {feed_of(*entries)}


def test_a_feed_put_together_from_kept_bytes_is_the_feed() -> None:
    entries = [opening(), half_hour("Africa/Casablanca", OPENING.ends_at), half_hour("UTC", OPENING.ends_at + timedelta(hours=1))]
    kept = [piece_of(entry) for entry in entries]
    assert calendar_bytes(CALENDAR, kept) == calendar_bytes(CALENDAR, reversed(kept)) == feed_of(*entries)


def test_nothing_is_created_after_it_was_changed() -> None:
    late = opening(created_at=datetime(2021, 6, 2, tzinfo=UTC))
    assert values(feed_of(late), "CREATED") == values(feed_of(late), "LAST-MODIFIED") == ["20210601T120000Z"]


def test_times_told_in_another_zone_are_the_same_times() -> None:
    elsewhere = timezone(timedelta(hours=5, minutes=30))
    told = opening(
        created_at=OPENING.created_at.astimezone(elsewhere),
        modified_at=OPENING.modified_at.astimezone(elsewhere),
        starts_at=OPENING.starts_at.astimezone(elsewhere),
        ends_at=OPENING.ends_at.astimezone(elsewhere),
    )
    assert feed_of(told) == feed_of(OPENING)


def test_a_moved_session_keeps_its_uid_and_counts_up() -> None:
    moved = opening(sequence=1, starts_at=datetime(2021, 6, 25, 10, 0, tzinfo=UTC), ends_at=datetime(2021, 6, 25, 11, 0, tzinfo=UTC))
    assert read_by_both(feed_of(moved)) == [
        Read("opening@calendar.example", "2021-06-25T10:00:00Z", "2021-06-25T11:00:00Z", 1, "CONFIRMED", "Opening", "", "")
    ]


def test_a_cancelled_session_is_a_tombstone_that_makes_nobody_busy() -> None:
    feed = feed_of(opening(sequence=2, cancelled=True))
    assert read_by_both(feed) == [
        Read("opening@calendar.example", "2021-06-25T09:00:00Z", "2021-06-25T09:30:00Z", 2, "CANCELLED", "Cancelled: Opening", "", "")
    ]
    assert values(feed, "TRANSP") == ["TRANSPARENT"]
    assert values(feed, "X-MICROSOFT-CDO-BUSYSTATUS") == ["FREE"]


def test_a_deadline_is_an_instant_in_utc_that_makes_nobody_busy() -> None:
    noon = datetime(2025, 2, 6, 12, 0, tzinfo=UTC)
    deadline = opening(zone="UTC", starts_at=noon, ends_at=noon + timedelta(minutes=15), transparent=True)
    feed = feed_of(deadline)
    assert values(feed, "DTSTART") == ["20250206T120000Z"]
    assert values(feed, "TRANSP") == ["TRANSPARENT"]
    assert values(feed, "X-MICROSOFT-CDO-BUSYSTATUS") == ["FREE"]


def test_a_key_date_is_a_whole_day_whose_end_is_the_next() -> None:
    feed = feed_of(RESULTS)
    assert values(feed, "DTSTART") == [";VALUE=DATE:20250328"]
    assert values(feed, "DTEND") == [";VALUE=DATE:20250329"]
    assert values(feed, "TRANSP") == ["TRANSPARENT"]
    assert values(feed, "X-MICROSOFT-CDO-BUSYSTATUS") == ["FREE"]
    assert read_by_both(feed) == [Read("results@calendar.example", "2025-03-28", "2025-03-29", 0, "CONFIRMED", "Results", "", "")]


def test_an_online_session_says_how_to_join_where_each_app_looks() -> None:
    feed = feed_of(opening(description="Welcome.", location="Online", join_url="https://conference.example/stage"))
    assert values(feed, "CONFERENCE") == [";VALUE=URI:https://conference.example/stage"]
    assert [(event.location, event.description) for event in read_by_both(feed)] == [
        ("Online https://conference.example/stage", "Welcome.\n\nhttps://conference.example/stage")
    ]


def test_a_link_that_the_words_already_hold_is_not_said_twice() -> None:
    link = "https://conference.example/stage"
    feed = feed_of(opening(description=f"Join at {link}.", location=link, join_url=link))
    assert [(event.location, event.description) for event in read_by_both(feed)] == [(link, f"Join at {link}.")]


def test_a_session_in_person_is_on_the_map_and_apple_is_told_the_same_words() -> None:
    feed = feed_of(opening(place=LIBRARY))
    assert [event.location for event in read_by_both(feed)] == ["The Reading Room, 1 Long Street, Town"]
    assert values(feed, "GEO") == ["51.500000;-0.000500"]
    assert values(feed, "X-APPLE-STRUCTURED-LOCATION") == [
        ';VALUE=URI;X-ADDRESS="1 Long Street, Town";X-APPLE-RADIUS=100;'
        'X-TITLE="The Reading Room, 1 Long Street, Town":geo:51.500000,-0.000500'
    ]


def test_a_room_is_said_to_people_and_to_apple_alike() -> None:
    feed = feed_of(opening(place=LIBRARY, location="Room 2, The Reading Room"))
    assert [event.location for event in read_by_both(feed)] == ["Room 2, The Reading Room"]
    assert [value.split("X-TITLE=")[1] for value in values(feed, "X-APPLE-STRUCTURED-LOCATION")] == [
        '"Room 2, The Reading Room":geo:51.500000,-0.000500'
    ]


def test_a_place_without_coordinates_is_words_only() -> None:
    feed = feed_of(opening(place=Place("The Annexe", "")))
    assert [event.location for event in read_by_both(feed)] == ["The Annexe"]
    assert values(feed, "GEO") == values(feed, "X-APPLE-STRUCTURED-LOCATION") == []


def test_a_session_in_person_and_online_keeps_its_place_for_maps() -> None:
    feed = feed_of(opening(place=LIBRARY, join_url="https://conference.example/stage"))
    assert [(event.location, event.description) for event in read_by_both(feed)] == [
        ("The Reading Room, 1 Long Street, Town", "https://conference.example/stage")
    ]


def test_a_public_feed_invites_nobody_and_rings_no_bell() -> None:
    lines = lines_of(feed_of(opening(place=LIBRARY, join_url="https://conference.example/stage"), RESULTS))
    assert {line.split(":")[0].split(";")[0] for line in lines} & {"METHOD", "ATTENDEE", "ORGANIZER", "VALARM", "SOURCE"} == set()
    assert "BEGIN:VALARM" not in lines


def test_facts_that_cannot_be_are_refused_where_they_are_made() -> None:
    with pytest.raises(ValueError, match="not after its start"):
        opening(ends_at=OPENING.starts_at)
    with pytest.raises(ValueError, match="a time without a zone"):
        opening(starts_at=OPENING.starts_at.replace(tzinfo=None))
