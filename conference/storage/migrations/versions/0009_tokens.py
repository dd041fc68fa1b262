"""tokens for reading one's own data"""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Nothing yet."""
