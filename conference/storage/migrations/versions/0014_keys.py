"""Keys of forms that were sent."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "idempotency_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", AutoString(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_key")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_idempotency_key_fingerprint")),
    )
    op.create_index(op.f("ix_idempotency_key_person_id"), "idempotency_key", ["person_id"])
