"""Whoever subscribes, wherever they are, sees each session at its instant."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.ics.entry import Entry
from conference.ics.vtimezone import vtimezone
from tests.quick import examples

from .cast import HALF_HOUR, feed_of, half_hour, lines_of, opening, spelled
from .readers import Read, each_by_icaljs, instants_by_ical, instants_by_icaljs

HOUR = timedelta(hours=1)
WITH_SUMMER_TIME = [
    "Europe/London",
    "America/New_York",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Australia/Lord_Howe",  # by half an hour
    "Europe/Dublin",  # by law its winter is the exception
]
WITHOUT = ["Asia/Kolkata", "Asia/Dubai", "Africa/Nairobi"]


def changes_of_clocks(zone: str, year: int) -> list[datetime]:
    """The hours in which this zone's offset changes."""
    hours = [datetime(year, 1, 1, tzinfo=UTC) + HOUR * count for count in range(366 * 24)]
    return [late for early, late in pairwise(hours) if offset(zone, early) != offset(zone, late)]


def offset(zone: str, instant: datetime) -> timedelta | None:
    return instant.astimezone(ZoneInfo(zone)).utcoffset()


def sessions_all_year(zone: str, year: int) -> list[Entry]:
    """On each month's first day, on New Year's Eve, and each half hour around every change of the clocks."""
    moments = {datetime(year, month, 1, tzinfo=UTC) for month in range(1, 13)} | {datetime(year, 12, 31, 23, 30, tzinfo=UTC)}
    moments |= {change + HALF_HOUR * count for change in changes_of_clocks(zone, year) for count in range(-8, 9)}
    return [half_hour(zone, moment) for moment in sorted(moments)]


def spans(read: Iterable[Read]) -> list[tuple[str, str, str]]:
    return [(event.uid, event.starts, event.ends) for event in read]


def true_spans(entries: Iterable[Entry]) -> list[tuple[str, str, str]]:
    return [(entry.uid, spelled(entry.starts_at), spelled(entry.ends_at)) for entry in entries]


@pytest.mark.parametrize("year", [2021, 2025])
@pytest.mark.parametrize("zone", [*WITH_SUMMER_TIME, *WITHOUT, "Africa/Casablanca"])
def test_a_session_is_read_at_its_instant_all_year(zone: str, year: int) -> None:
    entries = sessions_all_year(zone, year)
    feed = feed_of(*entries)
    assert spans(instants_by_ical(feed)) == true_spans(entries)
    assert spans(instants_by_icaljs(feed)) == true_spans(entries)


def test_the_opening_is_at_ten_in_london() -> None:
    assert [line for line in lines_of(feed_of(opening())) if line.startswith("DT")][-3:] == [
        "DTSTART;TZID=Europe/London:20210625T100000",
        "DTEND;TZID=Europe/London:20210625T103000",
        "DTSTAMP:20210601T120000Z",
    ]


def test_london_in_2025_has_one_rule_for_winter_and_one_for_summer() -> None:
    component = vtimezone("Europe/London", range(2025, 2026))
    assert component is not None
    assert lines_of(component.to_ical()) == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/London",
        "BEGIN:STANDARD",
        "DTSTART:20241027T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZNAME:GMT",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0000",
        "END:STANDARD",
        "BEGIN:DAYLIGHT",
        "DTSTART:20240331T010000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZNAME:BST",
        "TZOFFSETFROM:+0000",
        "TZOFFSETTO:+0100",
        "END:DAYLIGHT",
        "END:VTIMEZONE",
    ]


@pytest.mark.parametrize("zone", WITH_SUMMER_TIME)
def test_outlook_finds_one_standard_and_one_daylight_each_with_a_yearly_rule(zone: str) -> None:
    component = vtimezone(zone, range(2021, 2026))
    assert component is not None
    assert [part.name for part in component.subcomponents] == ["STANDARD", "DAYLIGHT"]
    rules = [line for line in lines_of(component.to_ical()) if line.startswith(("RRULE", "RDATE"))]
    assert [re.sub(r"-?\d+", "N", rule) for rule in rules] == ["RRULE:FREQ=YEARLY;BYDAY=NSU;BYMONTH=N"] * 2
    standard, daylight = component.subcomponents
    assert daylight.TZOFFSETTO > standard.TZOFFSETTO


@pytest.mark.parametrize("zone", WITHOUT)
def test_a_zone_whose_clocks_never_change_has_a_standard_without_a_rule(zone: str) -> None:
    component = vtimezone(zone, range(2021, 2026))
    assert component is not None
    assert [(part.name, "RRULE" in part) for part in component.subcomponents] == [("STANDARD", False)]


@pytest.mark.parametrize("year", range(2019, 2031))
def test_clocks_that_follow_ramadan_follow_no_yearly_rule(year: int) -> None:
    """In a single year their two changes would pass for a rule."""
    assert vtimezone("Africa/Casablanca", range(year, year + 1)) is None


def test_times_in_casablanca_are_written_in_utc() -> None:
    feed = feed_of(opening(zone="Africa/Casablanca"))
    assert [line for line in lines_of(feed) if "TZ" in line or line.startswith(("DTSTART", "DTEND"))] == [
        "DTSTART:20210625T090000Z",
        "DTEND:20210625T093000Z",
    ]


@pytest.mark.parametrize(
    "zone", ["UTC", "GMT", "Etc/GMT-1", "EST5EDT", "US/Eastern", "GMT Standard Time", "Nowhere/Atlantis", "../etc/passwd"]
)
def test_only_names_of_places_become_a_tzid(zone: str) -> None:
    assert vtimezone(zone, range(2021, 2022)) is None
    assert [line for line in lines_of(feed_of(opening(zone=zone))) if "TZID" in line] == []


def test_a_year_in_which_the_rule_itself_changed_is_read_right() -> None:
    """The United States moved both changes in 2007; Turkey stayed on summer time in 2016."""
    for zone, years in (("America/New_York", (2006, 2007)), ("Europe/Istanbul", (2015, 2016, 2017))):
        entries = [entry for year in years for entry in sessions_all_year(zone, year)]
        feed = feed_of(*entries)
        assert b"TZID=" not in feed
        assert spans(instants_by_icaljs(feed)) == true_spans(entries)


def test_the_hour_that_comes_twice_is_written_in_utc() -> None:
    """1:30 on 31 October 2021 is read on London's clocks twice; the session at 0:15 is over before."""
    once, twice = (
        half_hour("Europe/London", datetime(2021, 10, 30, hour, 15, tzinfo=UTC) + timedelta(days=day)) for hour, day in ((23, 0), (1, 1))
    )
    feed = feed_of(once, twice)
    assert [line for line in lines_of(feed) if line.startswith("DTSTART") and "2021103" in line] == [
        "DTSTART;TZID=Europe/London:20211031T001500",
        "DTSTART:20211031T011500Z",
    ]


def test_every_tzid_used_is_defined_once_and_no_other() -> None:
    zones = [*WITH_SUMMER_TIME, *WITHOUT, "Africa/Casablanca", "UTC"]
    lines = lines_of(feed_of(*(opening(uid=zone, zone=zone) for zone in zones)))
    assert [line.removeprefix("TZID:") for line in lines if line.startswith("TZID:")] == sorted([*WITH_SUMMER_TIME, *WITHOUT])


SECONDS = [int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2015, 2036)]
ANY_SESSION = st.builds(
    half_hour,
    st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})),
    st.integers(SECONDS[0], SECONDS[1] - 1).map(lambda second: datetime.fromtimestamp(second, UTC)),
)


@settings(deadline=None, max_examples=examples(20))
@given(st.lists(ANY_SESSION, min_size=1, max_size=25, unique_by=lambda entry: entry.uid))
def test_any_session_in_any_zone_is_read_at_its_instant(entries: list[Entry]) -> None:
    """Each alone, so that its zone has to have a rule for few years; then all in one feed, for many."""
    alone = [feed_of(entry) for entry in entries]
    together = feed_of(*entries)
    expected = [true_spans([entry]) for entry in entries]
    *by_icaljs, all_by_icaljs = each_by_icaljs([*alone, together])
    assert [spans(instants_by_ical(feed)) for feed in alone] == expected
    assert [spans(read) for read in by_icaljs] == expected
    assert sorted(spans(instants_by_ical(together))) == sorted(true_spans(entries))
    assert sorted(spans(all_by_icaljs)) == sorted(true_spans(entries))
