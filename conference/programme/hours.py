"""What o'clock a session is for those who come (pure): whether they sleep, by each one's own clock on that very day."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from conference.times import zone_named

NIGHT_FROM, NIGHT_UNTIL = time(23), time(7)
EARLY_UNTIL, LATE_FROM = time(9), time(21)
Zones = Mapping[str, int]  # how many people live in each


class Hours(StrEnum):
    """From the worst to the best."""

    asleep = "asleep"  # some of it lies between 23:00 and 07:00
    early = "early"  # begins before 09:00
    late = "late"  # ends after 21:00
    awake = "awake"


@dataclass(frozen=True, slots=True)
class HoursCount:
    """How many people a session finds asleep, and so on."""

    asleep: int = 0
    early: int = 0
    late: int = 0
    awake: int = 0

    @property
    def total(self) -> int:
        return self.asleep + self.early + self.late + self.awake

    @property
    def share_asleep(self) -> float:
        """From 0 to 1; 0 where nobody's zone is known."""
        return self.asleep / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Clock:
    """Zones whose clocks agree at all the sessions that are looked at, so that they need one column only."""

    zones: tuple[str, ...]  # the one with the most people first
    people: int


def hours_in(zone: str, starts_at: datetime, ends_at: datetime) -> Hours:
    """The worst of what the session is in that zone."""
    place = zone_named(zone)
    starts, ends = starts_at.astimezone(place), ends_at.astimezone(place)
    tonight = datetime.combine(starts.date(), NIGHT_FROM, place)
    evening = datetime.combine(starts.date(), LATE_FROM, place)
    if starts.time() < NIGHT_UNTIL or ends > tonight:
        return Hours.asleep
    if starts.time() < EARLY_UNTIL:
        return Hours.early
    return Hours.late if ends > evening else Hours.awake


def hours_count(zones: Zones, starts_at: datetime, ends_at: datetime) -> HoursCount:
    counted: Counter[Hours] = Counter()
    for zone, people in zones.items():
        counted[hours_in(zone, starts_at, ends_at)] += people
    return HoursCount(**{hours.value: counted[hours] for hours in Hours})


def clocks_of(zones: Zones, moments: Sequence[datetime]) -> tuple[Clock, ...]:
    """From the west to the east. Two zones that differ at one of these moments, as in the weeks around a change of clocks, stay apart."""
    together: dict[tuple[timedelta, ...], list[str]] = {}
    for zone in zones:
        together.setdefault(_offsets(zone, moments), []).append(zone)
    return tuple(
        Clock(tuple(sorted(named, key=lambda zone: (-zones[zone], zone))), sum(zones[zone] for zone in named))
        for _, named in sorted(together.items())
    )


def _offsets(zone: str, moments: Iterable[datetime]) -> tuple[timedelta, ...]:
    place = zone_named(zone)
    return tuple(moment.astimezone(place).utcoffset() or timedelta() for moment in moments)
