"""papers: what stands on them, invoices, one live paper for each subject"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    _one_live_paper()
    _paper_head()
    _invoice_book()
    _invoice()


def _one_live_paper() -> None:
    stands = sa.text("revoked_at IS NULL AND subject_id IS NOT NULL")
    name = "uq_issued_paper_kind_subject_id"
    op.create_index(name, "issued_paper", ["kind", "subject_id"], unique=True, sqlite_where=stands, postgresql_where=stands)


def _paper_head() -> None:
    basis = sa.Enum("none", "days", "sessions", name="certificate_basis", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "paper_head",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", AutoString(length=200), nullable=False),
        sa.Column("address", AutoString(length=500), nullable=False),
        sa.Column("vat_number", AutoString(length=40), nullable=False),
        sa.Column("pay_words", AutoString(length=2000), nullable=False),
        sa.Column("signed_by", AutoString(length=200), nullable=False),
        sa.Column("signed_as", AutoString(length=200), nullable=False),
        sa.Column("basis", basis, nullable=False),
        sa.Column("least", sa.Integer(), nullable=True),
        sa.CheckConstraint("least IS NULL OR least > 0", name=op.f("ck_paper_head_least_is_some")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_paper_head_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_head")),
        sa.UniqueConstraint("event_id", name=op.f("uq_paper_head_event_id")),
    )


def _invoice_book() -> None:
    op.create_table(
        "invoice_book",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("series", AutoString(length=20), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_number >= 0", name=op.f("ck_invoice_book_counts_up")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_book")),
        sa.UniqueConstraint("series", name=op.f("uq_invoice_book_series")),
    )


def _invoice() -> None:
    op.create_table(
        "invoice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("unpaid", "paid", "void", name="invoice_state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("bill_to", AutoString(length=1000), nullable=False),
        sa.Column("words", AutoString(length=300), nullable=False),
        sa.Column("net_pence", sa.Integer(), nullable=False),
        sa.Column("vat_percent", sa.Integer(), nullable=False),
        sa.Column("vat_pence", sa.Integer(), nullable=False),
        sa.Column("total_pence", sa.Integer(), nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("paid_at", UTCDateTime(), nullable=True),
        sa.Column("paid_words", AutoString(length=300), nullable=False),
        sa.Column("void_at", UTCDateTime(), nullable=True),
        sa.Column("void_reason", AutoString(length=500), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_invoice_numbered")),
        sa.CheckConstraint("total_pence > 0 AND net_pence >= 0 AND vat_pence >= 0", name=op.f("ck_invoice_some_money")),
        sa.CheckConstraint("net_pence + vat_pence = total_pence", name=op.f("ck_invoice_adds_up")),
        sa.CheckConstraint("vat_percent BETWEEN 0 AND 100", name=op.f("ck_invoice_percent")),
        sa.CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name=op.f("ck_invoice_paid_when")),
        sa.CheckConstraint("(state = 'void') = (void_at IS NOT NULL)", name=op.f("ck_invoice_void_when")),
        sa.CheckConstraint("(void_at IS NULL) = (void_reason = '')", name=op.f("ck_invoice_void_with_reason")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_invoice_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invoice_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("number", name=op.f("uq_invoice_number")),
    )
    op.create_index(op.f("ix_invoice_event_id"), "invoice", ["event_id"], unique=False)
    op.create_index(op.f("ix_invoice_person_id"), "invoice", ["person_id"], unique=False)
    live = sa.text("state <> 'void' AND subject_id IS NOT NULL")
    op.create_index("uq_invoice_subject_id", "invoice", ["subject_id"], unique=True, sqlite_where=live, postgresql_where=live)
