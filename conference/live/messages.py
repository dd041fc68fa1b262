"""What a stage tells: events in the past tense, closed. docs/protocol.md shows one of each.

`seq` numbers a log without gaps. What carries no `seq` is for one person, or can be missed: the next one of its kind says it all.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter

from conference.live.commands import ClientId, Message
from conference.live.rules import Door
from conference.live.tables import Log, QuestionState

PROTOCOL = 1  # told in the first message; rises when a client of the old one would go wrong

# What questions look like.


class PublicQuestion(Message):
    """As everybody sees it. Nothing in it leads to whoever asked anonymously."""

    id: UUID
    text: str
    author: str | None  # None: asked anonymously
    shown_at: datetime
    state: Literal[QuestionState.visible, QuestionState.answered, QuestionState.archived]
    votes: int


class ModeratorsQuestion(Message):
    id: UUID
    text: str
    author: str
    anonymous: bool
    asked_at: datetime
    state: QuestionState
    votes: int


class OwnQuestion(Message):
    """A question that waits, as its author sees it."""

    id: UUID
    text: str
    anonymous: bool
    asked_at: datetime


class OwnDismissed(Message):
    id: UUID
    text: str
    reason: str


class Mine(Message):
    """What only this person sees."""

    waiting: tuple[OwnQuestion, ...] = ()
    dismissed: tuple[OwnDismissed, ...] = ()
    asked: tuple[UUID, ...] = ()  # whatever became of them
    voted: tuple[UUID, ...] = ()


# What is in the logs.


Question = PublicQuestion | ModeratorsQuestion


class Logged(Message):
    seq: int
    at: datetime


class QuestionAsked(Logged):
    """Moderators' log only."""

    type: Literal["question_asked"] = "question_asked"
    question: ModeratorsQuestion


class QuestionApproved(Logged):
    type: Literal["question_approved"] = "question_approved"
    question: PublicQuestion


class QuestionDismissed(Logged):
    """Moderators' log only."""

    type: Literal["question_dismissed"] = "question_dismissed"
    question_id: UUID


class QuestionAnswered(Logged):
    type: Literal["question_answered"] = "question_answered"
    question_id: UUID


class QuestionArchived(Logged):
    type: Literal["question_archived"] = "question_archived"
    question_id: UUID


LoggedEvent = QuestionAsked | QuestionApproved | QuestionDismissed | QuestionAnswered | QuestionArchived


# What is for one person, or for the moment.


class YourQuestionWaits(Message):
    type: Literal["your_question_waits"] = "your_question_waits"
    question: OwnQuestion


class YourQuestionWasDismissed(Message):
    type: Literal["your_question_was_dismissed"] = "your_question_was_dismissed"
    question_id: UUID
    reason: str


class YourVoteCounted(Message):
    type: Literal["your_vote_counted"] = "your_vote_counted"
    question_id: UUID


class YourPart(Message):
    """All that is for this person alone, after some of it may have been lost between our processes."""

    type: Literal["mine"] = "mine"
    mine: Mine


OwnEvent = YourQuestionWaits | YourQuestionWasDismissed | YourVoteCounted | YourPart


class Here(Message):
    """Who has the stage open now."""

    people: int  # signed in, each once, in however many tabs
    guests: int  # open pages of nobody who is signed in


class Tick(Message):
    """Absolute totals of what changed lately."""

    type: Literal["tick"] = "tick"
    votes: dict[UUID, int] = Field(default_factory=dict)
    here: Here | None = None  # None: as before


class Delayed(Message):
    """Whether what happens in our other processes arrives seconds late at the moment. Nothing is lost."""

    type: Literal["delayed"] = "delayed"
    delayed: bool


class ClockMoved(Message):
    """A rehearsal's clock was set to another time: what the page says of doors is out of date."""

    type: Literal["clock_moved"] = "clock_moved"


class Heartbeat(Message):
    type: Literal["heartbeat"] = "heartbeat"


class Pong(Message):
    type: Literal["pong"] = "pong"
    client_id: ClientId


class Acknowledged(Message):
    """The command was carried out, and is on the disk."""

    type: Literal["acknowledged"] = "acknowledged"
    client_id: ClientId
    question_id: UUID
    said: str  # a sentence for the person


class Refused(Message):
    type: Literal["refused"] = "refused"
    client_id: ClientId | None = None  # None: the message could not be read so far
    code: str
    sentence: str


# How a conversation begins.


class Welcome(Message):
    type: Literal["welcome"] = "welcome"
    protocol: int = PROTOCOL
    log: Log
    door: Door
    may_take_part: bool  # ask and vote
    moderates: bool
    heartbeat_seconds: float
    here: Here = Here(people=0, guests=0)  # filled in when it is told
    delayed: bool = False


class Snapshot(Message):
    type: Literal["snapshot"] = "snapshot"
    log: Log
    seq: int
    questions: tuple[Question, ...]  # all of one kind, by log
    mine: Mine


class Resumed(Message):
    """What came after `after` follows, up to `seq`, then a tick with all totals."""

    type: Literal["resumed"] = "resumed"
    log: Log
    after: int
    seq: int
    mine: Mine


class Resync(Message):
    """There is no going on from there: a fresh snapshot follows."""

    type: Literal["resync"] = "resync"
    reason: Literal["unknown", "negative", "too_old", "future"]


Told = Annotated[
    Welcome
    | Snapshot
    | Resumed
    | Resync
    | LoggedEvent
    | OwnEvent
    | Tick
    | Delayed
    | ClockMoved
    | Heartbeat
    | Pong
    | Acknowledged
    | Refused,
    Field(discriminator="type"),
]
Said = TypeAdapter[Told](Told)  # whatever the server says: for tests, robots and the docs
