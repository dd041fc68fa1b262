"""What may be planned, and where a session stands at a moment (pure)."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from conference.errors import Conflict, Invalid
from conference.programme.releases import SessionPlan
from conference.programme.streams import captions_trouble, stream_trouble
from conference.programme.tables import Event, RegistrationKind, Session, SessionType
from conference.times import clock_time, long_date, zone_named

TYPE_WORDS = {kind: kind.value.replace("_", " ").capitalize() for kind in SessionType}
DOOR_OPENS = timedelta(minutes=10)  # the stage's door, before a session starts
SOON = timedelta(hours=1)


class Stale(Conflict):
    """Somebody else saved since this editor began."""

    code = "stale"


class SessionState(StrEnum):
    cancelled = "cancelled"
    later = "later"
    soon = "soon"
    now = "now"
    over = "over"


class RegistrationWindow(StrEnum):
    by_application = "by_application"
    not_yet = "not_yet"
    open = "open"
    closed = "closed"


def state_of(session: Session, now: datetime) -> SessionState:
    if session.cancelled_at:
        return SessionState.cancelled
    if now >= session.ends_at:
        return SessionState.over
    if now >= session.starts_at:
        return SessionState.now
    return SessionState.soon if session.starts_at - now <= SOON else SessionState.later


def on_now(sessions: Sequence[Session], now: datetime) -> list[Session]:
    return [session for session in sessions if state_of(session, now) == SessionState.now]


def next_up(sessions: Sequence[Session], now: datetime) -> list[Session]:
    """The session that starts next, with all that start with it."""
    ahead = [session for session in sessions if session.starts_at > now and not session.cancelled_at]
    first = min((session.starts_at for session in ahead), default=None)
    return [session for session in ahead if session.starts_at == first]


def registration_window(event: Event, now: datetime) -> RegistrationWindow:
    """Whether one may register at this instant; the closing instant itself is late."""
    if event.registration == RegistrationKind.application:
        return RegistrationWindow.by_application
    if event.registration_opens_at and now < event.registration_opens_at:
        return RegistrationWindow.not_yet
    if event.registration_closes_at and now >= event.registration_closes_at:
        return RegistrationWindow.closed
    return RegistrationWindow.open


def check_plan(event: Event, plan: SessionPlan) -> None:
    """Raises Invalid with a sentence for each field that can't be right."""
    wrong: dict[str, str] = {}
    if not any(letter.isprintable() and not letter.isspace() for letter in plan.title):
        wrong["title"] = "Enter a title."
    elif len(plan.title) > 200:
        wrong["title"] = "This title is too long: use at most 200 characters."
    if plan.ends_at <= plan.starts_at:
        wrong["ends"] = "The end must be after the start."
    if not event.starts_at <= plan.starts_at < event.ends_at:
        wrong["starts"] = f"The start must lie within the event, which {_lasts(event)}."
    elif plan.ends_at > event.ends_at and "ends" not in wrong:
        wrong["ends"] = f"The end must lie within the event, which {_lasts(event)}."
    if plan.join_url and urlsplit(plan.join_url).scheme not in ("http", "https"):
        wrong["join_url"] = "Enter a full address that starts with https://, or leave this empty to use the session's own stage."
    if trouble := stream_trouble(plan.stream_url):
        wrong["stream_url"] = trouble
    if trouble := captions_trouble(plan.captions_url):
        wrong["captions_url"] = trouble
    if wrong:
        first = next(iter(wrong))
        raise Invalid(first, wrong[first], wrong)


def _lasts(event: Event) -> str:
    """`lasts from 10:00 to 17:00 on Friday 25 June 2021`; on its own clock, which every form of organisers uses."""
    starts, ends = (moment.astimezone(zone_named(event.zone)) for moment in (event.starts_at, event.ends_at))
    from_day = "" if starts.date() == ends.date() else f" on {long_date(starts.date())}"
    return f"lasts from {clock_time(starts)}{from_day} to {clock_time(ends)} on {long_date(ends.date())}"


def check_not_cancelled(session: Session) -> None:
    if session.cancelled_at:
        raise Conflict(f"“{session.title}” was cancelled.")


def check_cancelled(session: Session) -> None:
    if not session.cancelled_at:
        raise Conflict(f"“{session.title}” is not cancelled.")


def slug_of(title: str, taken: set[str]) -> str:
    """An address's word for a title, one that no other of the event has."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "session"
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug
