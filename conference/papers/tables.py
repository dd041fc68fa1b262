"""What the house issues: letters, invoices, certificates. Each has a code by which anyone can verify it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from conference.storage.row import Row, json_column, one_of


class PaperKind(StrEnum):
    offer_letter = "offer_letter"
    award_letter = "award_letter"
    invitation_letter = "invitation_letter"
    invoice = "invoice"
    certificate = "certificate"


class IssuedPaper(Row, table=True):
    """One paper, with the facts that were set in it: setting it again gives the same words."""

    __tablename__ = "issued_paper"
    __table_args__ = (CheckConstraint("(revoked_at IS NULL) = (revoked_reason = '')", name="revoked_with_reason"),)

    code: str = Field(unique=True, max_length=40)  # unguessable, readable aloud
    kind: PaperKind = Field(sa_column=one_of(PaperKind, "paper_kind"))
    person_id: UUID = Field(foreign_key="person.id", index=True)
    event_id: UUID | None = Field(default=None, foreign_key="event.id", index=True)
    subject_id: UUID | None = Field(default=None, index=True)  # the offer, registration or invoice that it is about: a bare id
    facts: dict[str, Any] = Field(sa_column=json_column())
    issued_at: datetime
    revoked_at: datetime | None = None
    revoked_reason: str = Field(default="", max_length=500)
