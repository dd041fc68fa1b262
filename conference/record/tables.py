"""What was done, by whom; which forms were answered; who holds which duty; and the rehearsal's clock."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from conference.storage.row import Row, json_column


class AuditEntry(Row, table=True):
    """One act that matters later. Rows are only ever added, and hold no secrets."""

    __tablename__ = "audit_entry"

    at: datetime  # real time
    act: str = Field(max_length=80)  # such as "seat booked"
    person_id: UUID | None = Field(default=None, index=True)
    event_id: UUID | None = Field(default=None, index=True)
    subject: str = Field(max_length=120)  # such as "session:..."
    details: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())


class IdempotencyKey(Row, table=True):
    """A form that was answered: who sends it again gets the same answer, and nothing is done twice. Purged after some days.

    Nothing in it can be read: the key that the form carried is not here, and the answer is sealed with it.
    """

    __tablename__ = "idempotency_key"

    fingerprint: str = Field(max_length=64, unique=True)  # of the device's sign-in, the address and all that was sent, the key with it
    person_id: UUID | None = Field(default=None, index=True)
    made_at: datetime  # real time
    refused: bool = False
    answer: bytes = b""


class Lease(Row, table=True):
    """A duty that one process at a time holds: sending mail, the timed work."""

    duty: str = Field(unique=True, max_length=40)
    holder: str = Field(max_length=80)
    until: datetime  # real time


class RehearsalClock(Row, table=True):
    """What a rehearsal adds to real time; at most one row."""

    __tablename__ = "rehearsal_clock"

    one: bool = Field(default=True, unique=True)
    offset_seconds: float
    set_at: datetime
