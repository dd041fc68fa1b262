"""Submissions: what somebody sends to a call, every version of it, and who stands with them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from conference.storage.row import Row, json_column, one_of

LIVE = "state NOT IN ('withdrawn', 'cancelled')"


class SubmissionState(StrEnum):
    draft = "draft"
    submitted = "submitted"
    under_review = "under_review"
    accepted = "accepted"
    reserve = "reserve"
    rejected = "rejected"
    withdrawn = "withdrawn"
    confirmed = "confirmed"  # who was accepted said yes
    cancelled = "cancelled"  # who was accepted said no, or let the days pass


class Submission(Row, table=True):
    """One person's submission to one call, in the state that the applicant knows. What was decided and not yet told is a Decision."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        CheckConstraint("(late_by_id IS NULL) = (late_at IS NULL)", name="late_by_whom"),
        CheckConstraint("state = 'draft' OR state = 'withdrawn' OR counted_id IS NOT NULL", name="sent_has_version"),
        Index(
            "uq_submission_call_id_person_id_slot",
            "call_id",
            "person_id",
            "slot",
            unique=True,
            sqlite_where=text(LIVE),
            postgresql_where=text(LIVE),
        ),
    )

    call_id: UUID = Field(foreign_key="call.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)  # the applicant, or the lead
    number: int  # counts up within the call; people see `ILLP-2025-0042`
    slot: int = 1  # where a call takes several from one person
    state: SubmissionState = Field(sa_column=one_of(SubmissionState, "submission_state"))
    draft: dict[str, Any] = Field(sa_column=json_column())  # question key: answer, as typed so far
    draft_stamp: int = 0  # counts savings: an older page never overwrites a newer draft
    draft_stamps: dict[str, int] = Field(default_factory=dict, sa_column=json_column())  # question key: the saving that last changed it
    draft_at: datetime
    counted_id: UUID | None = None  # the submission_version that counts; a bare id, as the version names its submission
    entered_by_id: UUID | None = Field(default=None, foreign_key="person.id")  # staff, on the applicant's behalf
    late_at: datetime | None = None  # when an organiser decided to take what came late
    late_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    late_reason: str = Field(default="", max_length=1000)
    made_at: datetime
    submitted_at: datetime | None = None  # when the version that counts had arrived whole
    withdrawn_at: datetime | None = None
    told_at: datetime | None = None  # when the applicant was told the decision


class SubmissionVersion(Row, table=True):
    """What arrived whole, once and for all: never changed. A late one counts only by an organiser's recorded decision."""

    __tablename__ = "submission_version"
    __table_args__ = (UniqueConstraint("submission_id", "number"),)

    submission_id: UUID = Field(foreign_key="submission.id")
    number: int
    call_version_id: UUID = Field(foreign_key="call_version.id", index=True)
    answers: dict[str, Any] = Field(sa_column=json_column())
    arrived_at: datetime
    late: bool
    terms_at: datetime | None = None  # when the terms of that version of the call were accepted with it
    by_id: UUID | None = Field(default=None, foreign_key="person.id")  # who sent it


class PartnerRole(StrEnum):
    co_applicant = "co_applicant"
    partner = "partner"
    referee = "referee"


class Partner(Row, table=True):
    """Somebody named in a submission, who is asked by mail whether that is so; a referee is asked for a reference."""

    __tablename__ = "submission_partner"
    __table_args__ = (
        CheckConstraint("confirmed_at IS NULL OR declined_at IS NULL", name="one_answer"),
        Index(
            "uq_submission_partner_email_role",
            "submission_id",
            "email_key",
            "role",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    submission_id: UUID = Field(foreign_key="submission.id")
    role: PartnerRole = Field(sa_column=one_of(PartnerRole, "partner_role"))
    name: str = Field(max_length=200)
    organisation: str = Field(default="", max_length=200)
    email: str = Field(max_length=320)
    email_key: str = Field(max_length=320)
    token_hash: str | None = Field(default=None, unique=True, max_length=64)
    asked_at: datetime | None = None
    confirmed_at: datetime | None = None
    declined_at: datetime | None = None
    words: str = Field(default="", max_length=8000)  # the reference
    removed_at: datetime | None = None
