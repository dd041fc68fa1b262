"""check-ins and attendance, and the roles of those who help on the day"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0016"
down_revision = "0015"

OLD_KINDS = ("organiser", "moderator", "speaker", "assessor")
NEW_KINDS = (*OLD_KINDS, "door", "catering", "access")


def upgrade() -> None:
    _more_roles()
    op.create_table(
        "attendance_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("stage_minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("stage_minutes BETWEEN 1 AND 600", name=op.f("ck_attendance_rule_stage_minutes")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_attendance_rule_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_rule")),
        sa.UniqueConstraint("event_id", name=op.f("uq_attendance_rule_event_id")),
    )
    op.create_table(
        "check_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column(
            "how",
            sa.Enum("code", "name", "hand", name="check_in_how", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(day IS NULL) <> (session_id IS NULL)", name=op.f("ck_check_in_day_or_session")),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name=op.f("ck_check_in_undone_by_whom")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_check_in_event_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_check_in_registration_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_check_in_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
    )
    op.create_index(op.f("ix_check_in_event_id"), "check_in", ["event_id"], unique=False)
    op.create_index(op.f("ix_check_in_registration_id"), "check_in", ["registration_id"], unique=False)
    op.create_index(op.f("ix_check_in_session_id"), "check_in", ["session_id"], unique=False)
    op.create_index(
        "uq_check_in_registration_id_day",
        "check_in",
        ["registration_id", "day"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL AND day IS NOT NULL"),
        postgresql_where=sa.text("undone_at IS NULL AND day IS NOT NULL"),
    )
    op.create_index(
        "uq_check_in_registration_id_session_id",
        "check_in",
        ["registration_id", "session_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL AND session_id IS NOT NULL"),
        postgresql_where=sa.text("undone_at IS NULL AND session_id IS NOT NULL"),
    )
    op.create_table(
        "stage_time",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("entered_meeting_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_stage_time_seconds")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stage_time_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_stage_time_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_time")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_stage_time_session_id_person_id")),
    )
    op.create_index(op.f("ix_stage_time_person_id"), "stage_time", ["person_id"], unique=False)
    op.create_table(
        "door_scan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=True),
        sa.Column("check_in_id", sa.Uuid(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column(
            "how",
            sa.Enum("code", "name", "hand", name="door_scan_how", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "checked_in",
                "already",
                "place_gone",
                "not_confirmed",
                "no_seat",
                "no_entry",
                "undone",
                "unknown",
                name="door_scan_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("(day IS NULL) <> (session_id IS NULL)", name=op.f("ck_door_scan_day_or_session")),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_in.id"], name=op.f("fk_door_scan_check_in_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_door_scan_event_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_door_scan_registration_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_door_scan_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_scan")),
        sa.UniqueConstraint("event_id", "client_id", name=op.f("uq_door_scan_event_id_client_id")),
    )
    op.create_index(op.f("ix_door_scan_registration_id"), "door_scan", ["registration_id"], unique=False)


def _more_roles() -> None:
    """A check constraint can't be changed, and SQLite rebuilds the table for it."""
    words = ", ".join(f"'{kind}'" for kind in NEW_KINDS)
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_role_role_kind"), "role", type_="check")
        op.create_check_constraint(op.f("ck_role_role_kind"), "role", f"kind IN ({words})")
        return
    role = sa.Table("role", sa.MetaData(), autoload_with=op.get_bind())
    kept = [each for each in role.constraints if each.name == "ck_role_role_kind"]
    for constraint in kept:
        role.constraints.remove(constraint)
    with op.batch_alter_table("role", copy_from=role) as batch:
        batch.create_check_constraint(op.f("ck_role_role_kind"), f"kind IN ({words})")
