"""The stage's house rules (pure): when its door is open, what a question may be, who may do what."""

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


def door_at(session: Session, now: datetime) -> Door:
    if session.cancelled_at:
        return Door.cancelled
    if now >= session.ends_at:
        return Door.over
    return Door.open if now >= opens_at(session) else Door.not_yet


def check_door_is_open(session: Session, zone: str, now: datetime) -> None:
    """Asking and voting: from ten minutes before the start until the end. Raises Conflict."""
    door = door_at(session, now)
    if door == Door.not_yet:
        local = opens_at(session).astimezone(zone_named(zone))
        raise Conflict(f"The stage opens 10 minutes before the start, at {clock_time(local)} ({spoken_zone(local, zone)}).")
    if door == Door.over:
        raise Conflict("This session is over. Its questions stay here to be read.")
    if door == Door.cancelled:
        raise Conflict(f"“{session.title}” was cancelled.")


def clean_question(typed: str) -> str:
    """A question as it is kept and shown. Raises Invalid for an empty or a too long one."""
    text = _readable(typed)
    if not text:
        raise Invalid("text", "Type your question.")
    if len(text) > MAX_TEXT:
        raise Invalid("text", f"This question has {len(text)} characters: use at most {MAX_TEXT}.")
    return text


def clean_reason(typed: str) -> str:
    """Why a question was dismissed, as its author reads it. Raises Invalid."""
    reason = _readable(typed)
    if not reason:
        raise Invalid("reason", "Say why: only the person who asked will read it.")
    if len(reason) > MAX_REASON:
        raise Invalid("reason", f"This reason has {len(reason)} characters: use at most {MAX_REASON}.")
    return reason


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
