"""The meeting in which a panel decides: when it was, who was there, what was on the table, and its minutes."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from conference.storage.row import Row, one_of

GOES_ON = "closed_at IS NULL"


class SelectionMeeting(Row, table=True):
    """One meeting of a call's panel. At most one goes on at a time; another may follow."""

    __tablename__ = "selection_meeting"
    __table_args__ = (
        CheckConstraint("closed_at IS NULL OR current_id IS NULL", name="nothing_on_a_closed_table"),
        Index("uq_selection_meeting_call_id", "call_id", unique=True, sqlite_where=text(GOES_ON), postgresql_where=text(GOES_ON)),
    )

    call_id: UUID = Field(foreign_key="call.id")
    opened_at: datetime
    opened_by_id: UUID = Field(foreign_key="person.id")
    closed_at: datetime | None = None
    current_id: UUID | None = Field(default=None, foreign_key="submission.id")  # on the table now
    current_at: datetime | None = None  # since when


class SelectionAttendee(Row, table=True):
    """Somebody who came in. `seen_at` is real time: who is still there."""

    __tablename__ = "selection_attendee"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)

    meeting_id: UUID = Field(foreign_key="selection_meeting.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    came_at: datetime
    seen_at: datetime


class MinuteKind(StrEnum):
    opened = "opened"
    came = "came"
    taken = "taken"  # onto the table
    left = "left"  # has no part in what is on the table
    declared = "declared"  # a conflict, in the meeting
    noted = "noted"
    decided = "decided"
    undone = "undone"
    reordered = "reordered"
    announced = "announced"
    closed = "closed"


class Minute(Row, table=True):
    """A line of a call's minutes: append-only. Decisions outside a meeting are minuted too."""

    __tablename__ = "selection_minute"
    __table_args__ = (Index("ix_selection_minute_call_id_at", "call_id", "at"),)

    call_id: UUID = Field(foreign_key="call.id")
    meeting_id: UUID | None = Field(default=None, foreign_key="selection_meeting.id", index=True)
    kind: MinuteKind = Field(sa_column=one_of(MinuteKind, "minute_kind"))
    at: datetime
    by_id: UUID = Field(foreign_key="person.id")  # who wrote it, or did it
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)  # whom it is about: who left, who declared
    submission_id: UUID | None = Field(default=None, foreign_key="submission.id", index=True)
    decision_id: UUID | None = Field(default=None, foreign_key="decision.id")
    words: str = Field(default="", max_length=4000)
