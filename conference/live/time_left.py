"""How much of a session is left (pure), in figures and in words; static/js/speaker-stage.js says the same, each second."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from conference.live.player import countdown
from conference.live.rules import Door

LONG = timedelta(hours=12)  # before a session that is further away than this, figures say nothing
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


class Left(StrEnum):
    before = "before"
    plenty = "plenty"
    soon = "soon"  # five minutes or less
    over = "over"
    cancelled = "cancelled"


@dataclass(frozen=True, slots=True)
class TimeLeft:
    state: Left
    figures: str  # "23:41", "1:05:00", "+02:10"; empty where words are enough
    words: str  # "24 minutes left"


def time_left(door: Door, starts_at: datetime, ends_at: datetime, now: datetime) -> TimeLeft:
    """`starts_at` and `ends_at` with the delay, where there is one."""
    if door == Door.cancelled:
        return TimeLeft(Left.cancelled, "", "This session is cancelled")
    if now < starts_at:
        wait = starts_at - now
        return TimeLeft(Left.before, figures(wait) if wait < LONG else "", countdown(wait))
    if now <= ends_at:
        left = ends_at - now
        return TimeLeft(Left.soon if left <= 5 * MINUTE else Left.plenty, figures(left), _left_words(left))
    over = now - ends_at
    return TimeLeft(Left.over, f"+{figures(over)}" if over < LONG else "", _over_words(over) if over < LONG else "This session is over")


def figures(span: timedelta) -> str:
    """`05:00`, `1:05:00`."""
    minutes, seconds = divmod(span // SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def _left_words(left: timedelta) -> str:
    """Rounded up: whoever reads "1 minute left" has one."""
    if left < MINUTE:
        return "Less than a minute left" if left >= SECOND else "Time is up"
    return f"{_minutes(-(-left // MINUTE))} left"


def _over_words(over: timedelta) -> str:
    return f"Over by {_minutes(over // MINUTE)}" if over >= MINUTE else "Time is up"


def _minutes(count: int) -> str:
    return f"{count} minute{'' if count == 1 else 's'}"
