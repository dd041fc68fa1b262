"""What follows a yes that is not a place: an award with its milestones, and a session that belongs to a submission."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from conference.storage.row import Row


class Award(Row, table=True):
    """Money (or an honour) that was awarded and accepted: the agreement is the terms of the offer, accepted then."""

    __table_args__ = (
        CheckConstraint("amount_pence IS NULL OR amount_pence > 0", name="some_amount"),
        CheckConstraint("(ended_at IS NULL) = (ended_reason = '')", name="ended_with_reason"),
    )

    submission_id: UUID = Field(foreign_key="submission.id", unique=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    amount_pence: int | None = None
    agreed_at: datetime
    ended_at: datetime | None = None
    ended_reason: str = Field(default="", max_length=1000)


class Milestone(Row, table=True):
    """What an award's holder has promised by a day; reported by them, accepted by an organiser, or given back with a word."""

    __table_args__ = (
        UniqueConstraint("award_id", "position"),
        CheckConstraint("accepted_at IS NULL OR reported_at IS NOT NULL", name="accepted_after_report"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by_id IS NULL)", name="accepted_by_whom"),
    )

    award_id: UUID = Field(foreign_key="award.id")
    position: int
    title: str = Field(max_length=200)
    due_on: date  # in the call's zone; the day itself is still in time
    asks_report: bool
    report: str = Field(default="", max_length=20_000)
    reported_at: datetime | None = None
    accepted_at: datetime | None = None
    accepted_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    word: str = Field(default="", max_length=2000)  # the organisers', when they gave a report back


class SubmissionSession(Row, table=True):
    """The session in a programme that a submission led to: a project's showcase, or the talk that was proposed."""

    __tablename__ = "submission_session"

    submission_id: UUID = Field(foreign_key="submission.id", unique=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    session_id: UUID = Field(index=True)  # a bare id: the session may only be planned yet
    by_id: UUID = Field(foreign_key="person.id")
    made_at: datetime
