"""One instant, everybody's clock."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from conference.errors import Invalid
from conference.times import (
    OLD_NAMES,
    Reading,
    TimeShown,
    city_of,
    known_zones,
    local_instant,
    long_date,
    short_date,
    show,
    spoken_offset,
    spoken_zone,
    zone_meant,
    zone_named,
)

LONDON = "Europe/London"
TEN_IN_LONDON = datetime(2021, 6, 25, 9, 0, tzinfo=UTC)
A_WINTER_NOON = datetime(2025, 2, 6, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "starts", "ends"),
    [
        ("UTC", "Fri 25 June 09:00", "Fri 25 June 16:00"),
        (LONDON, "Fri 25 June 10:00", "Fri 25 June 17:00"),
        ("Africa/Nairobi", "Fri 25 June 12:00", "Fri 25 June 19:00"),
        ("Asia/Dubai", "Fri 25 June 13:00", "Fri 25 June 20:00"),
        ("Asia/Kolkata", "Fri 25 June 14:30", "Fri 25 June 21:30"),
        ("Asia/Kathmandu", "Fri 25 June 14:45", "Fri 25 June 21:45"),
        ("Europe/Berlin", "Fri 25 June 11:00", "Fri 25 June 18:00"),
        ("Australia/Sydney", "Fri 25 June 19:00", "Sat 26 June 02:00"),
        ("Pacific/Auckland", "Fri 25 June 21:00", "Sat 26 June 04:00"),
        ("America/New_York", "Fri 25 June 05:00", "Fri 25 June 12:00"),
        ("America/Los_Angeles", "Fri 25 June 02:00", "Fri 25 June 09:00"),
    ],
)
def test_the_conference_day_on_the_clocks_of_those_who_come(zone: str, starts: str, ends: str) -> None:
    read = [instant.astimezone(zone_named(zone)) for instant in (TEN_IN_LONDON, TEN_IN_LONDON + timedelta(hours=7))]
    assert [f"{short_date(local.date())} {local:%H:%M}" for local in read] == [starts, ends]


@pytest.mark.parametrize(
    ("instant", "zone", "words"),
    [
        (TEN_IN_LONDON, LONDON, "BST, UTC+1"),
        (A_WINTER_NOON, LONDON, "GMT, UTC+0"),
        (TEN_IN_LONDON, "Africa/Nairobi", "EAT, UTC+3"),
        (TEN_IN_LONDON, "Asia/Kolkata", "IST, UTC+5:30"),
        (TEN_IN_LONDON, "Asia/Dubai", "UTC+4"),  # this zone has no name of its own
        (TEN_IN_LONDON, "Asia/Kathmandu", "UTC+5:45"),
        (TEN_IN_LONDON, "America/St_Johns", "NDT, UTC-2:30"),
        (TEN_IN_LONDON, "America/Sao_Paulo", "UTC-3"),
        (TEN_IN_LONDON, "UTC", "UTC"),
    ],
)
def test_a_zone_is_spoken_by_its_name_on_that_date_and_its_offset(instant: datetime, zone: str, words: str) -> None:
    assert spoken_zone(instant, zone) == words


def test_an_offset_is_spoken_with_its_sign_and_only_the_minutes_it_has() -> None:
    offsets = [(5, 30), (-3, 0), (0, 0), (12, 45), (-9, -30)]
    spoken = [spoken_offset(TEN_IN_LONDON.astimezone(_fixed(hours, minutes))) for hours, minutes in offsets]
    assert spoken == ["UTC+5:30", "UTC-3", "UTC+0", "UTC+12:45", "UTC-9:30"]


def test_dates_are_said_in_words() -> None:
    assert (long_date(date(2021, 6, 25)), short_date(date(2021, 6, 5))) == ("Friday 25 June 2021", "Sat 5 June")


def test_a_city_is_said_as_people_say_it() -> None:
    assert [city_of(zone) for zone in ("America/Argentina/Buenos_Aires", "Africa/Nairobi", "UTC")] == ["Buenos Aires", "Nairobi", "UTC"]


def test_a_wall_clock_time_is_one_instant() -> None:
    assert local_instant(_wall("2021-06-25 10:00"), LONDON) == TEN_IN_LONDON
    assert local_instant(_wall("2025-02-06 12:00"), LONDON) == A_WINTER_NOON


def test_an_hour_that_the_clocks_skip_is_refused_in_words() -> None:
    with pytest.raises(Invalid) as refused:
        local_instant(_wall("2021-03-28 01:30"), LONDON, where="starts")
    assert refused.value.fields == {
        "starts": "01:30 on Sunday 28 March 2021 does not happen in London: the clocks go forward over it. Choose a time an hour later."
    }


def test_an_hour_that_happens_twice_is_refused_in_words() -> None:
    with pytest.raises(Invalid) as refused:
        local_instant(_wall("2021-10-31 01:30"), LONDON)
    assert refused.value.fields == {
        "starts_at": "01:30 on Sunday 31 October 2021 happens twice in London: the clocks go back over it. Choose a time outside that hour."
    }


def test_the_edges_of_a_change_of_clocks_are_ordinary_times() -> None:
    times = [_wall("2021-03-28 00:59"), _wall("2021-03-28 02:00"), _wall("2021-10-31 00:59"), _wall("2021-10-31 02:00")]
    assert [f"{local_instant(time, LONDON):%H:%M}" for time in times] == ["00:59", "01:00", "23:59", "02:00"]


def test_online_the_readers_clock_comes_first() -> None:
    assert _online("Africa/Nairobi") == TimeShown(
        starts_at="2021-06-25T09:00:00Z",
        ends_at="2021-06-25T09:15:00Z",
        first=Reading("12:00–12:15", "Friday 25 June 2021", "Fri 25 June", "your time", "EAT, UTC+3", differs=False),
        second=Reading("10:00–10:15", "Friday 25 June 2021", "Fri 25 June", "in London", "BST, UTC+1", differs=False),
    )


def test_in_person_the_clock_of_the_place_comes_first() -> None:
    time = show(TEN_IN_LONDON, None, first=LONDON, second="Africa/Nairobi", event_zone=LONDON, mine="Africa/Nairobi")
    assert time.second
    assert [(read.times, read.place) for read in (time.first, time.second)] == [("10:00", "in London"), ("12:00", "your time")]


def test_who_has_the_events_clock_sees_one_clock_by_its_place() -> None:
    time = _online(LONDON)
    assert (time.first.place, time.second) == ("in London", None)


def test_another_zone_that_reads_the_same_is_not_said_twice() -> None:
    assert _online("Europe/Lisbon").second is None


def test_a_span_that_ends_on_another_date_says_which() -> None:
    time = show(
        TEN_IN_LONDON,
        TEN_IN_LONDON + timedelta(hours=7),
        first="Pacific/Auckland",
        second=LONDON,
        event_zone=LONDON,
        mine="Pacific/Auckland",
    )
    assert (time.first.times, time.first.differs) == ("21:00–04:00 (Sat 26 June)", False)


def test_a_session_on_another_date_than_the_events_says_so() -> None:
    late = datetime(2021, 6, 25, 14, 0, tzinfo=UTC)
    time = show(late, None, first="Pacific/Auckland", second=LONDON, event_zone=LONDON, mine="Pacific/Auckland")
    assert (time.first.short_date, time.first.differs, time.second and time.second.differs) == ("Sat 26 June", True, False)


def test_the_library_leaders_deadline_is_the_next_day_in_auckland() -> None:
    time = show(A_WINTER_NOON, None, first="Pacific/Auckland", second=LONDON, event_zone=LONDON, mine="Pacific/Auckland")
    assert (time.first.date, time.first.times) == ("Friday 7 February 2025", "01:00")


def test_zones_offered_are_places_by_todays_names_and_utc() -> None:
    offered = known_zones()
    assert {"Africa/Nairobi", "Asia/Kolkata", "Europe/Kyiv", "America/Argentina/Buenos_Aires", "UTC"} <= set(offered)
    assert set(offered) & {*OLD_NAMES, "Etc/GMT+3", "US/Eastern", "EST"} == set()


@pytest.mark.parametrize(("old", "today"), sorted(OLD_NAMES.items()))
def test_an_old_name_is_taken_and_becomes_todays(old: str, today: str) -> None:
    assert (zone_named(old).key, today in known_zones()) == (today, True)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Africa/Nairobi", "Africa/Nairobi"),
        (" nairobi ", "Africa/Nairobi"),
        ("New York", "America/New_York"),
        ("america/new york", "America/New_York"),
        ("Calcutta", "Asia/Kolkata"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_understood_as_people_type_it(typed: str, zone: str) -> None:
    assert zone_meant(typed) == zone


@pytest.mark.parametrize("typed", ["", "EST", "GMT+3", "Atlantis", "../../etc/passwd", "Africa/"])
def test_what_is_no_zone_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        zone_meant(typed)
    assert refused.value.fields == {"zone": f"“{typed}” is not a time zone we know. Choose one from the list, such as Africa/Nairobi."}


def _online(zone: str) -> TimeShown:
    """The first quarter of an hour of an online event in London, for a reader in this zone."""
    return show(TEN_IN_LONDON, TEN_IN_LONDON + timedelta(minutes=15), first=zone, second=LONDON, event_zone=LONDON, mine=zone)


def _wall(words: str) -> datetime:
    """What a clock on a wall says, without a zone."""
    return datetime.fromisoformat(words)


def _fixed(hours: int, minutes: int) -> timezone:
    return timezone(timedelta(hours=hours, minutes=minutes))
