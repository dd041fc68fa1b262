"""When somebody is reminded, and of what (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from conference.errors import Conflict, Invalid
from conference.mail.tables import Circular

GATHERS = timedelta(hours=1)  # seats that begin so soon after another are in the same mail
EVERYBODY, SEATED, UNSEATED, SESSION, WAITING = "everybody", "seated", "unseated", "session", "waiting"


@dataclass(frozen=True, slots=True)
class Lead:
    """A reminder's time before something begins; how late it may still go; how long before it somebody must have had their place."""

    word: str
    before: timedelta
    grace: timedelta
    settled: timedelta

    def due_at(self, starts_at: datetime) -> datetime:
        return starts_at - self.before

    def is_due(self, starts_at: datetime, now: datetime) -> bool:
        """A clock that jumped over it sends nothing: what is later than `grace` is left out."""
        return self.due_at(starts_at) <= now < self.due_at(starts_at) + self.grace

    def had_by(self, starts_at: datetime) -> datetime:
        """Who got their place later has just read when it is."""
        return self.due_at(starts_at) - self.settled


WEEK = Lead("week", timedelta(days=7), timedelta(hours=12), timedelta(days=1))
DAY = Lead("day", timedelta(days=1), timedelta(hours=3), timedelta(hours=6))
HOUR = Lead("hour", timedelta(hours=1), timedelta(minutes=20), timedelta(minutes=15))
LEADS = (WEEK, DAY, HOUR)
LEAD_WORDS = {"week": "A week before the event", "day": "A day before the event", "hour": "An hour before"}


def state_of(circular: Circular) -> str:
    """draft, scheduled, going, sent, stopped: computed from its facts."""
    if circular.stopped_at:
        return "stopped"
    if circular.done_at:
        return "sent"
    if circular.begun_at:
        return "going"
    return "scheduled" if circular.goes_at else "draft"


def check_can_be_approved(circular: Circular) -> None:
    if state_of(circular) != "draft":
        raise Conflict("This mail was approved already, or stopped.")


def check_can_be_stopped(circular: Circular, waiting: int) -> None:
    """`waiting`: its mails that have not left yet; until then it can be stopped."""
    state = state_of(circular)
    if state == "sent" and not waiting:
        raise Conflict("This mail has gone to everybody already.")
    if state == "stopped":
        raise Conflict("This mail was stopped already.")


def check_time_to_go(goes_at: datetime, now: datetime, ends: timedelta = timedelta(days=366)) -> None:
    """Raises Invalid for the past, and for what is more than a year away."""
    if goes_at < now - timedelta(minutes=1):
        raise Invalid("clock", "This time is over. Choose a later one, or send the mail at once.")
    if goes_at > now + ends:
        raise Invalid("day", "This is more than a year away. Choose an earlier day.")


def audience_of(typed: str, sessions: Sequence[UUID]) -> tuple[str, UUID | None]:
    """`session:<id>` and `waiting:<id>` of one of these sessions, or a word. Raises Invalid."""
    word, _, subject = typed.partition(":")
    if word in (EVERYBODY, SEATED, UNSEATED) and not subject:
        return word, None
    found = next((one for one in sessions if str(one) == subject), None)
    if word not in (SESSION, WAITING) or found is None:
        raise Invalid("audience", "Choose who gets this mail.")
    return word, found
