"""call files: more of them"""

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    pass
