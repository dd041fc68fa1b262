"""panels: when members were reminded, and which saving of a review is the newest"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("panel_member", sa.Column("reminded_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("review") as table:
        table.add_column(sa.Column("stamp", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("review") as table:
        table.alter_column("stamp", server_default=None)
