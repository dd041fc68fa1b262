"""Attendance (pure): what one is checked in for, what becomes of an act at the door, and what counts as having been there."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from conference.attendance.tables import AttendanceRule, CheckIn, Outcome, StageTime
from conference.errors import Invalid, NotFound
from conference.programme.tables import Event, Session, SessionType
from conference.registration.tables import Registration
from conference.times import zone_named

USUAL_MINUTES = 10
MAX_MINUTES = 600
PHONE_KEEPS = timedelta(hours=12)  # after the event's end; then a phone's list is of no use to anybody
OLDEST = timedelta(days=14)  # before now: an older act is put there
SAID = {
    Outcome.checked_in: "Checked in.",
    Outcome.already: "Was checked in already.",
    Outcome.place_gone: "This place was given back: not checked in.",
    Outcome.not_confirmed: "This place is not confirmed yet: not checked in.",
    Outcome.no_seat: "No seat in this session: not checked in.",
    Outcome.no_entry: "This ticket is for recordings only: not checked in.",
    Outcome.undone: "This check-in was undone at the door meanwhile.",
    Outcome.unknown: "Not a ticket of this event, or its place went to somebody else.",
}
NO_SESSION = (SessionType.break_, SessionType.travel)  # nobody attends these
FLAGGED = (Outcome.place_gone, Outcome.not_confirmed, Outcome.no_seat, Outcome.no_entry, Outcome.undone, Outcome.unknown)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What somebody is there for: a day of the event, or one session."""

    day: date | None = None
    session_id: UUID | None = None

    @property
    def key(self) -> str:
        """As forms and phones say it: `day:2025-07-09`, or `session:` and its id."""
        return f"day:{self.day.isoformat()}" if self.day else f"session:{self.session_id}"

    def is_of(self, row: CheckIn) -> bool:
        return (row.day, row.session_id) == (self.day, self.session_id)


def occasion_from(key: str) -> Occasion:
    """Raises NotFound for what is neither."""
    kind, _, value = key.partition(":")
    try:
        if kind == "day":
            return Occasion(day=date.fromisoformat(value))
        if kind == "session":
            return Occasion(session_id=UUID(value))
    except ValueError:
        pass
    raise NotFound("There is no such day or session at this event.")


def programme_days(event: Event) -> tuple[date, ...]:
    """The days on which something is planned, on the event's own clock. An event of one day has one."""
    zone = zone_named(event.zone)
    first = event.starts_at.astimezone(zone).date()
    last = (event.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return tuple(day for day in days if day.isoformat() not in event.free_days)


def day_for(event: Event, now: datetime) -> date:
    """Today where the event is on, else the next day that it has, else its last."""
    today, days = now.astimezone(zone_named(event.zone)).date(), programme_days(event)
    return next((day for day in days if day >= today), days[-1])


def what_becomes(
    place: Registration | None, *, has_seat: bool, stands: bool, undone_at: datetime | None, at: datetime, takes_part: bool = True
) -> Outcome:
    """Of an act at the door. `stands`: a check-in for the same occasion; `undone_at`: when the last one was taken back."""
    if place is None:
        return Outcome.unknown
    if place.cancelled_at:
        return Outcome.place_gone
    if not place.confirmed_at:
        return Outcome.not_confirmed
    if not takes_part:
        return Outcome.no_entry
    if stands:
        return Outcome.already
    if undone_at and at <= undone_at:
        return Outcome.undone
    return Outcome.checked_in if has_seat else Outcome.no_seat


def moment_of(scanned_at: datetime, sent_at: datetime, now: datetime) -> datetime:
    """When an act really was: a phone's clock may be wrong, but it is wrong by the same when it sends."""
    ago = min(max(sent_at - scanned_at, timedelta()), OLDEST)
    return now - ago


def minutes_of(rule: AttendanceRule | None) -> int:
    return rule.stage_minutes if rule else USUAL_MINUTES


def check_minutes(minutes: int) -> None:
    if not 1 <= minutes <= MAX_MINUTES:
        raise Invalid("minutes", f"Enter a number of minutes from 1 to {MAX_MINUTES}.")


def needed_seconds(session: Session, minutes: int) -> int:
    """How long one must have been on its stage: never more than half of a short session."""
    half = int((session.ends_at - session.starts_at).total_seconds()) // 2
    return min(minutes * 60, half)


def has_attended(time: StageTime | None, session: Session, minutes: int, *, checked_in: bool) -> bool:
    """On the stage for long enough, through the meeting's door, or through a real one."""
    if checked_in:
        return True
    return time is not None and (time.entered_meeting_at is not None or time.seconds >= needed_seconds(session, minutes))


def folded(words: str) -> str:
    """Words as they are compared: without accents, in one case."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def has_all(words: Sequence[str], text: str) -> bool:
    """Whether each of these folded words stands somewhere in a text."""
    whole = folded(text)
    return all(word in whole for word in words)
