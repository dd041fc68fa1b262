"""stars, and when a feed was last fetched"""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nothing yet."""
