"""For each command a thing with which it can be done: as facts, that stand in a state or become rows."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from conference.live.care_tables import HelpKind
from conference.live.commands import Command
from conference.live.forms import COMMAND
from conference.live.moderating import fate_of
from conference.live.poll_tables import PollKind
from conference.live.state import ChatFacts, HelpFacts, PollFacts, QuestionFacts, SilenceFacts
from conference.storage.ids import new_id


@dataclass(frozen=True, kw_only=True)
class Scene:
    """`command` is about one of these."""

    command: Command
    questions: tuple[QuestionFacts, ...] = ()
    polls: tuple[PollFacts, ...] = ()
    messages: tuple[ChatFacts, ...] = ()
    help: tuple[HelpFacts, ...] = ()
    silences: tuple[SilenceFacts, ...] = ()


PENDING = {"approve", "dismiss", "hold"}
ON_STAGE = {"upvote", "withdraw", "write_answer", "mark_answered", "archive", "undo", "pin", "merge", "silence"}
POLLS = {"open_poll": "draft", "archive_poll": "draft", "close_poll": "open", "cast": "open"}
MESSAGES = ("show_message", "delete_message")
MORE: dict[str, dict[str, Any]] = {  # fields besides what it is about
    "ask": {"text": "Why?"},
    "write_answer": {"text": "Because."},
    "cast": {"choices": ["0"]},
    "say": {"text": "Good morning."},
    "react": {"kind": "heart"},
    "ask_help": {"kind": "sound", "text": "I can't hear."},
    "dismiss": {"reason": "It was asked."},
    "draft_poll": {"kind": "rating", "prompt": "How was it?"},
    "add_caption": {"text": "Good morning."},
    "give_cue": {"text": "Louder."},
    "set_stage": {"moderated": "before", "chat_open": True, "slow_seconds": 0, "held_words": "", "late_minutes": 0},
    "resolve_help": {"done": "We rang them."},
    "silence": {"minutes": 5, "reason": "That was rude."},
}


def scene(kind: str, owner: UUID, author: UUID, now: datetime) -> Scene:
    """`author` asked or wrote what it is about; what only one's own can be done with is the owner's."""
    asker = owner if kind == "withdraw" else author
    questions = tuple(_question(asker, now, shown=kind not in PENDING) for _ in range(2))
    poll = _poll(author, now, is_open=POLLS.get(kind) == "open")
    message = _message(author, now, shown=kind != "show_message")
    request, silence = _help(author, now), _silence(author, now)
    about: dict[str, Any] = {
        **{each: {"question_id": questions[0].id} for each in PENDING | ON_STAGE},
        **{each: {"poll_id": poll.id} for each in POLLS},
        **{each: {"message_id": message.id} for each in MESSAGES},
        "merge": {"question_id": questions[0].id, "into_id": questions[1].id},
        "silence": {"about_id": questions[0].id},
        "resolve_help": {"help_id": request.id},
        "lift": {"silence_id": silence.id},
    }
    command = COMMAND.validate_python({"type": kind, "client_id": new_id().hex, **MORE.get(kind, {}), **about.get(kind, {})})
    return Scene(
        command=command,
        questions=questions if kind in PENDING | ON_STAGE else (),
        polls=(poll,) if kind in POLLS else (),
        messages=(message,) if kind in MESSAGES else (),
        help=(request,) if kind == "resolve_help" else (),
        silences=(silence,) if kind == "lift" else (),
    )


def _question(person_id: UUID, now: datetime, *, shown: bool) -> QuestionFacts:
    asked = QuestionFacts(id=new_id(), person_id=person_id, text="Why?", author="Author", anonymous=False, asked_at=now)
    return replace(asked, approved_at=now, before=fate_of(asked)) if shown else asked


def _poll(person_id: UUID, now: datetime, *, is_open: bool) -> PollFacts:
    return PollFacts(
        id=new_id(),
        person_id=person_id,
        kind=PollKind.single,
        prompt="Which?",
        options=("yes", "no"),
        live_results=False,
        drafted_at=now,
        opened_at=now if is_open else None,
    )


def _message(person_id: UUID, now: datetime, *, shown: bool) -> ChatFacts:
    return ChatFacts(
        id=new_id(), person_id=person_id, author="Author", text="Hello.", reply_id=None, said_at=now, shown_at=now if shown else None
    )


def _help(person_id: UUID, now: datetime) -> HelpFacts:
    return HelpFacts(id=new_id(), person_id=person_id, name="Author", kind=HelpKind.sound, text="I can't hear.", at=now)


def _silence(person_id: UUID, now: datetime) -> SilenceFacts:
    until = now + timedelta(minutes=5)
    return SilenceFacts(
        id=new_id(), person_id=person_id, name="Author", ban=False, reason="Why.", moderator_id=person_id, at=now, until=until
    )
