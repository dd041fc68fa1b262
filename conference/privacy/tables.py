"""What people ask about their data, on which ground an event keeps any, and the sweeps that took what was due."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from conference.storage.personal import Purpose
from conference.storage.row import Row, json_column, one_of


class RequestKind(StrEnum):
    correction = "correction"  # something is wrong that they can't change themselves
    credit = "credit"  # they were erased, and a programme still names them


class DataRequest(Row, table=True):
    """Something that the organisers of an event are asked to do about somebody's data (real time)."""

    __tablename__ = "data_request"
    __table_args__ = (CheckConstraint("(kind = 'credit') = (speaker_id IS NOT NULL)", name="credit_of_a_speaker"),)

    event_id: UUID = Field(foreign_key="event.id", index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    kind: RequestKind = Field(sa_column=one_of(RequestKind, "request_kind"))
    speaker_id: UUID | None = Field(default=None, foreign_key="speaker.id", ondelete="CASCADE", index=True)
    text: str = Field(default="", max_length=1000)
    made_at: datetime
    answered_at: datetime | None = None
    answer: str = Field(default="", max_length=1000)
    by_id: UUID | None = None


class ProcessingBasis(Row, table=True):
    """On which legal ground an event keeps something, in the words of its organisers."""

    __tablename__ = "processing_basis"
    __table_args__ = (UniqueConstraint("event_id", "purpose"),)

    event_id: UUID = Field(foreign_key="event.id")
    purpose: Purpose = Field(sa_column=one_of(Purpose, "purpose"))
    words: str = Field(max_length=300)
    by_id: UUID | None = None
    modified_at: datetime


class RetentionSweep(Row, table=True):
    """One sweep: how many rows each rule took."""

    __tablename__ = "retention_sweep"

    swept_at: datetime  # real time
    taken: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
