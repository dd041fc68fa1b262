"""Calls: what somebody may apply for. What is asked and how it is judged is a definition (`definition.py`), kept in versions."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from conference.storage.row import Row, json_column, one_of


class CallKind(StrEnum):
    """What a yes leads to: one function each in `outcomes.py`."""

    place = "place"  # a place at an event that is given by selection
    grant = "grant"
    bursary = "bursary"
    proposal = "proposal"  # a session in a programme
    mentoring = "mentoring"  # a place in a round of peer mentoring
    award = "award"


class CallState(StrEnum):
    draft = "draft"
    open = "open"  # from opens_at on, as the clock says; `rules.standing_of` tells what a visitor meets
    closed = "closed"
    suspended = "suspended"  # shown as closed; interest may be left
    decided = "decided"  # everybody has been told
    archived = "archived"


class Call(Row, table=True):
    """One call. What is compared with clocks and counted is here; the rest is in its versions."""

    __tablename__ = "call"
    __table_args__ = (
        CheckConstraint("deadline_at IS NULL OR opens_at IS NULL OR opens_at < deadline_at", name="opens_before_deadline"),
        CheckConstraint("state <> 'open' OR deadline_at IS NOT NULL", name="open_has_deadline"),
        CheckConstraint("places IS NULL OR places > 0", name="some_places"),
        CheckConstraint("budget_pence IS NULL OR budget_pence > 0", name="some_budget"),
    )

    slug: str = Field(unique=True, max_length=80)
    event_id: UUID | None = Field(default=None, foreign_key="event.id", index=True)  # organisers of that event run it
    kind: CallKind = Field(sa_column=one_of(CallKind, "call_kind"))
    state: CallState = Field(sa_column=one_of(CallState, "call_state"))
    title: str = Field(max_length=200)
    zone: str = Field(max_length=60)  # in which the deadline was published
    opens_at: datetime | None = None
    deadline_at: datetime | None = None  # the first instant that is late
    results_by: date | None = None  # in `zone`
    places: int | None = None
    budget_pence: int | None = None
    last_number: int = 0  # of its submissions
    made_at: datetime
    decided_at: datetime | None = None


class CallVersion(Row, table=True):
    """What a call asked and promised from `published_at` on. Until the first submission the one version is edited in place."""

    __tablename__ = "call_version"
    __table_args__ = (UniqueConstraint("call_id", "number"),)

    call_id: UUID = Field(foreign_key="call.id")
    number: int
    definition: dict[str, Any] = Field(sa_column=json_column())  # definition.Definition
    published_at: datetime
    by_id: UUID | None = None


class CallInterest(Row, table=True):
    """Somebody wants to hear when a call opens (again)."""

    __tablename__ = "call_interest"
    __table_args__ = (
        Index(
            "uq_call_interest_call_id_person_id",
            "call_id",
            "person_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    call_id: UUID = Field(foreign_key="call.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    left_at: datetime
    told_at: datetime | None = None
    withdrawn_at: datetime | None = None
