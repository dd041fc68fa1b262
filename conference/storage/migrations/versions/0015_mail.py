"""Senders, reminders, bounces, what nobody wants to get."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0015"
down_revision = "0014"

STATES = "'draft', 'sending', 'sent', 'unsure', 'failed', 'stopped'"
PURPOSES = "'necessary', 'reminder', 'announcement', 'interest'"
WISHES = "'reminder', 'announcement', 'interest', 'invitation'"
KINDS = "'hard', 'soft', 'reply', 'ignored'"


def upgrade() -> None:
    _widen_queued_mail()
    op.create_table(
        "event_sender",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("name", AutoString(length=80), nullable=False),
        sa.Column("reply_to", AutoString(length=320), nullable=False),
        sa.Column("modified_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_sender")),
        sa.UniqueConstraint("event_id", name=op.f("uq_event_sender_event_id")),
    )
    op.create_table(
        "mail_choice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("wish", sa.String(length=32), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("chosen_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(f"wish IN ({WISHES})", name=op.f("ck_mail_choice_wish")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_choice")),
        sa.UniqueConstraint("person_id", "event_id", "wish", name=op.f("uq_mail_choice_person_id_event_id_wish")),
    )
    op.create_table(
        "calendar_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("answer", AutoString(length=20), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_calendar_invitation_sequence")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_invitation")),
        sa.UniqueConstraint("person_id", "session_id", name=op.f("uq_calendar_invitation_person_id_session_id")),
    )
    op.create_table(
        "returned_mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", AutoString(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        sa.Column("address_key", AutoString(length=320), nullable=False),
        sa.Column("words", AutoString(length=300), nullable=False),
        sa.Column("noted_at", UTCDateTime(), nullable=False),
        sa.Column("cleared_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_returned_mail_returned_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returned_mail")),
        sa.UniqueConstraint("digest", name=op.f("uq_returned_mail_digest")),
    )
    op.create_index(op.f("ix_returned_mail_address_key"), "returned_mail", ["address_key"], unique=False)
    op.create_table(
        "circular",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("subject", AutoString(length=150), nullable=False),
        sa.Column("body", AutoString(), nullable=False),
        sa.Column("audience", AutoString(length=60), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("goes_at", UTCDateTime(), nullable=True),
        sa.Column("rehearsed", sa.Boolean(), nullable=False),
        sa.Column("begun_at", UTCDateTime(), nullable=True),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("stopped_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("done_at IS NULL OR begun_at IS NOT NULL", name=op.f("ck_circular_done_after_begun")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circular")),
    )
    op.create_index(op.f("ix_circular_event_id"), "circular", ["event_id"], unique=False)
    op.create_table(
        "reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("lead", AutoString(length=10), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("rehearsed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "person_id",
            "subject_id",
            "lead",
            "starts_at",
            "rehearsed",
            name=op.f("uq_reminder_person_id_subject_id_lead_starts_at_rehearsed"),
        ),
    )


def _widen_queued_mail() -> None:
    with op.batch_alter_table("queued_mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("purpose", sa.String(length=32), nullable=False, server_default="necessary"))
        batch_op.add_column(sa.Column("circular_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("invitation", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("rehearsed", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("expires_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("handed_at", UTCDateTime(), nullable=True))
        batch_op.drop_constraint(op.f("ck_queued_mail_mail_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_queued_mail_mail_state"), f"state IN ({STATES})")
        batch_op.create_check_constraint(op.f("ck_queued_mail_mail_purpose"), f"purpose IN ({PURPOSES})")
        batch_op.create_index(batch_op.f("ix_queued_mail_circular_id"), ["circular_id"], unique=False)
