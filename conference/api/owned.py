"""What of the programme is somebody's own, and why (pure)."""

from dataclasses import dataclass
from datetime import datetime

from conference.programme.queries import SessionFacts


@dataclass(frozen=True, slots=True)
class OwnBooking:
    """A seat, or a turn on a waiting list (`ahead` is then how many come before it)."""

    facts: SessionFacts
    since: datetime
    ahead: int | None = None


@dataclass(frozen=True, slots=True)
class OwnSession:
    facts: SessionFacts
    reasons: tuple[str, ...]  # speaking, booked, everyone
