"""Dates in an organiser's text that cannot be right (pure): the words, what is wrong, and both readings. It warns, never rewrites."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from zoneinfo import ZoneInfo

from conference.date_readings import Setting, begins, clock_of, read_in, span_in, weekdays_fit, years_meant
from conference.date_words import LABELS, DateFound, TimeFound, dates_in, times_in
from conference.times import DASH, city_of, clock_time, long_date, spoken_offset, zone_named

NEAR = timedelta(days=7)  # a date with another year, but so near to the event's own days, means the event
FAR = timedelta(days=366)  # a deadline so far from the event has a wrong year

LONDON = "Europe/London"
# What a zone's short name means, where it is one of a pair and people take the one for the other.
CLOCKS = {
    "GMT": (LONDON, 0),
    "BST": (LONDON, 1),
    "CET": ("Europe/Berlin", 1),
    "CEST": ("Europe/Berlin", 2),
    "EST": ("America/New_York", -5),
    "EDT": ("America/New_York", -4),
    "PST": ("America/Los_Angeles", -8),
    "PDT": ("America/Los_Angeles", -7),
}
OTHER_BST = ("Asia/Dhaka", "Pacific/Bougainville")  # whose own clocks are called BST too

_SENTENCE = re.compile(r"[^\n]+?(?:[.!?](?=\s+[A-Z“\"(])|(?=\n)|\Z)")
_PAST = re.compile(r"\b(?:was|were|held|took place|last|previous|earlier|published|posted|founded|since|ago|launched)\b", re.IGNORECASE)
_DEADLINE = re.compile(
    r"\bdeadlines?\b|\bclosing (?:date|time)\b|\bno later than\b|\bdue (?:by|on)\b"
    r"|\b(?:apply|submit|register|respond|resubmit) (?:\w+ ){0,4}?by\b"
    r"|\b(?:applications?|registrations?|bookings?|submissions?|calls?|entries|nominations?|surveys?)"
    r"(?: will)? (?:close|end|are due|must be in)s?\b",
    re.IGNORECASE,
)
_WITH_ZONE = re.compile(
    rf"\b(?:{'|'.join(LABELS)}|AoE|anywhere on earth)\b|\b[A-Z][\w ]{{2,20}}?’?'?s? (?:time|clock)\b|\b(?:local|your) time\b"
    r"|\d\s?Z\b|\b[A-Z][a-z]+/[A-Z]\w+|[+−-]\d\d:\d\d|\bin (?:London|UTC)\b"
)
_FILLER = r"[\s,:(]*(?:(?:of|on|is|are|the|a|free|that|from|falls|in|be|will|as)[\s,:(]+){0,4}"
_LONG = r"(?P<long>(?:long|bank[- ]holiday|extended)\s+)?"
_WEEKEND_AHEAD = re.compile(rf"{_LONG}\bweekend\b{_FILLER}\Z", re.IGNORECASE)
_WEEKEND_BEHIND = re.compile(rf"{_FILLER}{_LONG}weekend\b", re.IGNORECASE)


class DoubtKind(StrEnum):
    weekday = "weekday"
    zone = "zone"
    year = "year"
    weekend = "weekend"
    skipped = "skipped"  # the clocks go forward over it
    twice = "twice"  # the clocks go back over it
    deadline = "deadline"
    no_such_day = "no_such_day"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that cannot be right as it stands. `at` is where `words` stand in the text."""

    kind: DoubtKind
    at: int
    words: str
    sentence: str


def doubts_in(text: str, *, zone: str, starts_at: datetime, ends_at: datetime) -> tuple[Doubt, ...]:
    """In the order of the text. `zone` is the event's; the instants are its beginning and its end."""
    place = zone_named(zone)
    setting = Setting(place.key, starts_at.astimezone(place).date(), ends_at.astimezone(place).date())
    dates = dates_in(text)
    times = [one for one in times_in(text) if not any(day.at <= one.at < day.until for day in _beside(dates, one.at + 1))]
    found: list[Doubt] = []
    for match in _SENTENCE.finditer(text):
        start, end = match.span()
        said, clocks = dates[_place(dates, start) : _place(dates, end)], times[_place(times, start) : _place(times, end)]
        before = dates[_place(dates, start) - 1] if _place(dates, start) else None
        found += _in_sentence(text, match[0], said, clocks, before if before and "\n\n" not in text[before.at : start] else None, setting)
    return tuple(sorted(set(found), key=lambda doubt: (doubt.at, doubt.kind)))


def _place(found: Sequence[DateFound | TimeFound], at: int) -> int:
    return bisect_left(found, at, key=lambda one: one.at)


def _beside(dates: list[DateFound], at: int) -> list[DateFound]:
    """The last date that begins before `at`, and the first that does not: a text can hold thousands."""
    return dates[max(0, _place(dates, at) - 1) : _place(dates, at) + 1]


def _in_sentence(
    text: str, sentence: str, dates: list[DateFound], times: list[TimeFound], before: DateFound | None, setting: Setting
) -> Iterator[Doubt]:
    deadline, past = _DEADLINE.search(sentence) is not None, _PAST.search(sentence) is not None
    for one in dates:
        yield from _about_day(one, setting, deadline=deadline, past=past)
        yield from _about_weekend(text, one, setting)
    for clock in times:
        named = min(_beside(dates, clock.at), key=lambda one: min(abs(one.at - clock.until), abs(clock.at - one.until)), default=before)
        yield from _about_label(clock, named, setting)
        if dates and named and not clock.label:
            yield from _about_change(clock, named, setting)
    if deadline and dates and not _WITH_ZONE.search(sentence):
        yield from _about_deadline(dates[-1], times, setting)


def _about_day(one: DateFound, setting: Setting, *, deadline: bool, past: bool) -> Iterator[Doubt]:
    readings = [days for year in years_meant(one, setting) if (days := one.days(year))]
    if not readings:
        yield _doubt(DoubtKind.no_such_day, one, _no_such_day(one, setting))
        return
    if not any(weekdays_fit(one, days) for days in readings):
        yield _doubt(DoubtKind.weekday, one, _weekday_words(one, readings[0], setting))
    if one.year and not past and (other := _year_meant(one, readings[0][0], setting, deadline=deadline)):
        yield _doubt(
            DoubtKind.year,
            one,
            f"The event is in {_event_years(setting)}. {begins(readings[0][0], setting.zone)}; {begins(other, setting.zone)}. Which?",
        )


def _no_such_day(one: DateFound, setting: Setting) -> str:
    year = one.year or setting.first.year
    following = date(year, one.month + 1, 1)  # December has all its days
    last = following - timedelta(days=1)
    return f"There is no {one.last} {last:%B %Y}. {begins(last, setting.zone)}; {begins(following, setting.zone)}. Which?"


def _weekday_words(one: DateFound, days: list[date], setting: Setting) -> str:
    first_wrong = one.weekday not in (None, days[0].weekday())
    day, wanted = (days[0], one.weekday) if first_wrong else (days[-1], one.last_weekday)
    assert wanted is not None
    off = (wanted - day.weekday() + 3) % 7 - 3  # the nearest day of that name
    other = day + timedelta(days=off)
    words = f"{day.day} {day:%B %Y} is a {day:%A}, not a {other:%A}. {begins(day, setting.zone)}; {begins(other, setting.zone)}"
    for year in (setting.first.year, setting.last.year):
        if one.year and year != one.year and (meant := one.days(year)) and weekdays_fit(one, meant):
            words += f"; {begins(meant[0], setting.zone)}"
            break
    return words + ". Which?"


def _year_meant(one: DateFound, day: date, setting: Setting, *, deadline: bool) -> date | None:
    """The same day in the event's own year, where the year that stands there cannot be meant."""
    for year in (setting.first.year, setting.last.year):
        meant = one.days(year)
        if year == one.year or not meant:
            continue
        if setting.first - NEAR <= meant[0] <= setting.last + NEAR:
            return meant[0]
        if deadline and not setting.first - FAR <= day <= setting.last + FAR:
            return meant[0]
    return None


def _event_years(setting: Setting) -> str:
    return DASH.join(dict.fromkeys((str(setting.first.year), str(setting.last.year))))


def _about_weekend(text: str, one: DateFound, setting: Setting) -> Iterator[Doubt]:
    ahead, behind = text[max(0, one.at - 60) : one.at], text[one.until : one.until + 60]
    named = _WEEKEND_AHEAD.search(ahead) or _WEEKEND_BEHIND.match(behind)
    if not named or named["long"]:
        return
    readings = [days for year in years_meant(one, setting) if (days := one.days(year))]
    wrong = [day for day in readings[0] if day.weekday() < 5] if readings else []
    if wrong and not any(all(day.weekday() > 4 for day in days) for days in readings):
        saturday = wrong[0] + timedelta(days=5 - wrong[0].weekday())
        if saturday - wrong[0] > timedelta(days=3):
            saturday -= timedelta(days=7)
        weekend = f"{begins(saturday, setting.zone)}"
        yield _doubt(
            DoubtKind.weekend,
            one,
            f"{long_date(wrong[0])} is no day of a weekend. {begins(wrong[0], setting.zone)}; the weekend beside it: {weekend}. Which?",
        )


def _about_label(clock: TimeFound, named: DateFound | None, setting: Setting) -> Iterator[Doubt]:
    """`10:00 GMT` on a day on which London's clock is BST."""
    if clock.label not in CLOCKS or (clock.label == "BST" and setting.zone in OTHER_BST):
        return
    zone, hours = CLOCKS[clock.label]
    meant = timezone(timedelta(hours=hours))
    days = [days[0] for year in years_meant(named, setting) if (days := named.days(year))][:1] if named else [setting.first, setting.last]
    if not days:  # a day that no calendar has, of which enough is said
        return
    for day in days:
        local = datetime.combine(day, clock.starts, ZoneInfo(zone))
        own = local.astimezone(ZoneInfo(setting.zone)).tzname()
        if local.utcoffset() == timedelta(hours=hours) or own == clock.label or len({_keeps(one, zone) for one in days}) > 1:
            return
    day, ends = days[0], clock.ends or clock.starts
    first, second = ((datetime.combine(day, clock.starts, place), datetime.combine(day, ends, place)) for place in (ZoneInfo(zone), meant))
    kept = f"On {long_date(day)} {clock_of(zone)} is {first[0].tzname()} ({spoken_offset(first[0])}), not {clock.label}."
    ours = f"{span_in(first, zone, day)} on {clock_of(zone)} is {span_in(first, 'UTC', day)}"
    theirs = f"as {clock.label} it is {span_in(second, 'UTC', day)}, {span_in(second, zone, day)} in {city_of(zone)}"
    yield _doubt(DoubtKind.zone, clock, f"{kept} {ours}; {theirs}: which?")


def _keeps(day: date, zone: str) -> timedelta | None:
    return datetime.combine(day, time(12), ZoneInfo(zone)).utcoffset()


def _about_change(clock: TimeFound, named: DateFound, setting: Setting) -> Iterator[Doubt]:
    """A time that the event's clock skips, or shows twice."""
    for year in years_meant(named, setting)[:1]:
        for day in (named.days(year) or [])[:1]:
            for at in dict.fromkeys((clock.starts, clock.ends or clock.starts)):
                yield from _changes(clock, datetime.combine(day, at), setting.zone)


def _changes(clock: TimeFound, wall: datetime, zone: str) -> Iterator[Doubt]:
    place = ZoneInfo(zone)
    early, late = (wall.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    if early.utcoffset() == late.utcoffset():
        return
    said, city, day = f"{clock_time(wall)} on {long_date(wall.date())}", city_of(zone), wall.date()
    both = [
        f"{read_in(one, 'UTC', day)}, {read_in(one.astimezone(UTC), zone, day)} in {city}, by the clock at {spoken_offset(one)}"
        for one in (early, late)
    ]
    if early.astimezone(UTC) > late.astimezone(UTC):
        words, kind = f"{said} does not happen in {city}: the clocks go forward over it.", DoubtKind.skipped
    else:
        words, kind = f"{said} happens twice in {city}: the clocks go back over it.", DoubtKind.twice
    yield _doubt(kind, clock, f"{words} It is {both[0]}; or {both[1]}: which?")


def _about_deadline(named: DateFound, times: list[TimeFound], setting: Setting) -> Iterator[Doubt]:
    days = [days[-1] for year in years_meant(named, setting) if (days := named.days(year))][:1]
    far = "Pacific/Auckland" if setting.zone != "Pacific/Auckland" else LONDON
    for day in days:
        clock = min(times, key=lambda one: abs(one.at - named.at), default=None)
        at = datetime.combine(day, clock.starts) if clock else datetime.combine(day + timedelta(days=1), time())
        ours, theirs = at.replace(tzinfo=ZoneInfo(setting.zone)), at.replace(tzinfo=ZoneInfo(far))
        what = f"{clock_time(at)} on {long_date(day)}" if clock else f"The end of {long_date(day)}"
        needs = "A deadline needs a zone." if clock else "A deadline needs a time and a zone."
        there = f"on {clock_of(far)} it is {read_in(theirs, 'UTC', day)}, {read_in(theirs, setting.zone, day)} in {city_of(setting.zone)}"
        here = f"{what} on {clock_of(setting.zone)} is {read_in(ours, 'UTC', day)}"
        yield _doubt(DoubtKind.deadline, named, f"{needs} {here}; {there}: which?")


def _doubt(kind: DoubtKind, found: DateFound | TimeFound, sentence: str) -> Doubt:
    return Doubt(kind, found.at, found.words, sentence)
