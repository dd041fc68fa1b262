"""the green room: what speakers tell the moderators beforehand"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "green_room_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name_said", AutoString(length=200), nullable=False),
        sa.Column("introduction", AutoString(length=1000), nullable=False),
        sa.Column("recording", sa.String(length=32), nullable=False),
        sa.Column("recording_said_at", UTCDateTime(), nullable=True),
        sa.Column("to_moderators", AutoString(length=500), nullable=False),
        sa.Column("modified_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("recording IN ('not_said', 'yes', 'no')", name=op.f("ck_green_room_note_recording")),
        sa.CheckConstraint("(recording = 'not_said') = (recording_said_at IS NULL)", name=op.f("ck_green_room_note_recording_said")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_green_room_note_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_green_room_note_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_green_room_note")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_green_room_note_session_id_person_id")),
    )
    op.create_index(op.f("ix_green_room_note_person_id"), "green_room_note", ["person_id"])
