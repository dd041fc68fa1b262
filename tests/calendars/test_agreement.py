"""Whatever the zone and the wall time: page, feed, JSON and mail mean one instant."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from conference.errors import Invalid
from conference.ics.calendar import feed_bytes
from conference.ics.words import when_in_words
from conference.times import known_zones, local_instant, show, spoken_moment
from tests.ics.cast import CALENDAR, half_hour
from tests.ics.readers import each_by_icaljs, instants_by_ical, instants_by_vobject

HALF_HOUR = timedelta(minutes=30)
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
FIRST, LAST = (datetime(year, 6, 1, tzinfo=UTC).replace(tzinfo=None) for year in (2015, 2035))
WALLS = st.datetimes(FIRST, LAST).map(lambda at: at.replace(second=0, microsecond=0))
ANY_WALL = st.tuples(st.sampled_from(known_zones()), WALLS)


def instant_said(words: str) -> datetime:
    """`Friday 25 June 2021 ... 10:00 ... (BST, UTC+1)`, in either order, as a reader works it out with the offset that is said."""
    day, month, year = re.search(r"(\d+) (\w+) (\d{4})", words).groups()  # type: ignore[union-attr]
    hour, minute = re.search(r"(\d\d):(\d\d)", words).groups()  # type: ignore[union-attr]
    offset = re.search(r"UTC(?:([+-])(\d+)(?::(\d\d))?)?", words)
    assert offset
    sign, hours, minutes = offset.groups()
    ahead = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    return datetime(int(year), MONTHS.index(month) + 1, int(day), int(hour), int(minute), tzinfo=UTC) - ahead


@settings(deadline=None, max_examples=15)
@given(st.lists(ANY_WALL, min_size=1, max_size=20, unique=True))
def test_page_feed_json_and_mail_agree_on_the_instant(typed: list[tuple[str, datetime]]) -> None:
    meant = []
    for zone, wall in typed:
        try:
            meant.append((zone, wall, local_instant(wall, zone)))
        except Invalid:  # it never happens there, or twice: refused where it is typed
            local = wall.replace(tzinfo=ZoneInfo(zone))
            assert local.utcoffset() != local.replace(fold=1).utcoffset()
    feeds = [feed_bytes(CALENDAR, [half_hour(zone, at)]) for zone, _, at in meant]
    for (zone, wall, at), feed, by_icaljs in zip(meant, feeds, each_by_icaljs(feeds), strict=True):
        iso = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        page = show(at, at + HALF_HOUR, first=zone, second="UTC", event_zone=zone, mine=zone)
        assert at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall
        assert [page.starts_at, at.isoformat().replace("+00:00", "Z")] == [iso, iso]  # the page's, and JSON's
        whole_minutes = at.astimezone(ZoneInfo(zone)).utcoffset() % timedelta(minutes=1) == timedelta()  # type: ignore[operator]
        if whole_minutes:
            shown = f"{page.first.date} {page.first.times} ({page.first.zone})"
            said = (shown, spoken_moment(at, zone), when_in_words(at, at + HALF_HOUR, zone))
            assert [instant_said(words) for words in said] == [at] * 3, said
        for read in (instants_by_ical(feed), instants_by_vobject(feed), by_icaljs):
            assert [event.starts for event in read] == [iso]
