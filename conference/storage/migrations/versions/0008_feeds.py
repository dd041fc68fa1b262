"""stars, what people want in their calendars, and when a feed was last fetched"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "star",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_star_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_star_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_star")),
    )
    op.create_index(op.f("ix_star_person_id"), "star", ["person_id"])
    op.create_index(op.f("ix_star_session_id"), "star", ["session_id"])
    live = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_star_session_id_person_id", "star", ["session_id", "person_id"], unique=True, sqlite_where=live, postgresql_where=live
    )
    op.create_table(
        "feed_choices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("alarm_minutes", sa.Integer(), nullable=False),
        sa.Column("alarm_changed_at", UTCDateTime(), nullable=True),
        sa.Column("moderated", sa.Boolean(), nullable=False),
        sa.CheckConstraint("alarm_minutes IN (0, 10, 30)", name=op.f("ck_feed_choices_alarm_minutes")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_feed_choices_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_choices")),
        sa.UniqueConstraint("person_id", name=op.f("uq_feed_choices_person_id")),
    )
    op.add_column("feed_token", sa.Column("last_fetched_at", UTCDateTime(), nullable=True))
    op.add_column("feed_token", sa.Column("last_fetched_by", AutoString(length=40), nullable=False, server_default=""))
