"""The stage's house rules (pure): when its door is open, what a question may be, who may do what."""

import math
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

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

MAX_FLAG = 80  # of a held line beside what it is in
MAX_MARKS = 8  # one above the other: more of them would stand in the lines around
# Marks that turn the direction of what follows: they could make one question's words run over the next.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_NO_WIDTH = frozenset("\u00ad\u180e\u200b\u2060\ufeff")  # between letters, and of no meaning there
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs of which nothing is seen


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
    if not any(map(_is_seen, text)):
        text = ""
    if not text and if_empty:
        raise Invalid(name, if_empty)
    if len(text) > most:
        raise Invalid(name, f"This {thing} has {len(text)} characters: use at most {most}.")
    return text


def held_word(text: str, held: str) -> str:
    """The first of the held lines whose words are in the text, or nothing. `held` has one a line; `*` at its end stands for any ending."""
    said = f" {_words_in(text)} "
    return next((line for line, words in _held_lines(held) if words in said), "")


@lru_cache(maxsize=64)
def _held_lines(held: str) -> tuple[tuple[str, str], ...]:
    """Each line, and what is looked for among words with a space on either side."""
    lines = [line.strip() for line in held.casefold().split("\n")]
    found = ((line[:MAX_FLAG], _words_in(line.removesuffix("*")), line.endswith("*")) for line in lines)
    return tuple((line, f" {words}" if is_open else f" {words} ") for line, words, is_open in found if words)


def same_word(text: str) -> str:
    """One spelling for what looks the same: composed letters, small, and nothing without width between them."""
    return "".join(letter for letter in unicodedata.normalize("NFC", text).casefold() if letter not in _NO_WIDTH)


def bare(text: str) -> str:
    """What is compared: neither capitals nor wide, round or bold letters make a difference, nor what can't be seen."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Cf" and letter not in _BLANK)


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


def _words_in(text: str) -> str:
    """With a space between them, in any script: a vowel's sign or an accent is of its word."""
    return " ".join("".join(letter if letter == "_" or unicodedata.category(letter)[0] in "LMN" else " " for letter in bare(text)).split())


def _readable(typed: str) -> str:
    """Any script, on as many lines as typed; no control characters, half characters or marks that turn the direction of the page."""
    kept = (letter for letter in typed.replace("\r\n", "\n") if letter == "\n" or not _is_unreadable(letter))
    lines = (" ".join(line.split()) for line in "".join(_few_marks(kept)).split("\n"))
    return "\n".join(line for line in lines if line)


def _few_marks(letters: Iterable[str]) -> Iterable[str]:
    marks = 0
    for letter in letters:
        marks = marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        if marks <= MAX_MARKS:
            yield letter


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter) not in ("Cf", "Zs", "Zl", "Zp", "Mn", "Me", "Mc", "Cc") and letter not in _BLANK


def _is_unreadable(letter: str) -> bool:
    return (unicodedata.category(letter) in ("Cc", "Cs") and letter != "\t") or letter in _TURNS
