"""Dates that cannot be right are found, with both readings; ordinary text is left in peace."""

from datetime import UTC, date, datetime, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conference.dates import DoubtKind, doubts_in
from conference.times import long_date

LONDON = ZoneInfo("Europe/London")


def day_in_june(text: str) -> list[tuple[str, str]]:
    """Doubts of a text about a day in London, Friday 25 June 2021."""
    starts, ends = datetime(2021, 6, 25, 9, tzinfo=UTC), datetime(2021, 6, 25, 16, tzinfo=UTC)
    return [(doubt.kind.value, doubt.words) for doubt in doubts_in(text, zone="Europe/London", starts_at=starts, ends_at=ends)]


def week_in_july(text: str) -> list[tuple[str, str]]:
    """Doubts of a text about a week in London, 9 to 16 July 2025."""
    starts, ends = datetime(2025, 7, 9, 12, tzinfo=UTC), datetime(2025, 7, 16, 16, tzinfo=UTC)
    return [(doubt.kind.value, doubt.words) for doubt in doubts_in(text, zone="Europe/London", starts_at=starts, ends_at=ends)]


def sentence(text: str) -> str:
    """What is said of the only doubt of a text about the day in June."""
    starts, ends = datetime(2021, 6, 25, 9, tzinfo=UTC), datetime(2021, 6, 25, 16, tzinfo=UTC)
    (doubt,) = doubts_in(text, zone="Europe/London", starts_at=starts, ends_at=ends)
    return doubt.sentence


def test_a_year_and_a_zone_that_cannot_be_right_are_both_found() -> None:
    text = "Keep the day free: we meet online on 25 June 2020, 10.00-17.00 GMT."
    assert day_in_june(text) == [("year", "25 June 2020"), ("zone", "10.00-17.00 GMT")]


def test_gmt_on_a_summer_day_says_both_readings() -> None:
    assert sentence("Doors open at 10:00 GMT on 25 June 2021.") == (
        "On Friday 25 June 2021 London’s clock is BST (UTC+1), not GMT. 10:00 on London’s clock is 09:00 UTC; "
        "as GMT it is 10:00 UTC, 11:00 in London: which?"
    )
    assert sentence("We begin at 9.30 GMT.").startswith("On Friday 25 June 2021 London’s clock is BST")
    assert sentence("The rehearsal was on 12 January 2021 at noon BST.") == (
        "On Tuesday 12 January 2021 London’s clock is GMT (UTC+0), not BST. 12:00 on London’s clock is 12:00 UTC; "
        "as BST it is 11:00 UTC, 11:00 in London: which?"
    )


def test_a_day_that_no_calendar_has_is_all_that_is_said_of_it() -> None:
    assert day_in_june("On 31 June 2021 at 10:00 GMT.") == [("no_such_day", "31 June 2021")]


@pytest.mark.parametrize("words", ["25 June 2021 ", "25-26 June ", "at 10.00 ", "deadline 25 June 2021 10:00. ", "12 noon "])
def test_a_text_full_of_dates_and_times_is_read_in_no_time(words: str) -> None:
    """As long as an abstract may be. Each look from one date at all the others took seconds in which nobody else was served."""
    began = process_time()
    day_in_june((words * 2000)[:20_000])
    assert process_time() - began < 1


def test_a_weekday_that_does_not_fit_is_found_in_every_way_to_write_a_date() -> None:
    wrong = [
        "Thursday 25 June 2021",
        "Thu 25th June",
        "Thursday, June 25, 2021",
        "Thursday the 25th of June",
        "June 25 (Thursday)",
        "25 June Thursday",
        "Thursday 2021-06-25",
        "Thursday 25/06/2021",
        "Friday 25 to Friday 26 June",
    ]
    assert [day_in_june(f"It is on {words}, all day.") for words in wrong] == [[("weekday", words)] for words in wrong]
    assert [day_in_june(f"It is on {words.replace('Thu', 'Fri').replace('rsday', 'day')}, all day.") for words in wrong[:1]] == [[]]


def test_a_weekday_is_said_with_the_day_and_the_weekday_that_may_be_meant() -> None:
    assert sentence("On Thursday 25 June 2021 we meet.") == (
        "25 June 2021 is a Friday, not a Thursday. Friday 25 June 2021 begins at 00:00 in London, 23:00 UTC on Thu 24 June; "
        "Thursday 24 June 2021 begins at 00:00 in London, 23:00 UTC on Wed 23 June. Which?"
    )


def test_a_weekend_holds_no_weekday() -> None:
    assert week_in_july("There is a free weekend, 11–13 July 2025, in the middle.") == [("weekend", "11–13 July 2025")]
    assert week_in_july("13 and 14 July are a weekend without sessions.") == [("weekend", "13 and 14 July")]
    assert week_in_july("The free weekend of 12 and 13 July; a long weekend from 11 July is yours to take.") == []


def test_a_time_that_the_clocks_skip_or_show_twice_is_found() -> None:
    assert day_in_june("The lines are tested at 01:30 on 28 March 2021.") == [("skipped", "01:30")]
    assert day_in_june("The recordings go at 01.30 a.m. on Sunday 31 October 2021.") == [("twice", "01.30 a.m.")]
    assert sentence("The recordings go at 1:30 on 31 October.") == (
        "01:30 on Sunday 31 October 2021 happens twice in London: the clocks go back over it. It is 00:30 UTC, 01:30 in London, "
        "by the clock at UTC+1; or 01:30 UTC, 01:30 in London, by the clock at UTC+0: which?"
    )
    assert day_in_june("The lines are tested at 01:30 UTC on 28 March 2021.") == []


def test_a_deadline_without_a_zone_is_found() -> None:
    assert week_in_july("The deadline is noon on Thursday 6 February 2025.") == [("deadline", "Thursday 6 February 2025")]
    assert week_in_july("Please apply by 6 February 2025.") == [("deadline", "6 February 2025")]
    assert week_in_july("Applications close on 6 February 2025, 12:00 London time. The deadline is noon GMT on 6 February.") == []
    assert week_in_july("We answer by Friday 28 March 2025.") == []
    assert sentence("The deadline is 12:00 on 12 March 2021.") == (
        "A deadline needs a zone. 12:00 on Friday 12 March 2021 on London’s clock is 12:00 UTC; on Auckland’s clock it is 23:00 UTC on "
        "Thu 11 March, 23:00 on Thu 11 March in London: which?"
    )


def test_a_deadline_years_away_has_a_wrong_year() -> None:
    assert week_in_july("Apply by noon BST on 6 October 2024.") == []
    assert week_in_july("Apply by noon GMT on 6 February 2024.") == [("year", "6 February 2024")]


def test_a_day_that_no_calendar_has_is_found() -> None:
    assert day_in_june("The survey closes on 31 June, 12:00 UTC.") == [("no_such_day", "31 June")]


def test_right_dates_and_other_peoples_history_are_left_in_peace() -> None:
    texts = [
        "Friday 25 June 2021, 10:00–17:00 BST.",
        "The last edition was held on 25 June 2019.",
        "The project ran from May 2019 to December 2020.",
        "Open until 25 June Monday to Friday.",
        "It lasts from 24 June to 25 June 2021.",
        "Saturday 1 January is the day of the next call.",  # of the year after, which is near too
    ]
    assert [day_in_june(text) for text in texts] == [[]] * len(texts)
    july = ["From the afternoon of Wednesday 9 July 2025 until Wednesday 16 July 2025.", "July 11 Friday\nA visit in Yorkshire"]
    assert [week_in_july(text) for text in july] == [[], []]


def test_a_zone_that_keeps_gmt_all_year_is_not_doubted() -> None:
    starts, ends = datetime(2021, 6, 25, 9, tzinfo=UTC), datetime(2021, 6, 25, 16, tzinfo=UTC)
    assert doubts_in("We meet at 10:00 GMT on 25 June 2021.", zone="Africa/Accra", starts_at=starts, ends_at=ends) == ()


ORDINARY = st.one_of(
    st.times().map(lambda at: f"at {at:%H:%M}"),
    st.times().map(lambda at: f"from {at:%H.%M} until late"),
    st.tuples(st.integers(0, 40), st.integers(0, 60), st.integers(0, 99)).map(lambda parts: "version {}.{}.{}".format(*parts)),
    st.tuples(st.integers(0, 40), st.integers(0, 60)).map(lambda parts: "release {}.{:02}".format(*parts)),
    st.tuples(st.sampled_from("£$€"), st.integers(0, 99999), st.integers(0, 99)).map(lambda parts: "{}{}.{:02}".format(*parts)),
    st.integers(0, 10**9).map(lambda number: f"ISBN 978-0-{number // 10**5:04}-{number % 10**5:05}-{number % 10}"),
    st.tuples(st.integers(1, 400), st.integers(1, 400)).map(lambda pages: "pages {}–{}".format(*pages)),
    st.integers(1900, 2100).map(lambda year: f"in {year}"),
    st.sampled_from(
        ["Room 12", "a weekend of reading", "the deadline may move", "we may march on Monday", "Friday prayers", "a zone called GMT"]
    ),
)


@given(st.lists(ORDINARY, max_size=8), st.sampled_from([" ", ", ", "\n", ". "]))
def test_times_alone_versions_prices_and_numbers_of_books_raise_no_alarm(parts: list[str], join: str) -> None:
    assert day_in_june(join.join(parts)) == []


@given(st.dates(date(2020, 10, 1), date(2021, 9, 30)), st.sampled_from(["{}", "on {}.", "({})", "we meet on {}, then"]), st.integers(1, 6))
def test_a_right_weekday_is_never_doubted_and_a_wrong_one_always(day: date, frame: str, off: int) -> None:
    assume("25 June" not in long_date(day))
    right, wrong = long_date(day), f"{day + timedelta(days=off):%A} {day.day} {day:%B %Y}"
    assert day_in_june(frame.format(right)) == []
    assert day_in_june(frame.format(wrong)) == [("weekday", wrong)]
    short = f"{day:%a} {day.day} {day:%B}"
    assert day_in_june(frame.format(short)) == []


@given(st.datetimes(datetime(2020, 10, 1), datetime(2021, 9, 30)))  # noqa: DTZ001 - wall-clock times
def test_the_zone_that_london_keeps_is_never_doubted_and_the_other_always(wall: datetime) -> None:
    local = wall.replace(tzinfo=LONDON)
    assume(local.utcoffset() == local.replace(fold=1).utcoffset())
    kept, other = ("BST", "GMT") if local.utcoffset() else ("GMT", "BST")
    said = f"{wall:%H:%M} {{}} on {wall.day} {wall:%B %Y}"
    assert day_in_june(said.format(kept)) == []
    assert day_in_june(said.format(other)) == [(DoubtKind.zone.value, f"{wall:%H:%M} {other}")]


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert [words for _, words in day_in_june(text) if words not in text] == []
