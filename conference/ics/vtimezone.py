"""VTIMEZONE (RFC 5545 3.6.5) as every calendar app reads it: one STANDARD, at most one DAYLIGHT, each with a yearly rule (pure).

The rules are read off the zone database and hold for every change in the years asked for. Where no yearly rule does (Casablanca, whose
clocks follow Ramadan), there is none, and the times are to be written in UTC.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

import icalendar

from conference.times import known_zones

_STEP = timedelta(hours=12)  # no zone changes its offset twice within it
_SECOND = timedelta(seconds=1)
_PROOF = 3  # years beyond those asked for, before or after them, in which a rule must hold to be more than a coincidence
_STEADY_SINCE = datetime.combine(date(1970, 1, 1), time())  # a wall time, as DTSTART is
_Part: TypeAlias = icalendar.TimezoneStandard | icalendar.TimezoneDaylight
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class _Change:
    """The clocks change: `wall` is what they showed at that moment by the offset *before* it."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """The clocks change each year on the `nth` weekday of a month (-1: the last one)."""

    month: int
    weekday: int
    nth: int
    at: time
    before: timedelta
    after: timedelta
    name: str

    def in_year(self, year: int) -> _Change:
        if self.nth > 0:
            first = date(year, self.month, 1)
            day = first + timedelta(days=(self.weekday - first.weekday()) % 7, weeks=self.nth - 1)
        else:
            last = date(year, self.month, calendar.monthrange(year, self.month)[1])
            day = last - timedelta(days=(last.weekday() - self.weekday) % 7)
        return _Change(datetime.combine(day, self.at), self.before, self.after, self.name)


@lru_cache(maxsize=512)
def vtimezone(zone: str, years: range) -> icalendar.Timezone | None:
    """The component for times in these years of this IANA zone; None where UTC is to be written. It is shared: read it only."""
    if zone not in known_zones() or zone == "UTC":
        return None
    place = ZoneInfo(zone)
    if not _changes(place, years):
        return _component(zone, [_steady(place, years)])
    for proof in (range(years[0], years[-1] + 1 + _PROOF), range(years[0] - _PROOF, years[-1] + 1)):
        rules = _yearly_rules(_changes(place, proof), proof)
        if rules:
            # The year before, so that the first of January already has an offset.
            return _component(zone, [_part(rule.in_year(years[0] - 1), rule) for rule in rules])
    return None


def _changes(place: ZoneInfo, years: range) -> list[_Change]:
    """Every change of the offset in these years, and in the day before and after them, in order."""
    moment = datetime(years[0], 1, 1, tzinfo=UTC) - timedelta(days=1)
    end = datetime(years[-1] + 1, 1, 1, tzinfo=UTC) + timedelta(days=1)
    return list(_changes_between(place, moment, end))


def _changes_between(place: ZoneInfo, moment: datetime, end: datetime) -> Iterator[_Change]:
    before = _offset(place, moment)
    while moment < end:
        after = _offset(place, moment + _STEP)
        if after != before:
            at = _moment_of_change(place, moment, moment + _STEP)
            yield _Change((at + before).replace(tzinfo=None), before, after, at.astimezone(place).tzname() or "")
        moment, before = moment + _STEP, after


def _moment_of_change(place: ZoneInfo, early: datetime, late: datetime) -> datetime:
    """The first second with the new offset, found by halving."""
    before = _offset(place, early)
    while late - early > _SECOND:
        middle = early + (late - early) // 2 // _SECOND * _SECOND
        early, late = (middle, late) if _offset(place, middle) == before else (early, middle)
    return late


def _offset(place: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(place).utcoffset() or timedelta()


def _yearly_rules(changes: list[_Change], years: range) -> list[_Rule]:
    """The two rules that make exactly these changes in exactly these years; none where there are no such two."""
    if len(changes) != 2 * len(years):
        return []
    rules = [rule for rule in map(_rule, (changes[0::2], changes[1::2]), (years, years)) if rule]
    return rules if len(rules) == 2 and rules[0].after == rules[1].before and rules[1].after == rules[0].before else []


def _rule(changes: list[_Change], years: range) -> _Rule | None:
    first = changes[0]
    for nth in (-1, (first.wall.day - 1) // 7 + 1):
        rule = _Rule(first.wall.month, first.wall.weekday(), nth, first.wall.time(), first.before, first.after, first.name)
        if nth < 5 and [rule.in_year(year) for year in years] == changes:
            return rule
    return None


def _steady(place: ZoneInfo, years: range) -> _Part:
    local = datetime(years[0], 1, 1, tzinfo=UTC).astimezone(place)
    offset = local.utcoffset() or timedelta()
    return _part(_Change(_STEADY_SINCE, offset, offset, local.tzname() or ""), None)


def _part(start: _Change, rule: _Rule | None) -> _Part:
    """DAYLIGHT is the greater offset, in Dublin too, where the law has it the other way round: apps know no negative summer time."""
    part = icalendar.TimezoneDaylight() if start.after > start.before else icalendar.TimezoneStandard()
    part.add("tzname", start.name)
    part.add("dtstart", start.wall)
    part.add("tzoffsetfrom", start.before)
    part.add("tzoffsetto", start.after)
    if rule:
        part.add("rrule", icalendar.vRecur(freq="YEARLY", byday=f"{rule.nth}{_WEEKDAYS[rule.weekday]}", bymonth=rule.month))
    return part


def _component(zone: str, parts: list[_Part]) -> icalendar.Timezone:
    component = icalendar.Timezone()
    component.add("tzid", zone)
    for part in sorted(parts, key=lambda part: part.name or "", reverse=True):  # STANDARD first
        component.add_component(part)
    return component
