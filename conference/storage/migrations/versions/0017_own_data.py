"""passwords, devices, consents, erasures"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0017"
down_revision = "0016"

PURPOSES = "'account', 'taking_part', 'speaking', 'live', 'mail', 'calendars', 'safety', 'consent', 'rights'"


def upgrade() -> None:
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("seen_at", UTCDateTime(), nullable=True))
        person.add_column(sa.Column("erased_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("sign_in") as sign_in:
        sign_in.add_column(sa.Column("device", AutoString(length=60), nullable=False, server_default=""))
        sign_in.add_column(sa.Column("seen_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("sign_in") as sign_in:
        sign_in.alter_column("device", server_default=None)
    _ways_in()
    _consents()
    _requests()


def _ways_in() -> None:
    op.create_table(
        "password",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("hash", AutoString(length=200), nullable=False),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_password_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password")),
        sa.UniqueConstraint("person_id", name=op.f("uq_password_person_id")),
    )
    op.create_table(
        "password_try",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", AutoString(length=64), nullable=False),
        sa.Column("network", AutoString(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_try")),
    )
    op.create_index(op.f("ix_password_try_account"), "password_try", ["account"])
    op.create_index(op.f("ix_password_try_network"), "password_try", ["network"])
    op.create_table(
        "address_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("email", AutoString(length=320), nullable=False),
        sa.Column("token_hash", AutoString(length=64), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_address_change_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_change")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_address_change_token_hash")),
    )
    op.create_index(op.f("ix_address_change_person_id"), "address_change", ["person_id"])


def _consents() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("given_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("purpose IN ('participant_list', 'photos', 'follow_up')", name=op.f("ck_consent_consent_purpose")),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= given_at", name=op.f("ck_consent_ended_after_given")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_event_id"), "consent", ["event_id"])
    live = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_consent_person_event_purpose",
        "consent",
        ["person_id", "event_id", "purpose"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )


def _requests() -> None:
    op.create_table(
        "data_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("speaker_id", sa.Uuid(), nullable=True),
        sa.Column("text", AutoString(length=1000), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answer", AutoString(length=1000), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind IN ('correction', 'credit')", name=op.f("ck_data_request_request_kind")),
        sa.CheckConstraint("(kind = 'credit') = (speaker_id IS NOT NULL)", name=op.f("ck_data_request_credit_of_a_speaker")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_data_request_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_data_request_person_id")),
        sa.ForeignKeyConstraint(["speaker_id"], ["speaker.id"], name=op.f("fk_data_request_speaker_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_request")),
    )
    for column in ("event_id", "person_id", "speaker_id"):
        op.create_index(op.f(f"ix_data_request_{column}"), "data_request", [column])
    op.create_table(
        "processing_basis",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("words", AutoString(length=300), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("modified_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(f"purpose IN ({PURPOSES})", name=op.f("ck_processing_basis_purpose")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_processing_basis_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processing_basis")),
        sa.UniqueConstraint("event_id", "purpose", name=op.f("uq_processing_basis_event_id_purpose")),
    )
    op.create_table(
        "retention_sweep",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("swept_at", UTCDateTime(), nullable=False),
        sa.Column("taken", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_sweep")),
    )
