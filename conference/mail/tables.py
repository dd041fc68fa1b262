"""Mail as rows: written in the transaction of the act that causes it, sent afterwards; who it comes from, who wants it, what came back."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field

from conference.storage.row import Row, json_column, one_of


class MailState(StrEnum):
    draft = "draft"  # waiting to go
    sending = "sending"
    sent = "sent"
    unsure = "unsure"  # handed over whole, and no answer came: never sent again by itself
    failed = "failed"
    stopped = "stopped"  # taken back before it went, or too late to make sense


class MailPurpose(StrEnum):
    """What a mail is for. Whoever takes part needs the first; the others can be stopped."""

    necessary = "necessary"  # about one's own place, seat, talk or sign-in
    reminder = "reminder"
    announcement = "announcement"  # what organisers write to many
    interest = "interest"  # that registration has opened, for those who asked


class QueuedMail(Row, table=True):
    """One mail to one address: a template's name and facts; its bytes once they were handed over."""

    __tablename__ = "queued_mail"
    __table_args__ = (Index("ix_queued_mail_due", "state", "next_try_at"),)

    event_id: UUID | None = Field(default=None)
    person_id: UUID | None = Field(default=None, index=True)
    to_address: str = Field(max_length=320, index=True)
    to_name: str = Field(default="", max_length=200)
    template: str = Field(max_length=80)  # templates/mail/<template>.txt
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    zone: str = Field(default="UTC", max_length=60)
    language: str = Field(default="en", max_length=20)  # in which its dates are written
    purpose: MailPurpose = Field(default=MailPurpose.necessary, sa_column=one_of(MailPurpose, "mail_purpose"))
    dedupe_key: str | None = Field(default=None, unique=True, max_length=200)
    circular_id: UUID | None = Field(default=None, index=True)
    invitation: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )  # itip.Invitation's facts
    rehearsed: bool = False  # made in a rehearsal: it never leaves the house
    state: MailState = Field(default=MailState.draft, sa_column=one_of(MailState, "mail_state"))
    attempts: int = 0
    queued_at: datetime  # real time, as are the next five
    next_try_at: datetime
    expires_at: datetime | None = None  # when it makes no sense any more
    handed_at: datetime | None = None  # just before its last byte went to the server; cleared when the server said no
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


class EventSender(Row, table=True):
    """How an event's mails are signed, and where answers to them go. The address they come from is the house's."""

    __tablename__ = "event_sender"

    event_id: UUID = Field(unique=True)
    name: str = Field(default="", max_length=80)
    reply_to: str = Field(default="", max_length=320)
    modified_at: datetime


class Wish(StrEnum):
    """What somebody may choose at one event."""

    reminder = "reminder"
    announcement = "announcement"
    interest = "interest"
    invitation = "invitation"  # seats as calendar invitations


class MailChoice(Row, table=True):
    """What one person wants of one event. Without a row: everything but invitations."""

    __tablename__ = "mail_choice"
    __table_args__ = (UniqueConstraint("person_id", "event_id", "wish"),)

    person_id: UUID
    event_id: UUID
    wish: Wish = Field(sa_column=one_of(Wish, "wish"))
    wanted: bool
    chosen_at: datetime  # real time


class CalendarInvitation(Row, table=True):
    """A person's seat in a session as their calendar was told of it. Its id is in the organiser's address, so that an answer finds it."""

    __tablename__ = "calendar_invitation"
    __table_args__ = (UniqueConstraint("person_id", "session_id"), CheckConstraint("sequence >= 0", name="sequence"))

    person_id: UUID
    session_id: UUID
    sequence: int  # of the last mail: it only ever rises
    cancelled: bool = False
    answer: str = Field(default="", max_length=20)  # accepted, declined, tentative
    answered_at: datetime | None = None


class ReturnedKind(StrEnum):
    hard = "hard"  # the address is dead
    soft = "soft"  # not this time: full, too big, refused
    reply = "reply"  # a calendar's answer to an invitation
    ignored = "ignored"  # an automatic answer, or a delay


class ReturnedMail(Row, table=True):
    """What came back for a mail, once for each message, however often the mailbox is read."""

    __tablename__ = "returned_mail"

    digest: str = Field(unique=True, max_length=64)  # of the message
    kind: ReturnedKind = Field(sa_column=one_of(ReturnedKind, "returned_kind"))
    mail_id: UUID | None = None
    address_key: str = Field(default="", max_length=320, index=True)  # as addresses are compared
    words: str = Field(default="", max_length=300)
    noted_at: datetime  # real time, as is the next
    cleared_at: datetime | None = None  # whoever has the address says that mail arrives again


class Circular(Row, table=True):
    """A mail that organisers write to many: a draft, then scheduled, then on its way to each, or stopped before."""

    __table_args__ = (CheckConstraint("done_at IS NULL OR begun_at IS NOT NULL", name="done_after_begun"),)

    event_id: UUID = Field(index=True)
    subject: str = Field(max_length=150)
    body: str
    audience: str = Field(max_length=60)  # "everybody", "seated", "unseated", "session:<id>", "waiting:<id>"
    by_id: UUID | None = None
    made_at: datetime
    goes_at: datetime | None = None  # the domain's time, once it was approved
    rehearsed: bool = False  # approved in a rehearsal: it goes there only, and stays in the folder
    begun_at: datetime | None = None  # real time, as are the next two
    done_at: datetime | None = None
    stopped_at: datetime | None = None


class Reminder(Row, table=True):
    """That somebody was reminded of something that begins at this instant: once, whatever happens."""

    __table_args__ = (UniqueConstraint("person_id", "subject_id", "lead", "starts_at", "rehearsed"),)

    person_id: UUID
    subject_id: UUID  # an event's, or a session's
    lead: str = Field(max_length=10)  # week, day, hour
    starts_at: datetime
    rehearsed: bool = False
