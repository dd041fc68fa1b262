"""What templates/live/stage.html shows: a stage as delegates see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from conference.live import rules
from conference.live.cards import Card, Clock
from conference.live.messages import PROTOCOL
from conference.live.page_parts import (
    HELP_KINDS,
    REACTIONS,
    Announced,
    HelpCard,
    Holes,
    MessageCard,
    OwnCard,
    PollCard,
    Silenced,
)
from conference.live.player import Player
from conference.live.poll_tables import PollState
from conference.live.question_list import QuestionList
from conference.live.rules import Door
from conference.live.state import Run
from conference.meetings.queries import MeetingDoor
from conference.programme.tables import Event, Session, Speaker
from conference.times import TimeShown
from conference.web.forms import Typed


@dataclass(frozen=True, slots=True)
class Wrong:
    """A form that comes back: what was typed into which (by its command's type), and a sentence for each id on the page."""

    typed: Typed = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 200

    def kept(self, kind: str, name: str) -> str:
        """What was typed into this field of the form with this command."""
        return self.typed.get(name, "") if self.typed.get("type") == kind else ""

    def help_typed(self, name: str) -> str:
        return self.kept("ask_help", name)


@dataclass(frozen=True, slots=True)
class About:
    """What a report is about, or what a message answers: words of somebody on this stage."""

    id: UUID
    words: str


@dataclass(frozen=True, slots=True)
class StagePage:
    """templates/live/stage.html"""

    event: Event
    session: Session
    speakers: tuple[Speaker, ...]
    time: TimeShown
    clock: Clock
    read_at: str  # clock time of these words
    player: Player
    meeting: MeetingDoor
    next_session: Session | None  # where one goes from here, the same day
    next_at: str  # when that begins
    door: Door
    door_words: str  # when it opens; empty once it is open
    ends_at: str  # ISO 8601 UTC, with the delay where there is one
    opens_at: str  # ISO 8601 UTC
    signed_in: bool
    takes_part: bool
    moderates: bool
    speaks: bool
    waiting: int  # questions in the queue; for moderators
    run: Run
    slow_words: str
    list: QuestionList
    alike: tuple[Card, ...]  # asked already, where somebody is about to ask it again
    own: tuple[OwnCard, ...]
    silenced: Silenced | None
    polls: tuple[PollCard, ...]
    chat: tuple[MessageCard, ...]
    captions: tuple[tuple[UUID, str], ...]
    announced: tuple[Announced, ...]
    help: tuple[HelpCard, ...]
    reply: About | None
    report: About | None
    here_words: str  # who is on the stage now; empty: nobody
    seq: int
    kept: str  # what an address ends in to show all this the same way again: "?mode=text&sort=newest", or nothing
    key: str  # what this rendering's forms begin their client_id with
    wrong: Wrong
    parts: Holes = field(default_factory=Holes)
    reactions: tuple[tuple[str, str], ...] = REACTIONS
    help_kinds: tuple[tuple[str, str], ...] = HELP_KINDS
    protocol: int = PROTOCOL
    rules: Any = rules

    @property
    def asks(self) -> bool:
        return self.takes_part and self.door == Door.open

    @property
    def open_poll(self) -> PollCard | None:
        """The one that waits for this person's answer."""
        return next((poll for poll in self.polls if poll.state == PollState.open and not poll.answered), None)
