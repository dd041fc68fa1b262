"""What follows a yes: the offer and its answer, an invitation letter where one is needed; and feedback for a no."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from conference.storage.row import Row

ENDS = ("declined_at", "lapsed_at", "withdrawn_at", "given_up_at")
STANDS = " AND ".join(f"{end} IS NULL" for end in ENDS)
ONE_END = " + ".join(f"CASE WHEN {end} IS NULL THEN 0 ELSE 1 END" for end in ENDS)


def _while_it_stands(name: str, *columns: str) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=text(STANDS), postgresql_where=text(STANDS))


class Offer(Row, table=True):
    """What somebody was offered, until when it waits for an answer, and what the answer was. It stands until one of its four ends.

    `slot` is one of the call's places: the database lets no two offers that stand have the same.
    """

    __table_args__ = (
        CheckConstraint(f"{ONE_END} <= 1", name="one_end"),
        CheckConstraint("accepted_at IS NULL OR (declined_at IS NULL AND lapsed_at IS NULL)", name="one_answer"),
        CheckConstraint("given_up_at IS NULL OR accepted_at IS NOT NULL", name="given_up_what_was_accepted"),
        CheckConstraint("respond_by > offered_at", name="time_to_answer"),
        CheckConstraint("slot IS NULL OR slot > 0", name="slots_count_up"),
        CheckConstraint("(fee_pence IS NULL) = (vat_percent IS NULL)", name="fee_with_vat"),
        CheckConstraint("amount_pence IS NULL OR amount_pence > 0", name="some_amount"),
        _while_it_stands("uq_offer_submission_id", "submission_id"),
        _while_it_stands("uq_offer_call_id_slot", "call_id", "slot"),
        Index("ix_offer_respond_by", "respond_by"),
    )

    call_id: UUID = Field(foreign_key="call.id")
    submission_id: UUID = Field(foreign_key="submission.id")
    decision_id: UUID = Field(foreign_key="decision.id", unique=True)
    version_id: UUID = Field(foreign_key="call_version.id", index=True)  # whose terms and promises these are
    person_id: UUID = Field(foreign_key="person.id", index=True)
    slot: int | None = None  # None: the call has no number of places
    amount_pence: int | None = None
    fee_pence: int | None = None  # with VAT
    vat_percent: int | None = None
    held_back_id: UUID | None = Field(default=None, foreign_key="held_back.id", index=True)  # where a place at the event is kept for it
    offered_at: datetime
    respond_by: datetime  # the first instant that is too late
    reminded_at: datetime | None = None
    accepted_at: datetime | None = None  # with the terms of that version
    registration_id: UUID | None = Field(default=None, foreign_key="registration.id", index=True)
    declined_at: datetime | None = None
    lapsed_at: datetime | None = None
    withdrawn_at: datetime | None = None  # by an organiser
    given_up_at: datetime | None = None  # after it was accepted
    word: str = Field(default="", max_length=1000)  # of whoever declined, gave up or withdrew
    by_id: UUID | None = Field(default=None, foreign_key="person.id")  # the organiser who withdrew it


class InvitationLetter(Row, table=True):
    """Whether somebody needs a letter for a visa. What the passport says is sealed (`sealing.py`) and goes at `purge_at`."""

    __tablename__ = "invitation_letter"
    __table_args__ = (
        CheckConstraint("needed OR sealed = ''", name="sealed_where_needed"),
        CheckConstraint("purged_at IS NULL OR sealed = ''", name="purged_is_empty"),
        CheckConstraint("written_at IS NULL OR needed", name="written_where_needed"),
        Index("ix_invitation_letter_purge_at", "purge_at"),
    )

    offer_id: UUID = Field(foreign_key="offer.id", unique=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    needed: bool
    sealed: str = Field(default="", max_length=4000)
    answered_at: datetime
    purge_at: datetime
    purged_at: datetime | None = None
    written_at: datetime | None = None
    written_by_id: UUID | None = Field(default=None, foreign_key="person.id")


class FeedbackRequest(Row, table=True):
    """Somebody who got a no asks why, where the call offers that; an organiser answers once."""

    __tablename__ = "feedback_request"
    __table_args__ = (CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_in_words"),)

    submission_id: UUID = Field(foreign_key="submission.id", unique=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    asked_at: datetime
    answer: str = Field(default="", max_length=8000)
    answered_at: datetime | None = None
    answered_by_id: UUID | None = Field(default=None, foreign_key="person.id")
