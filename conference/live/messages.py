"""What a stage tells: events in the past tense, closed. docs/protocol.md shows one of each.

`seq` numbers a log without gaps. What carries no `seq` is for one person, or can be missed: the next one of its kind says it all.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter

from conference.live.commands import ClientId, Message
from conference.live.lines import LoggedEvent
from conference.live.rules import Door
from conference.live.shapes import (
    AnnouncementShown,
    ChatShown,
    HelpShown,
    Mine,
    OwnBallot,
    OwnQuestion,
    PollShown,
    PollTotals,
    Question,
    SilenceShown,
    StageShown,
    WordsShown,
)
from conference.live.tables import Log

PROTOCOL = 2  # told in the first message; rises when a client of the old one would go wrong


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


class YourBallotCounted(Message):
    type: Literal["your_ballot_counted"] = "your_ballot_counted"
    ballot: OwnBallot


class YourPart(Message):
    """All that is for this person alone: what changed has no word of its own, or some of it may have been lost between our processes."""

    type: Literal["mine"] = "mine"
    mine: Mine


OwnEvent = YourQuestionWaits | YourQuestionWasDismissed | YourVoteCounted | YourBallotCounted | YourPart


class Here(Message):
    """Who has the stage open now."""

    people: int  # signed in, each once, in however many tabs
    guests: int  # open pages of nobody who is signed in


class Tick(Message):
    """Absolute totals of what changed lately."""

    type: Literal["tick"] = "tick"
    votes: dict[UUID, int] = Field(default_factory=dict)
    polls: dict[UUID, PollTotals] | None = None  # None: as before
    reactions: dict[str, int] | None = None
    here: Here | None = None


class Delayed(Message):
    """Whether what happens in our other processes arrives seconds late at the moment. Nothing is lost."""

    type: Literal["delayed"] = "delayed"
    delayed: bool


class ClockMoved(Message):
    """A rehearsal's clock was set to another time: what the page says of doors is out of date."""

    type: Literal["clock_moved"] = "clock_moved"


class Announcements(Message):
    """All that are announced here now; each ends by itself."""

    type: Literal["announcements"] = "announcements"
    announcements: tuple[AnnouncementShown, ...]


class Heartbeat(Message):
    type: Literal["heartbeat"] = "heartbeat"


class Pong(Message):
    type: Literal["pong"] = "pong"
    client_id: ClientId


class Acknowledged(Message):
    """The command was carried out, and is on the disk."""

    type: Literal["acknowledged"] = "acknowledged"
    client_id: ClientId
    subject_id: UUID | None  # the question, poll, message or the like that it was about
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
    speaks: bool = False  # in this session
    heartbeat_seconds: float
    here: Here = Here(people=0, guests=0)  # filled in when it is told
    delayed: bool = False
    announcements: tuple[AnnouncementShown, ...] = ()  # filled in when it is told


class Snapshot(Message):
    type: Literal["snapshot"] = "snapshot"
    log: Log
    seq: int
    questions: tuple[Question, ...]  # all of one kind, by log
    mine: Mine
    run: StageShown = StageShown()
    reactions: dict[str, int] = Field(default_factory=dict)
    polls: tuple[PollShown, ...] = ()
    chat: tuple[ChatShown, ...] = ()  # the last hundred
    captions: tuple[WordsShown, ...] = ()  # the last thirty
    help: tuple[HelpShown, ...] = ()  # for moderators, as what follows
    silences: tuple[SilenceShown, ...] = ()
    cues: tuple[WordsShown, ...] = ()  # the last five


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
    | Announcements
    | ClockMoved
    | Heartbeat
    | Pong
    | Acknowledged
    | Refused,
    Field(discriminator="type"),
]
Said = TypeAdapter[Told](Told)  # whatever the server says: for tests, robots and the docs
