"""The lines of a stage's two logs: events in the past tense, closed. docs/protocol.md shows one of each.

`seq` numbers a log without gaps.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from conference.live.commands import Message
from conference.live.shapes import (
    ChatShown,
    HelpShown,
    ModeratorsQuestion,
    PollShown,
    PublicQuestion,
    SilenceShown,
    StageShown,
    WordsShown,
)


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


class QuestionAnswered(Logged):
    type: Literal["question_answered"] = "question_answered"
    question_id: UUID


class QuestionArchived(Logged):
    type: Literal["question_archived"] = "question_archived"
    question_id: UUID


class QuestionHidden(Logged):
    """Public log only: it was withdrawn, merged or taken back."""

    type: Literal["question_hidden"] = "question_hidden"
    question_id: UUID


class QuestionChanged(Logged):
    """It is like this now. In the moderators' log whatever was done to it, by `act`; forgotten: who asked it has left."""

    type: Literal["question_changed"] = "question_changed"
    act: Literal["approved", "dismissed", "answered", "archived", "merged", "held", "undone", "withdrawn", "answer_written", "forgotten"]
    question: PublicQuestion | ModeratorsQuestion


class StageChanged(Logged):
    type: Literal["stage_changed"] = "stage_changed"
    run: StageShown


class PollChanged(Logged):
    """It is like this now: drafted (moderators' log only), opened, closed, archived."""

    type: Literal["poll_changed"] = "poll_changed"
    poll: PollShown


class ChatSaid(Logged):
    type: Literal["chat_said"] = "chat_said"
    message: ChatShown


class ChatChanged(Logged):
    """It is like this now: let through (moderators' log only) or deleted."""

    type: Literal["chat_changed"] = "chat_changed"
    message: ChatShown


class CaptionAdded(Logged):
    type: Literal["caption_added"] = "caption_added"
    line: WordsShown


class CueGiven(Logged):
    """Moderators' log only."""

    type: Literal["cue_given"] = "cue_given"
    cue: WordsShown


class HelpChanged(Logged):
    """Moderators' log only: asked for, or looked after."""

    type: Literal["help_changed"] = "help_changed"
    help: HelpShown


class SilenceChanged(Logged):
    """Moderators' log only: begun, or lifted."""

    type: Literal["silence_changed"] = "silence_changed"
    silence: SilenceShown


LoggedEvent = (
    QuestionAsked
    | QuestionApproved
    | QuestionAnswered
    | QuestionArchived
    | QuestionHidden
    | QuestionChanged
    | StageChanged
    | PollChanged
    | ChatSaid
    | ChatChanged
    | CaptionAdded
    | CueGiven
    | HelpChanged
    | SilenceChanged
)
