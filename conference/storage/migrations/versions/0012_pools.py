"""The pools of places, offers, what a waiting list says."""

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    pass
