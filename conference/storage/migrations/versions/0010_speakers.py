"""speakers manage their talks"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "speaker_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("speaker_id", sa.Uuid(), nullable=False),
        sa.Column("email", AutoString(length=320), nullable=False),
        sa.Column("word", AutoString(length=1000), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("invited_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("accepted_at", UTCDateTime(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("declined_at", UTCDateTime(), nullable=True),
        sa.Column("declined_word", AutoString(length=500), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("accepted_at IS NULL OR declined_at IS NULL", name=op.f("ck_speaker_invitation_one_answer")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_speaker_invitation_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_speaker_invitation_person_id")),
        sa.ForeignKeyConstraint(["speaker_id"], ["speaker.id"], name=op.f("fk_speaker_invitation_speaker_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker_invitation")),
    )
    op.create_index(op.f("ix_speaker_invitation_event_id"), "speaker_invitation", ["event_id"], unique=False)
    op.create_index(op.f("ix_speaker_invitation_person_id"), "speaker_invitation", ["person_id"], unique=False)
    op.create_index(op.f("ix_speaker_invitation_speaker_id"), "speaker_invitation", ["speaker_id"], unique=False)
    op.create_index(
        "uq_speaker_invitation_speaker_id_open",
        "speaker_invitation",
        ["speaker_id"],
        unique=True,
        sqlite_where=sa.text("accepted_at IS NULL AND declined_at IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("accepted_at IS NULL AND declined_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "speaker_profile",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("speaker_id", sa.Uuid(), nullable=False),
        sa.Column("pronouns", AutoString(length=60), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=True),
        sa.Column("photo_alt", AutoString(length=200), nullable=False),
        sa.Column("mailed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("photo_id IS NOT NULL OR photo_alt = ''", name=op.f("ck_speaker_profile_words_of_a_photo")),
        sa.ForeignKeyConstraint(["speaker_id"], ["speaker.id"], name=op.f("fk_speaker_profile_speaker_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker_profile")),
        sa.UniqueConstraint("speaker_id", name=op.f("uq_speaker_profile_speaker_id")),
    )
    op.create_table(
        "speaker_time",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("speaker_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_speaker_time_ends_after_start")),
        sa.ForeignKeyConstraint(["speaker_id"], ["speaker.id"], name=op.f("fk_speaker_time_speaker_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker_time")),
    )
    op.create_index(op.f("ix_speaker_time_speaker_id"), "speaker_time", ["speaker_id"], unique=False)
    op.create_table(
        "talk_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", AutoString(length=200), nullable=False),
        sa.Column("abstract", AutoString(), nullable=False),
        sa.Column("base_title", AutoString(length=200), nullable=False),
        sa.Column("base_abstract", AutoString(), nullable=False),
        sa.Column("name", AutoString(length=200), nullable=False),
        sa.Column("email", AutoString(length=320), nullable=False),
        sa.Column("word", AutoString(length=500), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("modified_at", UTCDateTime(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("reason", AutoString(length=500), nullable=False),
        sa.CheckConstraint("kind IN ('text', 'co_speaker')", name=op.f("ck_talk_proposal_proposal_kind")),
        sa.CheckConstraint("(decided_at IS NULL) = (accepted IS NULL)", name=op.f("ck_talk_proposal_decided_how")),
        sa.CheckConstraint("decided_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_talk_proposal_one_end")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_talk_proposal_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_talk_proposal_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_talk_proposal_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_proposal")),
    )
    op.create_index(op.f("ix_talk_proposal_event_id"), "talk_proposal", ["event_id"], unique=False)
    op.create_index(op.f("ix_talk_proposal_person_id"), "talk_proposal", ["person_id"], unique=False)
    op.create_index(op.f("ix_talk_proposal_session_id"), "talk_proposal", ["session_id"], unique=False)
    op.create_index(
        "uq_talk_proposal_session_id_email",
        "talk_proposal",
        ["session_id", "email"],
        unique=True,
        sqlite_where=sa.text("kind = 'co_speaker' AND decided_at IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("kind = 'co_speaker' AND decided_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_index(
        "uq_talk_proposal_session_id_text",
        "talk_proposal",
        ["session_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'text' AND decided_at IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("kind = 'text' AND decided_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "talk_resource",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("title", AutoString(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("url", AutoString(length=500), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=32), nullable=False),
        sa.Column("shown_from", sa.String(length=32), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('link', 'pdf', 'odp', 'pptx', 'zip')", name=op.f("ck_talk_resource_resource_kind")),
        sa.CheckConstraint("audience IN ('public', 'registered')", name=op.f("ck_talk_resource_audience")),
        sa.CheckConstraint("shown_from IN ('at_once', 'afterwards')", name=op.f("ck_talk_resource_shown_from")),
        sa.CheckConstraint("(kind = 'link') = (size = 0)", name=op.f("ck_talk_resource_a_file_has_a_size")),
        sa.CheckConstraint("(kind = 'link') = (url <> '')", name=op.f("ck_talk_resource_a_link_has_an_address")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_talk_resource_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_talk_resource_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_resource")),
    )
    op.create_index(op.f("ix_talk_resource_person_id"), "talk_resource", ["person_id"], unique=False)
    op.create_index(op.f("ix_talk_resource_session_id"), "talk_resource", ["session_id"], unique=False)
