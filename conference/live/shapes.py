"""What things on a stage look like on the wire: to everybody, to moderators, to one person."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from conference.live.care_tables import HelpKind
from conference.live.commands import Message
from conference.live.poll_tables import PollKind, PollState
from conference.live.tables import Moderated, QuestionState


class PublicQuestion(Message):
    """As everybody sees it. Nothing in it leads to whoever asked anonymously."""

    id: UUID
    text: str
    author: str | None  # None: asked anonymously
    shown_at: datetime
    state: Literal[QuestionState.visible, QuestionState.answered, QuestionState.archived]
    votes: int
    answered_at: datetime | None = None
    answer: str = ""  # in writing


class ModeratorsQuestion(Message):
    id: UUID
    text: str
    author: str
    anonymous: bool
    asked_at: datetime
    state: QuestionState
    votes: int
    answered_at: datetime | None = None
    answer: str = ""
    flag: str = ""  # the held word that is in it
    reason: str = ""  # why it was dismissed
    merged_id: UUID | None = None  # into which
    held_by: str = ""  # who looks at it, until then
    held_until: datetime | None = None
    can_undo: bool = False


Question = PublicQuestion | ModeratorsQuestion


class StageShown(Message):
    """How the stage is run. `held_words` are for moderators."""

    moderated: Moderated = Moderated.before
    chat_open: bool = False
    slow_seconds: int = 0
    late_minutes: int = 0
    pinned_id: UUID | None = None
    held_words: str = ""


class PollShown(Message):
    """`tally`: ballots for each choice (an option's place from 0, a rating, a word); None while results are hidden."""

    id: UUID
    kind: PollKind
    prompt: str
    options: tuple[str, ...]
    live_results: bool
    drafted_at: datetime
    state: PollState
    ballots: int
    tally: dict[str, int] | None


class PollTotals(Message):
    ballots: int
    tally: dict[str, int] | None = None  # None: hidden


class ChatShown(Message):
    """A message of the chat; a deleted one has no words any more. `waits` and `flag` are for moderators."""

    id: UUID
    author: str
    text: str
    reply_id: UUID | None
    at: datetime  # when it was shown; for moderators when it was said, while it waits
    deleted: bool = False
    waits: bool = False
    flag: str = ""


class WordsShown(Message):
    """A caption, or a cue."""

    id: UUID
    text: str
    at: datetime


class HelpShown(Message):
    """To moderators and organisers."""

    id: UUID
    name: str
    kind: HelpKind
    text: str
    about_text: str
    at: datetime
    resolved_at: datetime | None
    resolved_by: str
    done: str


class SilenceShown(Message):
    """To moderators."""

    id: UUID
    name: str
    ban: bool
    reason: str
    at: datetime
    until: datetime
    lifted: bool


class AnnouncementShown(Message):
    id: UUID
    text: str
    at: datetime
    until: datetime


# What is one person's own.


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


class OwnBallot(Message):
    poll_id: UUID
    choices: tuple[str, ...]
    changes: int  # how often it was changed: of two the higher one is the younger


class OwnHelp(Message):
    id: UUID
    kind: HelpKind
    text: str
    at: datetime
    done: str  # what was done; empty: nobody has looked after it yet


class OwnSilence(Message):
    reason: str
    until: datetime
    ban: bool


class Mine(Message):
    """What only this person sees."""

    waiting: tuple[OwnQuestion, ...] = ()
    dismissed: tuple[OwnDismissed, ...] = ()
    asked: tuple[UUID, ...] = ()  # whatever became of them
    voted: tuple[UUID, ...] = ()
    ballots: tuple[OwnBallot, ...] = ()
    help: tuple[OwnHelp, ...] = ()
    silence: OwnSilence | None = None
    cues: tuple[WordsShown, ...] = ()  # for the session's speakers
