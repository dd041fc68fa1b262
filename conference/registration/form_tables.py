"""What a registration asks and what people answered; terms, and who may take part, each with its versions.

Nothing here is ever overwritten that somebody relied on: an answer belongs to one version of a question, an acceptance to one version of
the terms.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from conference.storage.row import Row, json_column, one_of


class AnswerKind(StrEnum):
    short_text = "short_text"
    long_text = "long_text"
    one_choice = "one_choice"
    several = "several"
    yes_no = "yes_no"
    country = "country"
    number = "number"


class SeenBy(StrEnum):
    """Who reads the answers: these and nobody else."""

    organisers = "organisers"
    door = "door"
    catering = "catering"
    access = "access"


class RegistrationQuestion(Row, table=True):
    """One version of one question. Versions share `thread_id`; the one that is not retired is asked."""

    __tablename__ = "registration_question"
    __table_args__ = (
        UniqueConstraint("thread_id", "version"),
        CheckConstraint("keep_days >= 0", name="keep_days"),
        Index(
            "uq_registration_question_thread_id_asked",
            "thread_id",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    event_id: UUID = Field(foreign_key="event.id", index=True)
    thread_id: UUID
    version: int = 1
    label: str = Field(max_length=200)
    help: str = Field(default="", max_length=500)
    kind: AnswerKind = Field(sa_column=one_of(AnswerKind, "answer_kind"))
    options: list[str] = Field(default_factory=list, sa_column=json_column())  # of one_choice and several
    required: bool = False
    position: int
    keep_days: int  # after the event's end; then the answers are purged
    seen_by: SeenBy = Field(sa_column=one_of(SeenBy, "seen_by"))
    illustrative: bool = False  # our choice, not the source's
    made_at: datetime
    retired_at: datetime | None = None


class RegistrationAnswer(Row, table=True):
    """What a registration says to one version of a question."""

    __tablename__ = "registration_answer"
    __table_args__ = (UniqueConstraint("registration_id", "question_id"),)

    registration_id: UUID = Field(foreign_key="registration.id")
    question_id: UUID = Field(foreign_key="registration_question.id", index=True)
    words: list[str] = Field(sa_column=json_column())  # one, but for `several`
    answered_at: datetime


class EventTerms(Row, table=True):
    """One version of an event's terms: the newest counts. Empty words: from this version on there is nothing to accept."""

    __tablename__ = "event_terms"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    event_id: UUID = Field(foreign_key="event.id")
    number: int
    words: str
    published_at: datetime
    by_id: UUID | None = None
    illustrative: bool = False


class TermsAcceptance(Row, table=True):
    """A registration accepted this version of the terms, then."""

    __tablename__ = "terms_acceptance"
    __table_args__ = (UniqueConstraint("registration_id", "terms_id"),)

    registration_id: UUID = Field(foreign_key="registration.id")
    terms_id: UUID = Field(foreign_key="event_terms.id", index=True)
    accepted_at: datetime


class Eligibility(Row, table=True):
    """Who may take part, with the reason: an organiser's decision, as it stood from `decided_at` on. The newest counts."""

    __table_args__ = (UniqueConstraint("event_id", "number"),)

    event_id: UUID = Field(foreign_key="event.id")
    number: int
    words: str
    reason: str
    decided_at: datetime
    by_id: UUID | None = None
    illustrative: bool = False


class WaitingForm(Row, table=True):
    """A filled form that does not count yet: a stranger's, until the link mailed with it is opened; with a turn on the waiting list, until
    that turn becomes a place."""

    __tablename__ = "waiting_form"
    __table_args__ = (CheckConstraint("link_id IS NOT NULL OR entry_id IS NOT NULL", name="waits_for_something"),)

    event_id: UUID = Field(foreign_key="event.id", index=True)
    link_id: UUID | None = Field(default=None, foreign_key="mailed_link.id", unique=True)
    entry_id: UUID | None = Field(default=None, foreign_key="waitlist_entry.id", unique=True)
    answers: dict[str, Any] = Field(sa_column=json_column())  # question id: words
    terms_id: UUID | None = Field(default=None, foreign_key="event_terms.id")
    typed_at: datetime
