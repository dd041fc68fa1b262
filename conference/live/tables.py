"""The stage of a session: how it is run, its questions and votes, and the two logs of what happened there."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from conference.storage.row import Row, json_column, one_of


class QuestionState(StrEnum):
    """Computed from a question's facts, never stored."""

    pending = "pending"
    visible = "visible"
    answered = "answered"
    archived = "archived"
    dismissed = "dismissed"
    merged = "merged"
    withdrawn = "withdrawn"


class Moderated(StrEnum):
    """Whether a moderator looks at a question before it is shown, or after."""

    before = "before"
    after = "after"


class Log(StrEnum):
    public = "public"
    moderators = "moderators"


class Stage(Row, table=True):
    """The live side of one session; each log's last number, counted up in the transaction that records an event."""

    session_id: UUID = Field(foreign_key="session.id", unique=True)
    event_id: UUID = Field(foreign_key="event.id")
    public_seq: int = 0
    moderators_seq: int = 0
    votes_seq: int = 0  # counts changes of totals: of two totals the one with the higher number is true
    moderated: Moderated = Field(default=Moderated.before, sa_column=one_of(Moderated, "stage_moderated"))
    chat_open: bool = False
    slow_seconds: int = 0  # that one person must wait between two questions or messages
    held_words: str = ""  # a message with one of these waits for a moderator; one a line, `*` at the end for any ending
    late_minutes: int = 0  # about how much later than planned it begins; 0: on time
    pinned_id: UUID | None = None  # the question that is being answered: no foreign key, a rehearsal's may be taken out
    reactions: dict[str, int] = Field(default_factory=dict, sa_column=json_column())  # how many of each


class Question(Row, table=True):
    __table_args__ = (
        CheckConstraint("votes >= 0", name="votes"),
        CheckConstraint("approved_at IS NULL OR dismissed_at IS NULL", name="approved_or_dismissed"),
        CheckConstraint("merged_id IS NULL OR merged_id <> id", name="merged_into_another"),
    )

    stage_id: UUID = Field(foreign_key="stage.id", index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    text: str
    author: str = Field(max_length=200)  # the asker's name when asked; the public sees it unless anonymous
    anonymous: bool = False
    votes: int = 0
    asked_at: datetime
    approved_at: datetime | None = None
    answered_at: datetime | None = None
    archived_at: datetime | None = None
    dismissed_at: datetime | None = None
    dismiss_reason: str = Field(default="", max_length=300)
    withdrawn_at: datetime | None = None  # by whoever asked
    merged_at: datetime | None = None
    merged_id: UUID | None = Field(default=None, foreign_key="question.id")  # into which
    written_at: datetime | None = None
    written_answer: str = ""
    flag: str = Field(default="", max_length=80)  # the held word that is in it
    held_by: str = Field(default="", max_length=200)  # the moderator who looks at it
    held_id: UUID | None = None
    held_until: datetime | None = None
    before: dict[str, str | None] = Field(default_factory=dict, sa_column=json_column())  # its fate before the last act, for undoing that


class Vote(Row, table=True):
    """One per person and question, whatever races."""

    __table_args__ = (UniqueConstraint("question_id", "person_id"),)

    question_id: UUID = Field(foreign_key="question.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    voted_at: datetime
    joined_id: UUID | None = Field(default=None, foreign_key="question.id", index=True)  # from which question it came by merging


class StageEvent(Row, table=True):
    """One line of a stage's log: the database's log is the truth, what is sent live is a copy."""

    __tablename__ = "stage_event"
    __table_args__ = (UniqueConstraint("stage_id", "log", "seq"),)

    stage_id: UUID = Field(foreign_key="stage.id")
    log: Log = Field(sa_column=one_of(Log, "stage_log"))
    seq: int
    body: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    at: datetime


class StageCommand(Row, table=True):
    """A command that was carried out, by the id its client gave it: the same id twice is one effect and the same answer."""

    __tablename__ = "stage_command"
    __table_args__ = (UniqueConstraint("stage_id", "person_id", "client_id"),)

    stage_id: UUID = Field(foreign_key="stage.id")
    person_id: UUID = Field(foreign_key="person.id")
    client_id: str = Field(max_length=64)
    answer: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    at: datetime


class LiveProcess(Row, table=True):
    """A process that has listeners, while it lives: one whose beat is old is dead, and nobody is present through it."""

    __tablename__ = "live_process"

    beat_at: datetime  # real time
    guests: dict[str, int] = Field(default_factory=dict, sa_column=json_column())  # session id: open pages of nobody who is signed in


class Presence(Row, table=True):
    """A person who is on a stage through a process, in however many tabs."""

    __table_args__ = (UniqueConstraint("process_id", "session_id", "person_id"),)

    process_id: UUID = Field(foreign_key="live_process.id", ondelete="CASCADE")
    session_id: UUID = Field(foreign_key="session.id", index=True)
    person_id: UUID = Field(index=True)  # no foreign key: a row is a moment's, and many are written at once
