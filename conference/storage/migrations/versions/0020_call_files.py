"""files that come with submissions; applying is a purpose of its own"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0020"
down_revision = "0019"

KINDS = ("pdf", "docx", "odt", "jpeg")
PURPOSES = "'account', 'taking_part', 'applying', 'speaking', 'live', 'mail', 'calendars', 'safety', 'consent', 'rights'"


def upgrade() -> None:
    _submission_file()
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_processing_basis_purpose"), "processing_basis", type_="check")
    with op.batch_alter_table("processing_basis") as basis:  # SQLite's table is made anew, without its old checks
        basis.create_check_constraint(op.f("ck_processing_basis_purpose"), f"purpose IN ({PURPOSES})")


def _submission_file() -> None:
    op.create_table(
        "submission_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("question", AutoString(length=60), nullable=False),
        sa.Column(
            "kind", sa.Enum(*KINDS, name="submission_file_kind", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column("name", AutoString(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", AutoString(length=64), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_submission_file_some_bytes")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_submission_file_whole_digest")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_submission_file_by_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_submission_file_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_file")),
    )
    op.create_index(op.f("ix_submission_file_submission_id"), "submission_file", ["submission_id"], unique=False)
