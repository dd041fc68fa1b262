"""Dates and times as people write them in English texts (pure): where they stand, and what they say. It reads, and judges nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes|s)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?\b"
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
    r"(?![A-Za-z])"
)
_DAY = r"(?<![\d.,:/£$€-])(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?(?![\dA-Za-z])"
_LAST = r"(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?(?![\dA-Za-z])"
_YEAR = r"(?:,?[ \t]+(?P<year>(?:19|20)[0-9]{2})(?![\d-]))?"
_JOIN = r"(?:[ \t]*[–—-][ \t]*|[ \t]*&[ \t]*|[ \t]+(?:to|and|until|till|through)[ \t]+)"
_NAMED = rf"(?:\b(?P<weekday>{_WEEKDAY}),?[ \t]+(?:the[ \t]+)?)?"
_NAMED_LAST = rf"(?:(?P<last_weekday>{_WEEKDAY}),?[ \t]+(?:the[ \t]+)?)?"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_NAMED}(?P<day>{_DAY}){_JOIN}{_NAMED_LAST}(?P<last>{_LAST})(?:[ \t]+of)?[ \t]+(?P<month>{_MONTH}){_YEAR}",
        rf"{_NAMED}(?P<day>{_DAY})(?:[ \t]+of)?[ \t]+(?P<month>{_MONTH}){_YEAR}",
        rf"{_NAMED}(?P<month>\b{_MONTH})[ \t]+(?P<day>{_DAY}){_JOIN}{_NAMED_LAST}(?P<last>{_LAST})(?![:.]\d){_YEAR}",
        rf"{_NAMED}(?P<month>\b{_MONTH})[ \t]+(?P<day>{_DAY})(?![:.]\d){_YEAR}",
        rf"{_NAMED}(?<![\d-])(?P<year>(?:19|20)[0-9]{{2}})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12][0-9]|3[01])(?![\d-])",
        rf"{_NAMED}(?<![\d/])(?P<day>0?[1-9]|[12][0-9]|3[01])/(?P<month>0?[1-9]|1[0-2])/(?P<year>(?:19|20)[0-9]{{2}})(?![\d/])",
    )
)
# "9 July Wednesday" and "9 July (Wednesday)", but neither "9 July Monday to Friday" nor the weekday of the date that follows.
_WEEKDAY_AFTER = re.compile(
    rf"[ \t]+(?P<weekday>{_WEEKDAY})(?![’'])(?!{_JOIN}{_WEEKDAY})(?!,?[ \t]+(?:the[ \t]+)?(?:\d|{_MONTH}))|[ \t]*\((?P<inside>{_WEEKDAY})\)"
)

_HOUR = r"(?:[01]?[0-9]|2[0-3])"
_HALF = r"(?:[ \t]*\(?(?:a\.?m\b\.?|p\.?m\b\.?|noon\b|midday\b)\)?)"
_CLOCK = rf"{_HOUR}(?:[:.][0-5][0-9])?(?![\d:]|\.\d)"
_UNTIL = r"(?:[ \t]*[–—-][ \t]*|[ \t]+(?:to|until|till)[ \t]+)"
_TIME = re.compile(
    rf"(?<![\d.,:/£$€%-])(?P<first>{_CLOCK})(?P<half>{_HALF})?"
    rf"(?:{_UNTIL}(?P<last>{_HOUR}[:.][0-5][0-9](?![\d:]|\.\d)|{_HOUR}(?={_HALF}))(?P<last_half>{_HALF})?)?(?![\d%])"
    r"(?:[ \t]*\(?(?P<label>[A-Z]{3,4})\b(?![+−-]?\d))?",
    re.IGNORECASE,
)
_BEFORE_A_TIME = re.compile(r"\b(?:at|from|until|till|by|before|after|starts?|ends?)[ \t]+\Z", re.IGNORECASE)
_NOON = re.compile(r"\b(?P<first>[Nn]oon|[Mm]idday)\b(?:[ \t]*\(?(?P<label>[A-Z]{3,4})\b(?![+−-]?\d))?")
LABELS = ("GMT", "BST", "UTC", "WET", "WEST", "CET", "CEST", "EET", "EEST", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "IST")


@dataclass(frozen=True, slots=True)
class DateFound:
    """A day, or the first and last day of a span, at `at` of the text. Days that no calendar has are found too."""

    at: int
    until: int
    words: str
    month: int
    day: int
    last: int  # the same as `day` where it is one day
    year: int | None
    weekday: int | None  # Monday is 0
    last_weekday: int | None

    def days(self, year: int) -> list[date] | None:
        """All its days in that year; None where there is no such day."""
        try:
            return [date(year, self.month, day) for day in (self.day, *range(self.day + 1, self.last + 1))]
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class TimeFound:
    """A time of day, or a span of them, at `at` of the text; `label` is the zone's short name behind it."""

    at: int
    until: int
    words: str
    starts: time
    ends: time | None
    label: str


def dates_in(text: str) -> list[DateFound]:
    """In the order of the text. A year said once for "9 July to 16 July 2025" counts for both."""
    found: list[DateFound] = []
    covered = bytearray(len(text))
    for pattern in _DATES:
        for match in pattern.finditer(text):
            if not any(covered[slice(*match.span())]):
                found.append(one := _date(text, match))
                covered[one.at : one.until] = b"\1" * (one.until - one.at)
    found.sort(key=lambda one: one.at)
    for place in range(len(found) - 1, 0, -1):
        before, after = found[place - 1], found[place]
        if before.year is None and after.year and re.fullmatch(_JOIN, text[before.until : after.at]):
            found[place - 1] = replace(before, year=after.year)
    return found


def times_in(text: str) -> list[TimeFound]:
    """In the order of the text. A number with a dot is a time only where a span, a zone, "at" or the like says so."""
    found = list(_times(text))
    covered = {place for one in found for place in range(one.at, one.until)}
    for match in _NOON.finditer(text):
        if match.start() not in covered:
            label = match["label"] if match["label"] in LABELS else ""
            until = match.end() if label else match.end("first")
            found.append(TimeFound(match.start(), until, text[match.start() : until], time(12), None, label))
    return sorted(found, key=lambda one: one.at)


def _date(text: str, match: re.Match[str]) -> DateFound:
    parts = match.groupdict()
    day, last = _number(parts["day"]), _number(parts.get("last") or parts["day"])
    weekday, until = parts["weekday"], match.end()
    if last < day:  # "30 to 2 July" is no span of July
        day, weekday = last, parts.get("last_weekday")
    if not weekday and day == last and (after := _WEEKDAY_AFTER.match(text, until)):
        weekday, until = after["weekday"] or after["inside"], after.end()
    month = parts["month"]
    return DateFound(
        at=match.start(),
        until=until,
        words=text[match.start() : until],
        month=int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1,
        day=day,
        last=last,
        year=int(parts["year"]) if parts["year"] else None,
        weekday=_weekday(weekday),
        last_weekday=_weekday(parts.get("last_weekday")),
    )


def _times(text: str) -> Iterator[TimeFound]:
    for match in _TIME.finditer(text):
        label = (match["label"] or "").upper()
        label, until = (label, match.end()) if label in LABELS else ("", _without_label(match))
        halves = match["half"], match["last_half"]
        dotted = "." in match["first"]
        plain = (
            ":" in match["first"]
            or any(halves)
            or (dotted and (label or _BEFORE_A_TIME.search(text[max(0, match.start() - 20) : match.start()])))
        )
        if not plain and not (dotted and match["last"] and re.search("[:.]", match["last"])):
            continue
        starts = _time(match["first"], halves[0] or ("" if _says_noon(halves[1]) else halves[1]))
        ends = _time(match["last"], halves[1]) if match["last"] else None
        if starts:
            yield TimeFound(match.start(), until, text[match.start() : until].rstrip(" \t("), starts, ends, label)


def _without_label(match: re.Match[str]) -> int:
    return max(match.end(group) for group in ("first", "half", "last", "last_half"))


def _says_noon(half: str | None) -> bool:
    return bool(half) and re.search("noon|midday", half or "", re.IGNORECASE) is not None


def _time(clock: str, half: str | None) -> time | None:
    hour, _, minute = clock.replace(".", ":").partition(":")
    number, kind = int(hour), re.sub(r"[^a-z]", "", (half or "").lower())
    if kind in ("am", "pm") and 1 <= number <= 12:
        number = number % 12 + (12 if kind == "pm" else 0)
    return time(number, int(minute or 0))


def _number(words: str) -> int:
    return int(words.rstrip("stndrh"))


def _weekday(words: str | None) -> int | None:
    return _WEEKDAYS.index(words[:3]) if words else None
