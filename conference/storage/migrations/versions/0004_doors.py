"""doors: meeting services that sessions meet on, and breakout groups"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "meeting_service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("jitsi", "bigbluebutton", name="meeting_service_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("application", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("modified_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_meeting_service_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_service")),
        sa.UniqueConstraint("event_id", name=op.f("uq_meeting_service_event_id")),
    )
    op.create_table(
        "meeting_secret",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("set_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["meeting_service.id"], name=op.f("fk_meeting_secret_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_secret")),
        sa.UniqueConstraint("service_id", name=op.f("uq_meeting_secret_service_id")),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("room", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("groups_opened_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("groups_end_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint("groups_end_at IS NULL OR groups_end_at >= groups_opened_at", name=op.f("ck_meeting_groups_end_after_opening")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_meeting_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("room", name=op.f("uq_meeting_room")),
        sa.UniqueConstraint("session_id", name=op.f("uq_meeting_session_id")),
    )
    op.create_table(
        "meeting_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("room", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name=op.f("ck_meeting_group_capacity")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_group_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_group")),
        sa.UniqueConstraint("id", "meeting_id", name=op.f("uq_meeting_group_id_meeting_id")),
        sa.UniqueConstraint("meeting_id", "position", name=op.f("uq_meeting_group_meeting_id_position")),
        sa.UniqueConstraint("room", name=op.f("uq_meeting_group_room")),
    )
    op.create_index(op.f("ix_meeting_group_meeting_id"), "meeting_group", ["meeting_id"])
    op.create_table(
        "group_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "meeting_id"], ["meeting_group.id", "meeting_group.meeting_id"], name=op.f("fk_group_member_group_id_meeting_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_group_member_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_member")),
        sa.UniqueConstraint("meeting_id", "person_id", name=op.f("uq_group_member_meeting_id_person_id")),
    )
    op.create_index(op.f("ix_group_member_group_id"), "group_member", ["group_id"])
    op.create_index(op.f("ix_group_member_person_id"), "group_member", ["person_id"])
