"""many processes: who is present through which, totals that can be told apart by age, robots of a rehearsal"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("person", sa.Column("robot_of", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_person_robot_of"), "person", ["robot_of"])
    op.add_column("stage", sa.Column("votes_seq", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "live_process",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("beat_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("guests", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_process")),
    )
    op.create_table(
        "presence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["live_process.id"], name=op.f("fk_presence_process_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_presence_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence")),
        sa.UniqueConstraint("process_id", "session_id", "person_id", name=op.f("uq_presence_process_id_session_id_person_id")),
    )
    op.create_index(op.f("ix_presence_session_id"), "presence", ["session_id"])
    op.create_index(op.f("ix_presence_person_id"), "presence", ["person_id"])
