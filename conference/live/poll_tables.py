"""Polls on a stage, and one ballot for each person."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from conference.storage.row import Row, json_column, one_of


class PollKind(StrEnum):
    single = "single"  # one of the options
    multiple = "multiple"  # any of the options
    rating = "rating"  # 1 to 5
    words = "words"  # up to three short words


class PollState(StrEnum):
    """Computed from a poll's facts, never stored."""

    draft = "draft"
    open = "open"
    closed = "closed"
    archived = "archived"


class Poll(Row, table=True):
    __table_args__ = (
        CheckConstraint("ballots >= 0", name="ballots"),
        CheckConstraint("opened_at IS NOT NULL OR closed_at IS NULL", name="opened"),
    )

    stage_id: UUID = Field(foreign_key="stage.id", index=True)
    person_id: UUID = Field(foreign_key="person.id")  # who drafted it
    kind: PollKind = Field(sa_column=one_of(PollKind, "poll_kind"))
    prompt: str = Field(max_length=300)
    options: list[str] = Field(default_factory=list, sa_column=json_column())
    live_results: bool = False  # shown while it is open; otherwise once it is closed
    tally: dict[str, int] = Field(
        default_factory=dict, sa_column=json_column()
    )  # ballots for each choice: an option's place from 0, a rating, a word
    ballots: int = 0
    drafted_at: datetime
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    archived_at: datetime | None = None


class Ballot(Row, table=True):
    """One per person and poll, whatever races; it may be changed while the poll is open."""

    __table_args__ = (UniqueConstraint("poll_id", "person_id"),)

    poll_id: UUID = Field(foreign_key="poll.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    choices: list[Any] = Field(default_factory=list, sa_column=json_column())  # as in the tally
    changes: int = 0
    cast_at: datetime
