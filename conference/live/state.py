"""A stage at one moment, as values (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from conference.live.care_tables import HelpKind
from conference.live.poll_tables import PollKind, PollState
from conference.live.tables import Moderated, QuestionState
from conference.programme.tables import Event, Session

Choices = tuple[str, ...]
CAN_BE_PINNED = (QuestionState.visible, QuestionState.answered)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFacts:
    """A question's row, as a value."""

    id: UUID
    person_id: UUID
    text: str
    author: str
    anonymous: bool
    asked_at: datetime
    votes: int = 0
    approved_at: datetime | None = None
    answered_at: datetime | None = None
    archived_at: datetime | None = None
    dismissed_at: datetime | None = None
    dismiss_reason: str = ""
    withdrawn_at: datetime | None = None
    merged_at: datetime | None = None
    merged_id: UUID | None = None
    written_at: datetime | None = None
    written_answer: str = ""
    flag: str = ""
    held_by: str = ""
    held_id: UUID | None = None
    held_until: datetime | None = None
    before: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def state(self) -> QuestionState:
        if self.withdrawn_at:
            return QuestionState.withdrawn
        if self.merged_at:
            return QuestionState.merged
        if self.dismissed_at:
            return QuestionState.dismissed
        if not self.approved_at:
            return QuestionState.pending
        if self.archived_at:
            return QuestionState.archived
        return QuestionState.answered if self.answered_at or self.written_at else QuestionState.visible


@dataclass(frozen=True, slots=True, kw_only=True)
class PollFacts:
    id: UUID
    person_id: UUID
    kind: PollKind
    prompt: str
    options: tuple[str, ...]
    live_results: bool
    drafted_at: datetime
    tally: Mapping[str, int] = field(default_factory=dict)
    ballots: int = 0
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    archived_at: datetime | None = None

    @property
    def state(self) -> PollState:
        if self.archived_at:
            return PollState.archived
        if self.closed_at:
            return PollState.closed
        return PollState.open if self.opened_at else PollState.draft

    @property
    def shows_results(self) -> bool:
        return bool(self.closed_at) or (self.live_results and bool(self.opened_at))


@dataclass(frozen=True, slots=True)
class BallotFacts:
    choices: Choices
    changes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatFacts:
    id: UUID
    person_id: UUID
    author: str
    text: str
    reply_id: UUID | None
    said_at: datetime
    flag: str = ""
    shown_at: datetime | None = None
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A caption or a cue."""

    id: UUID
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpFacts:
    id: UUID
    person_id: UUID
    name: str
    kind: HelpKind
    text: str
    at: datetime
    about_id: UUID | None = None
    about_text: str = ""
    resolved_at: datetime | None = None
    resolved_by: str = ""
    done: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceFacts:
    id: UUID
    person_id: UUID
    name: str
    ban: bool
    reason: str
    moderator_id: UUID
    at: datetime
    until: datetime
    lifted_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        return not self.lifted_at and now < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a stage is run, and what is true of it as a whole."""

    moderated: Moderated = Moderated.before
    chat_open: bool = False
    slow_seconds: int = 0
    held_words: str = ""
    late_minutes: int = 0
    pinned_id: UUID | None = None
    reactions: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StageState:
    """All of a stage, or as much of it as a command can touch. Chat, captions and cues are the last ones, in their order."""

    questions: Mapping[UUID, QuestionFacts] = field(default_factory=dict)
    votes: frozenset[tuple[UUID, UUID]] = frozenset()  # (question, person)
    joined: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)  # merged question: whose votes went over with it
    polls: Mapping[UUID, PollFacts] = field(default_factory=dict)
    ballots: Mapping[tuple[UUID, UUID], BallotFacts] = field(default_factory=dict)  # by poll and person
    chat: Mapping[UUID, ChatFacts] = field(default_factory=dict)
    captions: tuple[Words, ...] = ()
    cues: tuple[Words, ...] = ()
    help: Mapping[UUID, HelpFacts] = field(default_factory=dict)
    silences: Mapping[UUID, SilenceFacts] = field(default_factory=dict)  # for words on this stage
    elsewhere: Mapping[UUID, SilenceFacts] = field(default_factory=dict)  # for words on the event's other stages: they hold here too
    leading: frozenset[UUID] = frozenset()  # who moderates the event, of those who said what is named here
    last_said: Mapping[UUID, datetime] = field(default_factory=dict)  # by person: their last question or message
    run: Run = field(default_factory=Run)

    def silences_of(self, person_id: UUID) -> tuple[SilenceFacts, ...]:
        """On whichever stage of the event they were given, unless somebody has lifted them."""
        known = (*self.silences.values(), *self.elsewhere.values())
        return tuple(each for each in known if each.person_id == person_id and not each.lifted_at)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and what they may."""

    person_id: UUID
    name: str
    takes_part: bool  # a confirmed registration at the event
    moderates: bool
    speaks: bool = False  # in this session


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a command is given."""

    event: Event
    session: Session
    now: datetime
    new_id: UUID  # for what it makes, should it make something
