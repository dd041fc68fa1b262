"""planning: the hours of venues, the free days of events"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("venue", sa.Column("opens", sa.Time(), nullable=True))
    op.add_column("venue", sa.Column("closes", sa.Time(), nullable=True))
    op.add_column("event", sa.Column("free_days", sa.JSON(), nullable=False, server_default="[]"))
