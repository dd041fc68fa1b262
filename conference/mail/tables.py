"""Mail as rows: written in the transaction of the act that causes it, sent afterwards."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from conference.storage.row import Row, json_column, one_of


class MailState(StrEnum):
    draft = "draft"  # waiting to go
    sending = "sending"
    sent = "sent"
    failed = "failed"


class QueuedMail(Row, table=True):
    """One mail to one address: a template's name and facts; its bytes once they were rendered."""

    __tablename__ = "queued_mail"
    __table_args__ = (Index("ix_queued_mail_due", "state", "next_try_at"),)

    event_id: UUID | None = Field(default=None)
    person_id: UUID | None = Field(default=None, index=True)
    to_address: str = Field(max_length=320, index=True)
    to_name: str = Field(default="", max_length=200)
    template: str = Field(max_length=80)  # templates/mail/<template>.txt
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    zone: str = Field(default="UTC", max_length=60)
    language: str = Field(default="en", max_length=20)
    dedupe_key: str | None = Field(default=None, unique=True, max_length=200)
    state: MailState = Field(default=MailState.draft, sa_column=one_of(MailState, "mail_state"))
    attempts: int = 0
    queued_at: datetime  # real time, as are the next three
    next_try_at: datetime
    sent_at: datetime | None = None
    rendered: bytes | None = None
    last_error: str = Field(default="", max_length=300)


class Notice(Row, table=True):
    """The same news in the page: shown on one's own page until it was read. Its sentence is made from `kind` and `facts` when shown."""

    person_id: UUID = Field(index=True)
    event_id: UUID | None = None
    kind: str = Field(max_length=80)  # templates/mail/<kind>.txt says the same at length
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    path: str = Field(default="", max_length=500)  # where to read more
    dedupe_key: str | None = Field(default=None, unique=True, max_length=200)
    made_at: datetime  # real time, as is the next
    read_at: datetime | None = None
