"""submissions: which saving changed which answer, and when the terms were accepted"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("submission", sa.Column("draft_stamps", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("submission_version", sa.Column("terms_at", UTCDateTime(), nullable=True))
