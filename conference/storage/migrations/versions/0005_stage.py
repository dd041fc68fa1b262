"""the whole stage: how it is run, polls, chat, captions, cues, announcements, help, silences"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0005"
down_revision = "0004"

QUESTION = "question"


def upgrade() -> None:
    _how_a_stage_is_run()
    _what_becomes_of_questions()
    _polls()
    _what_is_said()
    _people_looked_after()


def _how_a_stage_is_run() -> None:
    with op.batch_alter_table("stage") as stage:
        stage.add_column(sa.Column("moderated", sa.String(length=32), nullable=False, server_default="before"))
        stage.add_column(sa.Column("chat_open", sa.Boolean(), nullable=False, server_default=sa.false()))
        stage.add_column(sa.Column("slow_seconds", sa.Integer(), nullable=False, server_default="0"))
        stage.add_column(sa.Column("held_words", AutoString(), nullable=False, server_default=""))
        stage.add_column(sa.Column("late_minutes", sa.Integer(), nullable=False, server_default="0"))
        stage.add_column(sa.Column("pinned_id", sa.Uuid(), nullable=True))
        stage.add_column(sa.Column("reactions", sa.JSON(), nullable=False, server_default="{}"))
        stage.create_check_constraint(op.f("ck_stage_stage_moderated"), "moderated IN ('before', 'after')")


def _what_becomes_of_questions() -> None:
    with op.batch_alter_table(QUESTION) as question:
        question.add_column(sa.Column("withdrawn_at", UTCDateTime(), nullable=True))
        question.add_column(sa.Column("merged_at", UTCDateTime(), nullable=True))
        question.add_column(sa.Column("merged_id", sa.Uuid(), nullable=True))
        question.add_column(sa.Column("written_at", UTCDateTime(), nullable=True))
        question.add_column(sa.Column("written_answer", AutoString(), nullable=False, server_default=""))
        question.add_column(sa.Column("flag", AutoString(length=80), nullable=False, server_default=""))
        question.add_column(sa.Column("held_by", AutoString(length=200), nullable=False, server_default=""))
        question.add_column(sa.Column("held_id", sa.Uuid(), nullable=True))
        question.add_column(sa.Column("held_until", UTCDateTime(), nullable=True))
        question.add_column(sa.Column("before", sa.JSON(), nullable=False, server_default="{}"))
        question.create_foreign_key(op.f("fk_question_merged_id"), QUESTION, ["merged_id"], ["id"])
        question.create_check_constraint(op.f("ck_question_merged_into_another"), "merged_id IS NULL OR merged_id <> id")
    with op.batch_alter_table("vote") as vote:
        vote.add_column(sa.Column("joined_id", sa.Uuid(), nullable=True))
        vote.create_foreign_key(op.f("fk_vote_joined_id"), QUESTION, ["joined_id"], ["id"])
        vote.create_index(op.f("ix_vote_joined_id"), ["joined_id"])


def _polls() -> None:
    op.create_table(
        "poll",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("prompt", AutoString(length=300), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("live_results", sa.Boolean(), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("drafted_at", UTCDateTime(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("archived_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("ballots >= 0", name=op.f("ck_poll_ballots")),
        sa.CheckConstraint("opened_at IS NOT NULL OR closed_at IS NULL", name=op.f("ck_poll_opened")),
        sa.CheckConstraint("kind IN ('single', 'multiple', 'rating', 'words')", name=op.f("ck_poll_poll_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_poll_person_id")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_poll_stage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
    )
    op.create_index(op.f("ix_poll_stage_id"), "poll", ["stage_id"])
    op.create_table(
        "ballot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("cast_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ballot_person_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_ballot_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
        sa.UniqueConstraint("poll_id", "person_id", name=op.f("uq_ballot_poll_id_person_id")),
    )
    op.create_index(op.f("ix_ballot_person_id"), "ballot", ["person_id"])


def _what_is_said() -> None:
    op.create_table(
        "chat_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("author", AutoString(length=200), nullable=False),
        sa.Column("text", AutoString(), nullable=False),
        sa.Column("reply_id", sa.Uuid(), nullable=True),
        sa.Column("said_at", UTCDateTime(), nullable=False),
        sa.Column("flag", AutoString(length=80), nullable=False),
        sa.Column("shown_at", UTCDateTime(), nullable=True),
        sa.Column("deleted_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_chat_message_person_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["chat_message.id"], name=op.f("fk_chat_message_reply_id")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_chat_message_stage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_message")),
    )
    op.create_index(op.f("ix_chat_message_person_id"), "chat_message", ["person_id"])
    op.create_index(op.f("ix_chat_message_stage_id"), "chat_message", ["stage_id"])
    op.create_table(
        "caption_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("text", AutoString(length=300), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_caption_line_stage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caption_line")),
    )
    op.create_index(op.f("ix_caption_line_stage_id"), "caption_line", ["stage_id"])
    op.create_table(
        "cue",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text", AutoString(length=200), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cue_person_id")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_cue_stage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cue")),
    )
    op.create_index(op.f("ix_cue_stage_id"), "cue", ["stage_id"])
    op.create_table(
        "announcement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text", AutoString(length=300), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_announcement_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_announcement_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_announcement_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_index(op.f("ix_announcement_event_id"), "announcement", ["event_id"])


def _people_looked_after() -> None:
    op.create_table(
        "help_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", AutoString(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", AutoString(length=500), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("about_text", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("resolved_at", UTCDateTime(), nullable=True),
        sa.Column("resolved_by", AutoString(length=200), nullable=False),
        sa.Column("done", AutoString(length=300), nullable=False),
        sa.CheckConstraint("kind IN ('sound', 'picture', 'access', 'conduct', 'other')", name=op.f("ck_help_request_help_kind")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_help_request_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_help_request_person_id")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_help_request_stage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_request")),
    )
    for column in ("event_id", "person_id", "stage_id"):
        op.create_index(op.f(f"ix_help_request_{column}"), "help_request", [column])
    op.create_table(
        "silence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", AutoString(length=200), nullable=False),
        sa.Column("ban", sa.Boolean(), nullable=False),
        sa.Column("reason", AutoString(length=300), nullable=False),
        sa.Column("moderator_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("lifted_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("until > at", name=op.f("ck_silence_until")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_silence_event_id")),
        sa.ForeignKeyConstraint(["moderator_id"], ["person.id"], name=op.f("fk_silence_moderator_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_silence_person_id")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_silence_stage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silence")),
    )
    for column in ("event_id", "person_id", "stage_id"):
        op.create_index(op.f(f"ix_silence_{column}"), "silence", [column])
    op.create_table(
        "shown_name",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_shown_name_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_shown_name_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shown_name")),
        sa.UniqueConstraint("event_id", "person_id", name=op.f("uq_shown_name_event_id_person_id")),
    )
    op.create_index(op.f("ix_shown_name_person_id"), "shown_name", ["person_id"])
