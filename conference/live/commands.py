"""What a client may ask of a stage: commands, in the imperative, closed.

The same client_id from the same person is one effect and the same answer, over socket and form alike.
"""

from typing import Annotated, Literal, get_args
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from conference.live.care_tables import HelpKind
from conference.live.poll_tables import PollKind
from conference.live.tables import Moderated, QuestionState

ClientId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Signed(Message):
    client_id: ClientId


class OfQuestion(Signed):
    question_id: UUID


class OfPoll(Signed):
    poll_id: UUID


class OfChat(Signed):
    message_id: UUID


# For everybody who takes part; `write_answer` is for the session's speakers and moderators, `ask_help` for whoever is signed in.


class Ask(Signed):
    type: Literal["ask"] = "ask"
    text: str
    anonymous: bool = False  # to the public; moderators see who asks


class Upvote(OfQuestion):
    type: Literal["upvote"] = "upvote"


class Withdraw(OfQuestion):
    """One's own question."""

    type: Literal["withdraw"] = "withdraw"


class WriteAnswer(OfQuestion):
    """In writing, at any time after it was shown."""

    type: Literal["write_answer"] = "write_answer"
    text: str


class Cast(OfPoll):
    """A ballot; again, while the poll is open, instead of the one before. `choices`: places of options from 0, a rating, or words."""

    type: Literal["cast"] = "cast"
    choices: tuple[str, ...] = Field(max_length=12)


class Say(Signed):
    type: Literal["say"] = "say"
    text: str
    reply_id: UUID | None = None


class React(Signed):
    type: Literal["react"] = "react"
    kind: Literal["applause", "heart", "smile", "surprise"]


class AskHelp(Signed):
    """From the organisers; with `about_id` a report of a question or a message."""

    type: Literal["ask_help"] = "ask_help"
    kind: HelpKind
    text: str = ""
    about_id: UUID | None = None


# For moderators.


class Approve(OfQuestion):
    type: Literal["approve"] = "approve"


class Dismiss(OfQuestion):
    type: Literal["dismiss"] = "dismiss"
    reason: str  # the author alone reads it
    shown: bool = False  # it is on the stage, and is taken off: whoever means one that waits is not to hide what another has approved


class MarkAnswered(OfQuestion):
    type: Literal["mark_answered"] = "mark_answered"


class Archive(OfQuestion):
    type: Literal["archive"] = "archive"


class Merge(OfQuestion):
    """Into another, which gets its votes."""

    type: Literal["merge"] = "merge"
    into_id: UUID


class Hold(OfQuestion):
    """Look at it for a minute: the other moderators leave it alone meanwhile."""

    type: Literal["hold"] = "hold"


class Undo(OfQuestion):
    """The last act of moderation on it; with `state`, only while it still is what that act made of it."""

    type: Literal["undo"] = "undo"
    state: QuestionState | None = None


class Pin(Signed):
    """The question that is being answered now; None: none."""

    type: Literal["pin"] = "pin"
    question_id: UUID | None


class DraftPoll(Signed):
    type: Literal["draft_poll"] = "draft_poll"
    kind: PollKind
    prompt: str
    options: tuple[str, ...] = Field(default=(), max_length=12)
    live_results: bool = False


class OpenPoll(OfPoll):
    type: Literal["open_poll"] = "open_poll"


class ClosePoll(OfPoll):
    type: Literal["close_poll"] = "close_poll"


class ArchivePoll(OfPoll):
    type: Literal["archive_poll"] = "archive_poll"


class ShowMessage(OfChat):
    """One that was held back for a word in it."""

    type: Literal["show_message"] = "show_message"


class DeleteMessage(OfChat):
    type: Literal["delete_message"] = "delete_message"


class AddCaption(Signed):
    type: Literal["add_caption"] = "add_caption"
    text: str


class GiveCue(Signed):
    """A few words to the session's speakers alone."""

    type: Literal["give_cue"] = "give_cue"
    text: str


class SetStage(Signed):
    """How this stage is run."""

    type: Literal["set_stage"] = "set_stage"
    moderated: Moderated
    chat_open: bool
    slow_seconds: int
    held_words: str
    late_minutes: int


class ResolveHelp(Signed):
    type: Literal["resolve_help"] = "resolve_help"
    help_id: UUID
    done: str  # what was done, as the person reads it


class Silence(Signed):
    """Whoever asked this question or wrote this message: for so many minutes, at all stages of the event."""

    type: Literal["silence"] = "silence"
    about_id: UUID
    minutes: int
    reason: str
    ban: bool = False


class Lift(Signed):
    """End a silence before its time."""

    type: Literal["lift"] = "lift"
    silence_id: UUID


class Ping(Signed):
    type: Literal["ping"] = "ping"


TakingPart = Ask | Upvote | Withdraw | WriteAnswer | Cast | Say | React | AskHelp
OnQuestions = Approve | Dismiss | MarkAnswered | Archive | Merge | Hold | Undo
OnPolls = DraftPoll | OpenPoll | ClosePoll | ArchivePoll
OnChat = ShowMessage | DeleteMessage
Moderation = OnQuestions | Pin | OnPolls | OnChat | AddCaption | GiveCue | SetStage | ResolveHelp | Silence | Lift
Command = TakingPart | Moderation
Heard = TypeAdapter[Command | Ping](Annotated[Command | Ping, Field(discriminator="type")])

FIELDS = {str(kind.model_fields["type"].default): frozenset(kind.model_fields) for kind in get_args(Command)}  # by the type of command
