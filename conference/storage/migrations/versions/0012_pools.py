"""The pools of places, offers, what a waiting list says."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0012"
down_revision = "0011"

POOL, ENTRY = "capacity_pool", "waitlist_entry"
ENDS = ("accepted_at", "declined_at", "expired_at", "left_at", "closed_at")
LIVE = " AND ".join(f"{end} IS NULL" for end in ENDS)
ACTS = (
    "joined", "confirmed", "promoted", "offered", "accepted", "declined", "expired", "withdrawn", "left", "closed", "moved",
    "made", "capacity", "served", "held_back", "released", "deleted",
)  # fmt: skip


def upgrade() -> None:
    _pools_serve_more()
    _kinds_and_held_back()
    _turns()
    _who_has_what()
    _log()


def _pools_serve_more() -> None:
    op.create_table(
        "pool_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["pool_id"], ["capacity_pool.id"], name=op.f("fk_pool_session_pool_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_pool_session_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_session")),
        sa.UniqueConstraint("session_id", name=op.f("uq_pool_session_session_id")),
    )
    op.create_index(op.f("ix_pool_session_pool_id"), "pool_session", ["pool_id"])
    op.execute(
        "INSERT INTO pool_session (id, pool_id, session_id) SELECT id, id, session_id FROM capacity_pool WHERE session_id IS NOT NULL"
    )
    op.drop_index("uq_capacity_pool_event_id", POOL)
    with op.batch_alter_table(POOL) as pool:
        pool.add_column(sa.Column("name", AutoString(length=120), nullable=False, server_default=""))
        pool.add_column(sa.Column("serves", sa.String(length=32), nullable=False, server_default="event"))
        pool.add_column(sa.Column("held", sa.Integer(), nullable=False, server_default="0"))
        pool.add_column(sa.Column("waiting", sa.Boolean(), nullable=False, server_default=sa.false()))
        pool.add_column(sa.Column("offer_minutes", sa.Integer(), nullable=True))
        pool.add_column(sa.Column("last_line", sa.Integer(), nullable=False, server_default="0"))
        pool.add_column(sa.Column("deleted_at", UTCDateTime(), nullable=True))
    op.execute("UPDATE capacity_pool SET serves = 'sessions', waiting = (1 = 1) WHERE session_id IS NOT NULL")
    _drop_check("never_one_too_many", POOL)
    with op.batch_alter_table(POOL) as pool:
        pool.drop_constraint(op.f("uq_capacity_pool_session_id"), type_="unique")
        pool.drop_constraint(op.f("fk_capacity_pool_session_id"), type_="foreignkey")
        pool.drop_column("session_id")
        pool.create_check_constraint(op.f("ck_capacity_pool_never_one_too_many"), "taken >= 0 AND held >= 0 AND taken + held <= capacity")
        pool.create_check_constraint(op.f("ck_capacity_pool_offers_last"), "offer_minutes IS NULL OR offer_minutes > 0")
        pool.create_check_constraint(op.f("ck_capacity_pool_nothing_left_behind"), "deleted_at IS NULL OR (taken = 0 AND held = 0)")
        pool.create_check_constraint(op.f("ck_capacity_pool_pool_serves"), "serves IN ('event', 'tickets', 'sessions')")
    op.create_index(op.f("ix_capacity_pool_event_id"), POOL, ["event_id"])
    _only_while("serves = 'event' AND deleted_at IS NULL", "uq_capacity_pool_event_id", POOL, "event_id")


def _kinds_and_held_back() -> None:
    op.create_table(
        "ticket_kind",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("slug", AutoString(length=80), nullable=False),
        sa.Column("name", AutoString(length=120), nullable=False),
        sa.Column("words", AutoString(length=400), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=True),
        sa.Column("takes_part", sa.Boolean(), nullable=False),
        sa.Column("opens_at", UTCDateTime(), nullable=True),
        sa.Column("closes_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR closes_at > opens_at", name=op.f("ck_ticket_kind_closes_after_it_opens")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_ticket_kind_event_id")),
        sa.ForeignKeyConstraint(["pool_id"], ["capacity_pool.id"], name=op.f("fk_ticket_kind_pool_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_kind")),
        sa.UniqueConstraint("event_id", "slug", name=op.f("uq_ticket_kind_event_id_slug")),
    )
    op.create_index(op.f("ix_ticket_kind_pool_id"), "ticket_kind", ["pool_id"])
    op.create_table(
        "held_back",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", AutoString(length=120), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("code_hash", AutoString(length=64), nullable=True),
        sa.Column("ends_at", UTCDateTime(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("places > 0 AND used >= 0 AND used <= places", name=op.f("ck_held_back_never_more_than_held")),
        sa.ForeignKeyConstraint(["pool_id"], ["capacity_pool.id"], name=op.f("fk_held_back_pool_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_back")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_held_back_code_hash")),
    )
    op.create_index(op.f("ix_held_back_pool_id"), "held_back", ["pool_id"])


def _turns() -> None:
    op.drop_index("uq_waitlist_entry_pool_id_person_id", ENTRY)
    _drop_check("one_end", ENTRY)
    with op.batch_alter_table(ENTRY) as entry:
        entry.alter_column("session_id", existing_type=sa.Uuid(), nullable=True)
        entry.add_column(sa.Column("kind_id", sa.Uuid(), nullable=True))
        entry.add_column(sa.Column("name", AutoString(length=200), nullable=False, server_default=""))
        for moment in ("held_until", "offered_at", "offer_ends_at", "declined_at", "expired_at", "closed_at"):
            entry.add_column(sa.Column(moment, UTCDateTime(), nullable=True))
        entry.create_foreign_key(op.f("fk_waitlist_entry_kind_id"), "ticket_kind", ["kind_id"], ["id"])
        ends = " + ".join(f"CASE WHEN {end} IS NULL THEN 0 ELSE 1 END" for end in ENDS)
        entry.create_check_constraint(op.f("ck_waitlist_entry_one_end"), f"{ends} <= 1")
        entry.create_check_constraint(op.f("ck_waitlist_entry_an_offer_has_an_end"), "(offered_at IS NULL) = (offer_ends_at IS NULL)")
        entry.create_check_constraint(
            op.f("ck_waitlist_entry_what_was_offered"), "offered_at IS NOT NULL OR (declined_at IS NULL AND expired_at IS NULL)"
        )
    op.create_index("ix_waitlist_entry_offer_ends_at", ENTRY, ["offer_ends_at"])
    _only_while(LIVE, "uq_waitlist_entry_session_id_person_id", ENTRY, "session_id", "person_id")
    _only_while(f"session_id IS NULL AND {LIVE}", "uq_waitlist_entry_pool_id_person_id", ENTRY, "pool_id", "person_id")


def _who_has_what() -> None:
    with op.batch_alter_table("registration") as registration:
        for name in ("kind_id", "pool_id", "held_back_id", "waitlist_entry_id"):
            registration.add_column(sa.Column(name, sa.Uuid(), nullable=True))
        registration.create_foreign_key(op.f("fk_registration_kind_id"), "ticket_kind", ["kind_id"], ["id"])
        registration.create_foreign_key(op.f("fk_registration_pool_id"), POOL, ["pool_id"], ["id"])
        registration.create_foreign_key(op.f("fk_registration_held_back_id"), "held_back", ["held_back_id"], ["id"])
        registration.create_foreign_key(op.f("fk_registration_waitlist_entry_id"), ENTRY, ["waitlist_entry_id"], ["id"])
        registration.create_unique_constraint(op.f("uq_registration_waitlist_entry_id"), ["waitlist_entry_id"])
        registration.create_index(op.f("ix_registration_kind_id"), ["kind_id"])
        registration.create_index(op.f("ix_registration_pool_id"), ["pool_id"])
    with op.batch_alter_table("booking") as booking:
        booking.alter_column("pool_id", existing_type=sa.Uuid(), nullable=True)
        booking.add_column(sa.Column("held_back_id", sa.Uuid(), nullable=True))
        booking.create_foreign_key(op.f("fk_booking_held_back_id"), "held_back", ["held_back_id"], ["id"])
        booking.create_index(op.f("ix_booking_pool_id"), ["pool_id"])
    op.execute(
        "UPDATE registration SET pool_id = (SELECT pool.id FROM capacity_pool AS pool"
        " WHERE pool.event_id = registration.event_id AND pool.serves = 'event') WHERE cancelled_at IS NULL"
    )
    op.execute(
        "UPDATE capacity_pool SET taken = (SELECT count(*) FROM registration WHERE registration.pool_id = capacity_pool.id),"
        " capacity = CASE WHEN (SELECT count(*) FROM registration WHERE registration.pool_id = capacity_pool.id) > capacity"
        " THEN (SELECT count(*) FROM registration WHERE registration.pool_id = capacity_pool.id) ELSE capacity END"
        " WHERE serves = 'event'"
    )


def _log() -> None:
    op.create_table(
        "pool_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("act", sa.Enum(*ACTS, name="pool_act", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.Column("after", sa.Integer(), nullable=True),
        sa.Column("words", AutoString(length=200), nullable=False),
        sa.ForeignKeyConstraint(["pool_id"], ["capacity_pool.id"], name=op.f("fk_pool_line_pool_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_line")),
        sa.UniqueConstraint("pool_id", "number", name=op.f("uq_pool_line_pool_id_number")),
    )
    op.create_index(op.f("ix_pool_line_person_id"), "pool_line", ["person_id"])


def _drop_check(name: str, table: str) -> None:
    """On SQLite a table that is rebuilt loses its checks anyway."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")


def _only_while(condition: str, name: str, table: str, *columns: str) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))
