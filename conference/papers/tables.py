"""What the house issues: letters, invoices, certificates. Each has a code by which anyone can verify it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from conference.storage.row import Row, json_column, one_of

STANDS = text("revoked_at IS NULL AND subject_id IS NOT NULL")
LIVE_INVOICE = text("state <> 'void' AND subject_id IS NOT NULL")


class PaperKind(StrEnum):
    offer_letter = "offer_letter"
    award_letter = "award_letter"
    invitation_letter = "invitation_letter"
    invoice = "invoice"
    certificate = "certificate"


class IssuedPaper(Row, table=True):
    """One paper, with the facts that were set in it: setting it again gives the same words."""

    __tablename__ = "issued_paper"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoked_reason = '')", name="revoked_with_reason"),
        Index("uq_issued_paper_kind_subject_id", "kind", "subject_id", unique=True, sqlite_where=STANDS, postgresql_where=STANDS),
    )

    code: str = Field(unique=True, max_length=40)  # unguessable, readable aloud
    kind: PaperKind = Field(sa_column=one_of(PaperKind, "paper_kind"))
    person_id: UUID = Field(foreign_key="person.id", index=True)
    event_id: UUID | None = Field(default=None, foreign_key="event.id", index=True)
    subject_id: UUID | None = Field(default=None, index=True)  # the offer, registration or invoice that it is about: a bare id
    facts: dict[str, Any] = Field(sa_column=json_column())
    issued_at: datetime
    revoked_at: datetime | None = None
    revoked_reason: str = Field(default="", max_length=500)


class CertificateBasis(StrEnum):
    """What an event's certificate goes by."""

    none = "none"  # there is none
    days = "days"  # days on which somebody was checked in
    sessions = "sessions"  # sessions that somebody joined


class PaperHead(Row, table=True):
    """What stands on an event's papers, and what its certificate asks for. Without a row: the event's title, and the usual rule."""

    __tablename__ = "paper_head"
    __table_args__ = (CheckConstraint("least IS NULL OR least > 0", name="least_is_some"),)

    event_id: UUID = Field(foreign_key="event.id", unique=True)
    issuer: str = Field(default="", max_length=200)
    address: str = Field(default="", max_length=500)  # lines
    vat_number: str = Field(default="", max_length=40)
    pay_words: str = Field(default="", max_length=2000)  # how an invoice is paid
    signed_by: str = Field(default="", max_length=200)
    signed_as: str = Field(default="", max_length=200)
    basis: CertificateBasis = Field(sa_column=one_of(CertificateBasis, "certificate_basis"))
    least: int | None = None  # days or sessions; None: every day, or one session


class InvoiceState(StrEnum):
    unpaid = "unpaid"
    paid = "paid"
    void = "void"


class InvoiceBook(Row, table=True):
    """The last number that an invoice was given: it is raised in the transaction that makes the invoice, so none is ever missing."""

    __tablename__ = "invoice_book"
    __table_args__ = (CheckConstraint("last_number >= 0", name="counts_up"),)

    series: str = Field(unique=True, max_length=20)
    last_number: int = 0


class Invoice(Row, table=True):
    """One invoice. It is never deleted and never changed: a wrong one becomes void, keeps its number, and another is made."""

    __table_args__ = (
        CheckConstraint("number > 0", name="numbered"),
        CheckConstraint("total_pence > 0 AND net_pence >= 0 AND vat_pence >= 0", name="some_money"),
        CheckConstraint("net_pence + vat_pence = total_pence", name="adds_up"),
        CheckConstraint("vat_percent BETWEEN 0 AND 100", name="percent"),
        CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name="paid_when"),
        CheckConstraint("(state = 'void') = (void_at IS NOT NULL)", name="void_when"),
        CheckConstraint("(void_at IS NULL) = (void_reason = '')", name="void_with_reason"),
        Index("uq_invoice_subject_id", "subject_id", unique=True, sqlite_where=LIVE_INVOICE, postgresql_where=LIVE_INVOICE),
    )

    number: int = Field(unique=True)
    state: InvoiceState = Field(sa_column=one_of(InvoiceState, "invoice_state"))
    person_id: UUID = Field(foreign_key="person.id", index=True)
    event_id: UUID | None = Field(default=None, foreign_key="event.id", index=True)
    subject_id: UUID | None = None  # the offer or registration that is paid for: a bare id; one live invoice for each
    bill_to: str = Field(max_length=1000)  # lines
    words: str = Field(max_length=300)  # what for
    net_pence: int
    vat_percent: int
    vat_pence: int
    total_pence: int
    issued_at: datetime
    due_on: date | None = None
    paid_at: datetime | None = None
    paid_words: str = Field(default="", max_length=300)  # how: a reference
    void_at: datetime | None = None
    void_reason: str = Field(default="", max_length=500)
