"""What o'clock a session is for whom: the same rule for the warning before a release and for the map of who is asleep."""

from datetime import UTC, datetime, timedelta

import pytest

from conference.people.home_zones import main_zone
from conference.programme.hours import Clock, Hours, HoursCount, clocks_of, hours_count, hours_in

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("starts", "hours"),
    [
        ("05:59", Hours.asleep),
        ("06:59", Hours.asleep),
        ("07:00", Hours.early),
        ("08:59", Hours.early),
        ("09:00", Hours.awake),
        ("20:00", Hours.awake),
        ("20:01", Hours.late),
        ("22:00", Hours.late),
        ("22:01", Hours.asleep),
        ("23:30", Hours.asleep),
    ],
)
def test_an_hour_is_what_its_worst_minute_is(starts: str, hours: Hours) -> None:
    instant = datetime.fromisoformat(f"2021-01-15T{starts}:00+00:00")
    assert hours_in("Europe/London", instant, instant + HOUR) == hours


def test_clocks_that_change_are_read_at_each_instant() -> None:
    """13:00 UTC is 08:00 in New York on one Sunday, and 09:00 on the next, when London still keeps winter time."""
    before, after = datetime(2021, 3, 7, 13, tzinfo=UTC), datetime(2021, 3, 14, 13, tzinfo=UTC)
    assert [hours_in("America/New_York", at, at + HOUR) for at in (before, after)] == [Hours.early, Hours.awake]
    zones = {"America/New_York": 3, "America/Bogota": 2, "Europe/London": 1}
    assert clocks_of(zones, [before]) == (Clock(("America/New_York", "America/Bogota"), 5), Clock(("Europe/London",), 1))
    assert [clock.zones[0] for clock in clocks_of(zones, [before, after])] == ["America/Bogota", "America/New_York", "Europe/London"]


def test_people_are_counted_by_what_the_hour_is_for_them() -> None:
    ten = datetime(2021, 6, 25, 9, tzinfo=UTC)
    counted = hours_count({"Pacific/Auckland": 2, "America/Los_Angeles": 3, "Africa/Nairobi": 4, "America/Sao_Paulo": 1}, ten, ten + HOUR)
    assert counted == HoursCount(asleep=4, early=0, late=2, awake=4)
    assert (counted.total, counted.share_asleep, HoursCount().share_asleep) == (10, 0.4, 0.0)


def test_a_country_stands_for_its_main_zone_and_nowhere_for_none() -> None:
    assert [main_zone(code) for code in ("GH", "AU", "US", "NZ")] == [
        "Africa/Accra",
        "Australia/Sydney",
        "America/New_York",
        "Pacific/Auckland",
    ]
    assert [main_zone(code) for code in ("AQ", "", None, "ZZ")] == [None] * 4
