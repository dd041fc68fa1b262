"""What people type arrives as they typed it, and can't become a line of its own."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.ics.entry import Place
from conference.ics.words import one_line, paragraphs, when_in_words
from tests.quick import examples

from .cast import OPENING, feed_of, lines_of, opening
from .readers import calendar_by_ical, each_by_icaljs, instants_by_ical, instants_by_icaljs


@pytest.mark.parametrize(
    "typed",
    [r"C:\New\notes", r"\N", r"\n", r"\\n", r"a\;b\,c", 'semicolon; comma, colon: quote" caret^n', "ends in a backslash\\"],
)
def test_a_typed_backslash_stays_a_backslash(typed: str) -> None:
    feed = feed_of(opening(summary=typed, description=typed, location=typed))
    for read in (instants_by_ical(feed), instants_by_icaljs(feed)):
        assert [(event.summary, event.description, event.location) for event in read] == [(typed, typed, typed)]


def test_categories_with_commas_stay_whole() -> None:
    feed = feed_of(opening(categories=("Talks, long", r"\New")))
    assert [line for line in lines_of(feed) if line.startswith("CATEGORIES")] == [r"CATEGORIES:Talks\, long,\\New"]


def test_paragraphs_stay_apart_in_a_description_and_become_blanks_in_a_title() -> None:
    feed = feed_of(opening(summary="One\r\nTwo", description="One\r\n\r\nTwo\rThree\u2028Four"))
    for read in (instants_by_ical(feed), instants_by_icaljs(feed)):
        assert [(event.summary, event.description) for event in read] == [("One Two", "One\n\nTwo\nThree\nFour")]


def test_control_characters_are_left_out() -> None:
    feed = feed_of(opening(summary="a\x00b\x1bc\x7fd\x9be\ufeff", description="\x07bell"))
    for read in (instants_by_ical(feed), instants_by_icaljs(feed)):
        assert [(event.summary, event.description) for event in read] == [("abcde", "bell")]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1e", "\x85", "\u2028", "\u2029"])
def test_no_words_can_begin_a_line_of_their_own(end: str) -> None:
    """Everywhere that words go: were one passed on as it is, the feed would have an alarm."""
    evil = f"x{end}BEGIN:VALARM{end}ACTION:AUDIO"
    place = Place(evil, evil, 1.0, 2.0)
    feed = feed_of(
        opening(uid=evil, summary=evil, description=evil, url=evil, categories=(evil,), location=evil, place=place, join_url=evil)
    )
    assert [line for line in feed.decode().splitlines() if line.lstrip().startswith(("BEGIN:", "ACTION"))] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VTIMEZONE",
        "BEGIN:STANDARD",
        "BEGIN:DAYLIGHT",
        "BEGIN:VEVENT",
    ]


def test_addresses_are_ascii_and_percent_encoded_where_they_must_be() -> None:
    feed = feed_of(opening(url="https://conference.example/talks/déjà vu?a=1&b=%20#top"))
    assert [line for line in lines_of(feed) if line.startswith("URL:https://conference.example/talks")] == [
        "URL:https://conference.example/talks/d%C3%A9j%C3%A0%20vu?a=1&b=%20#top"
    ]


@settings(deadline=None, max_examples=examples(25))
@given(st.lists(st.text(st.characters() | st.sampled_from('\\nN;,:"^\r\n\t é😀')), min_size=1, max_size=20))
def test_whatever_is_typed_is_read_alike_by_all_and_fits_its_lines(typed: list[str]) -> None:
    feeds = [feed_of(opening(summary=text, description=text, location=text, place=Place(text, text, 1.0, 2.0))) for text in typed]
    for text, feed, by_icaljs in zip(typed, feeds, each_by_icaljs(feeds), strict=True):
        assert_well_formed(feed)
        for read in (instants_by_ical(feed), by_icaljs):
            assert [(event.summary, event.description) for event in read] == [(one_line(text), paragraphs(text))]


def assert_well_formed(feed: bytes) -> None:
    """CRLF at each line's end and nowhere else a line break; 75 octets at most, each piece UTF-8 by itself (RFC 5545 3.1)."""
    lines = feed.split(b"\r\n")
    assert lines.pop() == b""
    assert [line for line in lines if len(line) > 75 or len(line.decode().splitlines()) != 1] == []


def test_long_titles_are_folded_between_letters() -> None:
    title = "Bibliothèque · 図書館 · 📚 " * 20
    feed = feed_of(opening(summary=title))
    assert_well_formed(feed)
    assert [event.summary for event in calendar_by_ical(feed).events] == [title.strip()]


def test_the_time_is_written_out_for_people_in_the_zone_and_in_utc() -> None:
    assert when_in_words(OPENING.starts_at, OPENING.ends_at, "Europe/London") == (
        "Friday 25 June 2021, 10:00 to 10:30 (BST, UTC+1); 09:00 to 09:30 UTC"
    )
    assert when_in_words(OPENING.starts_at, OPENING.ends_at, "UTC") == "Friday 25 June 2021, 09:00 to 09:30 UTC"


def test_a_date_that_differs_in_utc_is_said() -> None:
    midnight_in_london = datetime(2025, 7, 8, 23, 0, tzinfo=UTC)
    assert when_in_words(midnight_in_london, midnight_in_london + timedelta(hours=2), "Europe/London") == (
        "Wednesday 9 July 2025, 00:00 to 02:00 (BST, UTC+1); 23:00 on Tue 8 July to 01:00 on Wed 9 July UTC"
    )
