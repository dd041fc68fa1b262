"""What can happen on a stage (pure): one value for each kind, with all that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from conference.live.state import ChatFacts, Choices, HelpFacts, PollFacts, QuestionFacts, Run, SilenceFacts, Words

# To questions.


@dataclass(frozen=True, slots=True)
class Asked:
    """With `question.approved_at` it is shown at once: a moderator looks at it afterwards."""

    question: QuestionFacts


@dataclass(frozen=True, slots=True)
class Upvoted:
    question_id: UUID
    person_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Withdrawn:
    question_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class AnswerWritten:
    question_id: UUID
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Approved:
    question_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Dismissed:
    question_id: UUID
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Answered:
    question_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Archived:
    question_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Merged:
    """`voters` are those whose votes go over."""

    question_id: UUID
    into_id: UUID
    at: datetime
    voters: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Held:
    question_id: UUID
    by: str
    by_id: UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class Undone:
    """`fate` is what its facts become again; of a merge the votes that went over come back.

    `voters` are whose votes for the other question are gone with it; `stays` are whose votes stay there, by which other merged question.
    """

    question_id: UUID
    was_shown: bool  # on the stage, until now
    fate: Mapping[str, object]
    unmerged_id: UUID | None = None
    voters: frozenset[UUID] = frozenset()
    stays: Mapping[UUID, UUID] = field(default_factory=dict)


OnQuestion = Upvoted | Withdrawn | AnswerWritten | Approved | Dismissed | Answered | Archived | Merged | Held | Undone

# To polls.


@dataclass(frozen=True, slots=True)
class PollDrafted:
    poll: PollFacts


@dataclass(frozen=True, slots=True)
class PollMoved:
    """Opened, closed or archived: `poll` is how it is then."""

    poll: PollFacts


@dataclass(frozen=True, slots=True)
class BallotCast:
    poll_id: UUID
    person_id: UUID
    choices: Choices
    instead_of: Choices | None
    changes: int
    at: datetime


OnPoll = PollDrafted | PollMoved | BallotCast

# To the chat.


@dataclass(frozen=True, slots=True)
class Said:
    """Held back for a word in it, where `message.shown_at` is None."""

    message: ChatFacts


@dataclass(frozen=True, slots=True)
class MessageShown:
    message_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    message_id: UUID
    at: datetime


OnMessage = Said | MessageShown | MessageDeleted

# To the stage, and to people on it.


@dataclass(frozen=True, slots=True)
class StageSet:
    """`run` is how it is then, `was` how it was; `what` says what changed, for the answer: `pinned`, `unpinned` or `set`."""

    run: Run
    was: Run
    what: str


@dataclass(frozen=True, slots=True)
class Reacted:
    kind: str


@dataclass(frozen=True, slots=True)
class Captioned:
    line: Words


@dataclass(frozen=True, slots=True)
class CueGiven:
    cue: Words
    by_id: UUID


@dataclass(frozen=True, slots=True)
class HelpAsked:
    help: HelpFacts


@dataclass(frozen=True, slots=True)
class HelpResolved:
    help_id: UUID
    at: datetime
    by: str
    done: str


@dataclass(frozen=True, slots=True)
class Silenced:
    silence: SilenceFacts


@dataclass(frozen=True, slots=True)
class SilenceLifted:
    silence_id: UUID
    at: datetime


Happening = (
    Asked
    | OnQuestion
    | OnPoll
    | OnMessage
    | StageSet
    | Reacted
    | Captioned
    | CueGiven
    | HelpAsked
    | HelpResolved
    | Silenced
    | SilenceLifted
)


def subject_of(happening: Happening) -> UUID | None:  # noqa: C901 - one case each
    """What it is about; None: the stage as a whole."""
    match happening:
        case Asked(question):
            return question.id
        case PollDrafted(poll) | PollMoved(poll):
            return poll.id
        case BallotCast():
            return happening.poll_id
        case Said(message):
            return message.id
        case MessageShown() | MessageDeleted():
            return happening.message_id
        case Captioned(words) | CueGiven(words):
            return words.id
        case HelpAsked(help):
            return help.id
        case HelpResolved():
            return happening.help_id
        case Silenced(silence):
            return silence.id
        case SilenceLifted():
            return happening.silence_id
        case StageSet() | Reacted():
            return None
        case _:
            return happening.question_id
