"""drafts beside the published programme; notices"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "session_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("slug", AutoString(length=80), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("patch", sa.JSON(), nullable=False),
        sa.Column("reason", AutoString(length=300), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("modified_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("act IN ('add', 'change', 'cancel', 'restore')", name=op.f("ck_session_draft_draft_act")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_session_draft_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_draft")),
        sa.UniqueConstraint("session_id", name=op.f("uq_session_draft_session_id")),
        sa.UniqueConstraint("event_id", "slug", name=op.f("uq_session_draft_event_id_slug")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("kind", AutoString(length=80), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("path", AutoString(length=500), nullable=False),
        sa.Column("dedupe_key", AutoString(length=200), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("read_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_notice_dedupe_key")),
    )
    op.create_index(op.f("ix_notice_person_id"), "notice", ["person_id"])
