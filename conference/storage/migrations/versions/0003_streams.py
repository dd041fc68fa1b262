"""streams: what a session's player plays, and its captions"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for column in ("stream_url", "captions_url"):
        op.add_column("session", sa.Column(column, sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False, server_default=""))
