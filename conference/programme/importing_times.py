"""Days and times as people write them in tables (pure). Without a zone they are read on the event's clock; nothing is guessed."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from conference.errors import Invalid
from conference.times import city_of, local_instant, long_date, spoken_zone, zone_named

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
YEARS = range(1970, 3000)
_WORD = re.compile(r"^\s*(?P<word>[A-Za-z]{3,9})\.?,?\s+(?=\S)")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_FIGURES = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.? ([A-Za-z]{3,9})\.?,? (\d{4})")
_OFFSET = r"(?P<offset>Z|[+-]\d{1,2}:?\d{2})?"
_CLOCK = re.compile(rf"(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?::00(?:\.0+)?)?\s*{_OFFSET}", re.ASCII)
_MOMENT = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})[T ]+(?P<clock>.+)", re.ASCII)
_ABBREVIATED = re.compile(r".*\d\s*([A-Za-z]{2,5})", re.ASCII)


def day_written(text: str) -> tuple[date, str]:
    """The day, and a warning where a weekday stands beside it that it is not. Raises ValueError with a sentence."""
    rest, weekday = text.strip(), None
    if found := _WORD.match(text):
        weekday = next((place for place, name in enumerate(WEEKDAYS) if name.startswith(found["word"].lower())), None)
        rest = text[found.end() :].strip() if weekday is not None else rest
    day = _day(rest)
    if weekday is None or day.weekday() == weekday:
        return day, ""
    return day, f"“{text.strip()}”: {day.day} {day:%B %Y} is a {day:%A}. The date was taken; look whether the weekday was meant."


def _day(text: str) -> date:
    try:
        if found := _ISO.fullmatch(text):
            day = date(*map(int, found.groups()))
        elif found := _FIGURES.fullmatch(text):
            day = _in_figures(int(found[1]), int(found[3]), int(found[4]), certain=found[2] == ".")
        elif (found := _WORDS.fullmatch(" ".join(text.split()))) and (month := _month(found[2])):
            day = date(int(found[3]), month, int(found[1]))
        else:
            raise ValueError("Write the day as year-month-day, such as 2021-06-25.")
    except TypeError:
        raise ValueError("Write the day as year-month-day, such as 2021-06-25.") from None
    except ValueError as wrong:
        said = str(wrong)
        raise ValueError(said if said.startswith(("Write", "“")) else f"“{text}” is not a day of any calendar.") from None
    if day.year not in YEARS:
        raise ValueError("Write a day with a year such as 2021.")
    return day


def _in_figures(first: int, second: int, year: int, *, certain: bool) -> date:
    """25/06/2021. Where both figures could be the month, nobody knows."""
    if certain or first > 12 or first == second:
        return date(year, second, first)
    if second > 12:
        return date(year, first, second)
    both = " or ".join(long_date(day) for day in (date(year, second, first), date(year, first, second)))
    raise ValueError(f"“{first}/{second}/{year}” can be read as {both}. Write it as year-month-day.")


def _month(word: str) -> int:
    return next((place for place, name in enumerate(MONTHS, start=1) if name.startswith(word.lower())), 0)


def moment_written(text: str, day: date | None, zone: str) -> datetime:
    """The instant of `10:00`, `2021-06-25 10:00` or either with an offset, in UTC. Raises ValueError with a sentence."""
    rest = text.strip()
    if found := _MOMENT.fullmatch(rest):
        day, rest = _day(found["day"]), found["clock"].strip()
    clock = _CLOCK.fullmatch(rest)
    if not clock:
        raise ValueError(_no_clock(rest, day, zone))
    if day is None:
        raise ValueError("Write the day too.")
    wall = datetime.combine(day, time(int(clock["hour"]), int(clock["minute"])))
    if clock["offset"]:
        return wall.replace(tzinfo=_offset(clock["offset"])).astimezone(UTC)
    try:
        return local_instant(wall, zone)
    except Invalid as skipped:
        raise ValueError(f"{skipped.sentence} Or write the offset too, such as 01:30+01:00.") from None


def says_day(text: str) -> bool:
    return bool(_MOMENT.fullmatch(text.strip()))


def _no_clock(text: str, day: date | None, zone: str) -> str:
    if found := _ABBREVIATED.fullmatch(text):
        then = f" ({spoken_zone(datetime.combine(day, time(12), zone_named(zone)), zone)})" if day else ""
        return f"Leave “{found[1]}” out: times are read on {city_of(zone)}’s clock{then}. Any other needs an offset, such as 10:00+00:00."
    return "Write the time on the 24-hour clock, such as 09:30."


def _offset(text: str) -> timezone:
    if text == "Z":
        return timezone(timedelta())
    hours, minutes = int(text[1:].replace(":", "")[:-2]), int(text[-2:])
    if hours > 14 or minutes > 59:
        raise ValueError(f"No clock differs from UTC by {text}.")
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))
