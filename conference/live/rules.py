"""The stage's house rules (pure): when its door is open, what a question may be, who may do what."""

import math
import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

from conference.errors import Conflict, Invalid
from conference.programme.rules import DOOR_OPENS
from conference.programme.tables import Event, EventFormat, Session, SessionType
from conference.times import clock_time, spoken_zone, zone_named

MAX_TEXT = 500  # characters of a question
MAX_REASON = 300
MAX_WAITING = 5  # questions of one person that wait for a moderator
MAX_ANSWER = 2000  # characters of a written answer
MAX_MESSAGE = 500  # characters of a chat message
MAX_PROMPT = 300  # of a poll
MAX_OPTION = 120
MAX_OPTIONS = 10
MAX_WORD = 40  # characters of a short word in a poll
MAX_WORDS = 3
RATINGS = ("1", "2", "3", "4", "5")
MAX_CAPTION = 300
MAX_CUE = 200
MAX_HELP = 500
MAX_SLOW = 600  # seconds
MAX_LATE = 240  # minutes
MAX_HELD_WORDS = 4000  # characters of the list
MAX_SILENCE = 7 * 24 * 60  # minutes
HOLD = timedelta(minutes=1)  # how long the other moderators leave a question alone
CHAT_KEPT = 100  # messages that a snapshot holds
CAPTIONS_KEPT = 30
CUES_KEPT = 5
REACTIONS = ("applause", "heart", "smile", "surprise")

# Marks that turn the direction of what follows: they could make one question's words run over the next.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


class Door(StrEnum):
    """Where the stage's door stands. Reading is open to all, whatever it says."""

    not_yet = "not_yet"
    open = "open"
    over = "over"
    cancelled = "cancelled"


def has_stage(event: Event, session: Session) -> bool:
    """Whether this session has a live side: everything online but the breaks."""
    return event.format == EventFormat.online and session.type != SessionType.break_


def opens_at(session: Session) -> datetime:
    return session.starts_at - DOOR_OPENS


def ends_at(session: Session, late_minutes: int = 0) -> datetime:
    """When its door shuts: a session that begins late may end late."""
    return session.ends_at + timedelta(minutes=late_minutes)


def door_at(session: Session, now: datetime, late_minutes: int = 0) -> Door:
    if session.cancelled_at:
        return Door.cancelled
    if now >= ends_at(session, late_minutes):
        return Door.over
    return Door.open if now >= opens_at(session) else Door.not_yet


def check_door_is_open(session: Session, zone: str, now: datetime, late_minutes: int = 0) -> None:
    """Asking and voting: from ten minutes before the start until the end. Raises Conflict."""
    door = door_at(session, now, late_minutes)
    if door == Door.not_yet:
        local = opens_at(session).astimezone(zone_named(zone))
        raise Conflict(f"The stage opens 10 minutes before the start, at {clock_time(local)} ({spoken_zone(local, zone)}).")
    if door == Door.over:
        raise Conflict("This session is over. Its questions stay here to be read.")
    if door == Door.cancelled:
        raise Conflict(f"“{session.title}” was cancelled.")


def clean_question(typed: str) -> str:
    """A question as it is kept and shown. Raises Invalid for an empty or a too long one."""
    return clean(typed, "text", MAX_TEXT, "question", "Type your question.")


def clean_reason(typed: str) -> str:
    """Why something was done, as the person it concerns reads it. Raises Invalid."""
    return clean(typed, "reason", MAX_REASON, "reason", "Say why: only the person it concerns will read it.")


def clean(typed: str, name: str, most: int, thing: str, if_empty: str) -> str:
    """Words as they are kept and shown; `name` is their field. Raises Invalid for too many, and for none unless `if_empty` is empty."""
    text = _readable(typed)
    if not text and if_empty:
        raise Invalid(name, if_empty)
    if len(text) > most:
        raise Invalid(name, f"This {thing} has {len(text)} characters: use at most {most}.")
    return text


def held_word(text: str, held: str) -> str:
    """The first of the held words that is in the text, or nothing. `held` has one a line; `*` at its end stands for any ending."""
    words = re.findall(r"\w+", text.casefold())
    for line in held.casefold().split("\n"):
        wanted = line.strip()
        if any(word == wanted or (wanted.endswith("*") and len(wanted) > 1 and word.startswith(wanted[:-1])) for word in words):
            return wanted
    return ""


def check_not_too_soon(last_said: datetime | None, slow_seconds: int, now: datetime) -> None:
    """Slow mode. Raises Conflict."""
    if last_said and slow_seconds and now < last_said + timedelta(seconds=slow_seconds):
        wait = math.ceil((last_said + timedelta(seconds=slow_seconds) - now).total_seconds())
        raise Conflict(f"This stage is in slow mode: write again in {wait} {'second' if wait == 1 else 'seconds'}.")


def check_may_ask_more(waiting: int) -> None:
    if waiting >= MAX_WAITING:
        raise Conflict(f"{MAX_WAITING} questions of yours wait for a moderator already. Ask the next one when one of them was looked at.")


def age_words(at: datetime, now: datetime) -> str:
    """`just now`, `3 minutes ago`, `2 hours ago`, `5 days ago`."""
    age = max(now - at, timedelta())
    for length, word in ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute")):
        if count := age // length:
            return f"{count} {word}{'' if count == 1 else 's'} ago"
    return "just now"


def _readable(typed: str) -> str:
    """Any script, on as many lines as typed; no control characters, half characters or marks that turn the direction of the page."""
    kept = (letter for letter in typed.replace("\r\n", "\n") if letter == "\n" or not _is_unreadable(letter))
    lines = (" ".join(line.split()) for line in "".join(kept).split("\n"))
    return "\n".join(line for line in lines if line)


def _is_unreadable(letter: str) -> bool:
    return (unicodedata.category(letter) in ("Cc", "Cs") and letter != "\t") or letter in _TURNS
