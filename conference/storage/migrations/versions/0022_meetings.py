"""selection meetings: who was there, and the minutes"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0022"
down_revision = "0021"

KINDS = ("opened", "came", "taken", "left", "declared", "noted", "decided", "undone", "reordered", "announced", "closed")


def upgrade() -> None:
    _selection_meeting()
    _selection_attendee()
    _selection_minute()


def _selection_meeting() -> None:
    op.create_table(
        "selection_meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("current_id", sa.Uuid(), nullable=True),
        sa.Column("current_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("closed_at IS NULL OR current_id IS NULL", name=op.f("ck_selection_meeting_nothing_on_a_closed_table")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_selection_meeting_call_id")),
        sa.ForeignKeyConstraint(["current_id"], ["submission.id"], name=op.f("fk_selection_meeting_current_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_selection_meeting_opened_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_meeting")),
    )
    op.create_index(
        "uq_selection_meeting_call_id",
        "selection_meeting",
        ["call_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def _selection_attendee() -> None:
    op.create_table(
        "selection_attendee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("came_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["selection_meeting.id"], name=op.f("fk_selection_attendee_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_selection_attendee_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_attendee")),
        sa.UniqueConstraint("meeting_id", "person_id", name=op.f("uq_selection_attendee_meeting_id_person_id")),
    )
    op.create_index(op.f("ix_selection_attendee_person_id"), "selection_attendee", ["person_id"], unique=False)


def _selection_minute() -> None:
    op.create_table(
        "selection_minute",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Enum(*KINDS, name="minute_kind", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("words", AutoString(length=4000), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_selection_minute_by_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_selection_minute_call_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_selection_minute_decision_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["selection_meeting.id"], name=op.f("fk_selection_minute_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_selection_minute_person_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_selection_minute_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_minute")),
    )
    op.create_index("ix_selection_minute_call_id_at", "selection_minute", ["call_id", "at"], unique=False)
    for column in ("meeting_id", "person_id", "submission_id"):
        op.create_index(op.f(f"ix_selection_minute_{column}"), "selection_minute", [column], unique=False)
