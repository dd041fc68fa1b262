"""What a date in a text about an event can mean (pure), and how a reading is said: on UTC's clock and on people's."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from conference.date_words import DateFound
from conference.times import DASH, city_of, clock_time, long_date, short_date

BEFORE = timedelta(days=300)  # a date without a year is the one that lies at most so long before the event begins
AFTER = timedelta(days=200)  # or so long after its end


@dataclass(frozen=True, slots=True)
class Setting:
    """The event that a text is about: its zone, and its own days there."""

    zone: str
    first: date
    last: date


def years_meant(one: DateFound, setting: Setting) -> list[int]:
    """The years that a date can mean: the one it says; else those that bring it near to the event, the event's own first."""
    if one.year:
        return [one.year]
    near = []
    for year in range(setting.first.year - 1, setting.last.year + 2):
        days = one.days(year)
        if days and setting.first - BEFORE <= days[0] and days[-1] <= setting.last + AFTER:
            near.append(year)
    return sorted(near, key=lambda year: year != setting.first.year) or [setting.first.year]


def weekdays_fit(one: DateFound, days: list[date]) -> bool:
    return one.weekday in (None, days[0].weekday()) and one.last_weekday in (None, days[-1].weekday())


def begins(day: date, zone: str) -> str:
    """`Friday 25 June 2021 begins at 00:00 in London, 23:00 UTC on Thu 24 June`."""
    start = datetime.combine(day, time(), ZoneInfo(zone))
    return f"{long_date(day)} begins at 00:00 in {city_of(zone)}, {read_in(start, 'UTC', day)}"


def clock_of(zone: str) -> str:
    return f"{city_of(zone)}’s clock"


def read_in(moment: datetime, zone: str, day: date) -> str:
    """`23:00 UTC on Thu 24 June`: the clock there; the date too where it isn't `day`."""
    local = moment.astimezone(ZoneInfo(zone))
    return clock_time(local) + (" UTC" if zone == "UTC" else "") + (_other_day(local.date(), day))


def span_in(moments: tuple[datetime, datetime], zone: str, day: date) -> str:
    """`09:00–16:00 UTC`; one time where both are the same."""
    first, last = (moment.astimezone(ZoneInfo(zone)) for moment in moments)
    if first == last:
        return read_in(first, zone, day)
    if first.date() == last.date():
        return f"{clock_time(first)}{DASH}{read_in(last, zone, day)}"
    return f"{clock_time(first)}{_other_day(first.date(), day)} to {read_in(last, zone, day)}"


def _other_day(local: date, day: date) -> str:
    return "" if local == day else f" on {short_date(local)}"
