"""Senders, reminders, bounces, what nobody wants to get."""

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    pass
