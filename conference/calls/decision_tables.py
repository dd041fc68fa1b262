"""What was decided on a submission, by whom and why."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from conference.storage.row import Row, one_of

STANDS = "superseded_at IS NULL"


class Verdict(StrEnum):
    accepted = "accepted"
    reserve = "reserve"
    rejected = "rejected"


class Decision(Row, table=True):
    """Decided; told when `announced_at` is set. A later one supersedes it: both are kept."""

    __table_args__ = (
        CheckConstraint("(verdict = 'reserve') = (reserve_position IS NOT NULL)", name="reserve_has_position"),
        CheckConstraint("amount_pence IS NULL OR (amount_pence > 0 AND verdict = 'accepted')", name="amount_of_a_yes"),
        Index("uq_decision_submission_id", "submission_id", unique=True, sqlite_where=text(STANDS), postgresql_where=text(STANDS)),
        Index(
            "uq_decision_call_id_reserve_position",
            "call_id",
            "reserve_position",
            unique=True,
            sqlite_where=text(f"{STANDS} AND reserve_position IS NOT NULL"),
            postgresql_where=text(f"{STANDS} AND reserve_position IS NOT NULL"),
        ),
    )

    call_id: UUID = Field(foreign_key="call.id")
    submission_id: UUID = Field(foreign_key="submission.id")
    verdict: Verdict = Field(sa_column=one_of(Verdict, "verdict"))
    reserve_position: int | None = None  # the order in which reserves move up, from 1
    amount_pence: int | None = None  # of a grant or bursary
    reason: str = Field(max_length=4000)  # as minuted
    feedback: str = Field(default="", max_length=8000)  # for the applicant
    by_id: UUID = Field(foreign_key="person.id")
    decided_at: datetime
    announced_at: datetime | None = None
    superseded_at: datetime | None = None
