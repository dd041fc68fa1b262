"""What changed between two versions of a session (pure), and whether calendars must be told with a new SEQUENCE."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from conference.programme.tables import SessionType

# RFC 5545 3.8.7.4 leaves to the organiser what is significant; these are what people would go wrong by.
SIGNIFICANT = {"starts_at", "ends_at", "room_id", "join_url"}


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """All that an organiser decides about a session."""

    title: str
    type: SessionType
    room_id: UUID
    starts_at: datetime
    ends_at: datetime
    abstract: str = ""
    track_id: UUID | None = None
    join_url: str = ""
    stream_url: str = ""
    captions_url: str = ""
    for_everyone: bool = True
    illustrative: str = ""
    published_words: str = ""
    our_reading: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs; values as JSON can hold them."""

    field: str
    before: str
    after: str

    @property
    def significant(self) -> bool:
        return self.field in SIGNIFICANT


def plan_of(session: Any) -> SessionPlan:
    """The plan that a stored session follows."""
    return SessionPlan(**{field.name: getattr(session, field.name) for field in fields(SessionPlan)})


def differences(before: SessionPlan, after: SessionPlan) -> list[Change]:
    """What changed, in the order of the plan's fields."""
    pairs = ((field.name, getattr(before, field.name), getattr(after, field.name)) for field in fields(SessionPlan))
    return [Change(name, as_text(old), as_text(new)) for name, old, new in pairs if old != new]


def as_text(value: object) -> str:
    """A field's value as releases and drafts hold it."""
    return value.isoformat() if isinstance(value, datetime) else "" if value is None else str(value)
