"""Who was there: check-ins at a door and every act that led to them, time spent on stages, what counts as having attended."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from conference.storage.row import Row, json_column, one_of

DAY_OR_SESSION = "(day IS NULL) <> (session_id IS NULL)"
STANDS = "undone_at IS NULL"


class How(StrEnum):
    """How somebody at a door, or an organiser later, said who it is."""

    code = "code"  # a ticket's code, read by a camera or typed
    name = "name"  # found by name
    hand = "hand"  # marked afterwards in the table


class Outcome(StrEnum):
    """What became of an act at the door."""

    checked_in = "checked_in"
    already = "already"  # the same person and occasion had been checked in: both acts are kept
    place_gone = "place_gone"  # the place was given back
    not_confirmed = "not_confirmed"
    no_seat = "no_seat"  # no seat in this session
    no_entry = "no_entry"  # a ticket for recordings only
    undone = "undone"  # was taken back at the door after this act
    unknown = "unknown"  # no ticket of this event


def _once(on: str) -> Index:
    condition = text(f"{STANDS} AND {on} IS NOT NULL")
    return Index(
        f"uq_check_in_registration_id_{on}", "registration_id", on, unique=True, sqlite_where=condition, postgresql_where=condition
    )


class CheckIn(Row, table=True):
    """A place's holder was there, on a day of the event or in a session. Once for each; one that was undone is another row."""

    __tablename__ = "check_in"
    __table_args__ = (
        CheckConstraint(DAY_OR_SESSION, name="day_or_session"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone_by_whom"),
        _once("day"),
        _once("session_id"),
    )

    event_id: UUID = Field(foreign_key="event.id", index=True)
    registration_id: UUID = Field(foreign_key="registration.id", index=True)
    day: date | None = None  # on the event's clock
    session_id: UUID | None = Field(default=None, foreign_key="session.id", index=True)
    at: datetime  # when they were there: the phone's time, put right, where it came later
    how: How = Field(sa_column=one_of(How, "check_in_how"))
    by_id: UUID
    undone_at: datetime | None = None
    undone_by_id: UUID | None = None


class DoorScan(Row, table=True):
    """One act at a door. A phone that sends it again gets the same answer."""

    __tablename__ = "door_scan"
    __table_args__ = (
        UniqueConstraint("event_id", "client_id"),
        CheckConstraint(DAY_OR_SESSION, name="day_or_session"),
    )

    event_id: UUID = Field(foreign_key="event.id")
    client_id: UUID  # made by the phone, once for each act
    registration_id: UUID | None = Field(default=None, foreign_key="registration.id", index=True)
    check_in_id: UUID | None = Field(default=None, foreign_key="check_in.id")
    day: date | None = None
    session_id: UUID | None = Field(default=None, foreign_key="session.id")
    how: How = Field(sa_column=one_of(How, "door_scan_how"))
    outcome: Outcome = Field(sa_column=one_of(Outcome, "door_scan_outcome"))
    at: datetime  # on the phone, put right by its own clock's error
    received_at: datetime
    by_id: UUID
    seen_at: datetime | None = None  # an organiser has looked at what was flagged


class StageTime(Row, table=True):
    """How long somebody was on a session's stage, and whether they went through its meeting's door."""

    __tablename__ = "stage_time"
    __table_args__ = (UniqueConstraint("session_id", "person_id"), CheckConstraint("seconds >= 0", name="seconds"))

    session_id: UUID = Field(foreign_key="session.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    spans: list[list[int]] = Field(default_factory=list, sa_column=json_column())  # [from, to) in Unix seconds, in order, apart
    seconds: int = 0  # of the spans together
    entered_meeting_at: datetime | None = None


class AttendanceRule(Row, table=True):
    """How many minutes on a session's stage count as having attended it; without a row the usual number."""

    __tablename__ = "attendance_rule"
    __table_args__ = (CheckConstraint("stage_minutes BETWEEN 1 AND 600", name="stage_minutes"),)

    event_id: UUID = Field(foreign_key="event.id", unique=True)
    stage_minutes: int
