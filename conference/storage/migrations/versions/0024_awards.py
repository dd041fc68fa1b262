"""awards, their milestones, and sessions of submissions"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    _award()
    _submission_session()
    _milestone()


def _award() -> None:
    op.create_table(
        "award",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("amount_pence", sa.Integer(), nullable=True),
        sa.Column("agreed_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_reason", AutoString(length=1000), nullable=False),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_reason = '')", name=op.f("ck_award_ended_with_reason")),
        sa.CheckConstraint("amount_pence IS NULL OR amount_pence > 0", name=op.f("ck_award_some_amount")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_award_person_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_award_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_award_submission_id")),
    )
    op.create_index(op.f("ix_award_person_id"), "award", ["person_id"], unique=False)


def _submission_session() -> None:
    op.create_table(
        "submission_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_submission_session_by_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_submission_session_event_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_submission_session_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_session")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_submission_session_submission_id")),
    )
    op.create_index(op.f("ix_submission_session_event_id"), "submission_session", ["event_id"], unique=False)
    op.create_index(op.f("ix_submission_session_session_id"), "submission_session", ["session_id"], unique=False)


def _milestone() -> None:
    op.create_table(
        "milestone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", AutoString(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asks_report", sa.Boolean(), nullable=False),
        sa.Column("report", AutoString(length=20000), nullable=False),
        sa.Column("reported_at", UTCDateTime(), nullable=True),
        sa.Column("accepted_at", UTCDateTime(), nullable=True),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        sa.Column("word", AutoString(length=2000), nullable=False),
        sa.CheckConstraint("(accepted_at IS NULL) = (accepted_by_id IS NULL)", name=op.f("ck_milestone_accepted_by_whom")),
        sa.CheckConstraint("accepted_at IS NULL OR reported_at IS NOT NULL", name=op.f("ck_milestone_accepted_after_report")),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["person.id"], name=op.f("fk_milestone_accepted_by_id")),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_milestone_award_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint("award_id", "position", name=op.f("uq_milestone_award_id_position")),
    )
