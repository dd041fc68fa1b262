"""Random moves of everybody on a stage: all commands together, in an order that gets somewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from conference.live.commands import (
    AddCaption,
    Approve,
    Archive,
    ArchivePoll,
    Ask,
    AskHelp,
    Cast,
    ClosePoll,
    Command,
    DeleteMessage,
    Dismiss,
    DraftPoll,
    GiveCue,
    Hold,
    Lift,
    MarkAnswered,
    Merge,
    OpenPoll,
    Pin,
    React,
    ResolveHelp,
    Say,
    SetStage,
    ShowMessage,
    Silence,
    Undo,
    Upvote,
    Withdraw,
    WriteAnswer,
)
from conference.live.state import StageState
from conference.programme.tables import Event, EventFormat, RegistrationKind, Session, SessionType

START = datetime(2021, 6, 25, 9, 0, tzinfo=UTC)
EVENT = Event(
    slug="wi", title="WI", summary="", about="", format=EventFormat.online, zone="Europe/London", starts_at=START,
    ends_at=START + timedelta(hours=9), registration=RegistrationKind.open, made_at=START, modified_at=START,
)  # fmt: skip
SESSION = Session(
    event_id=EVENT.id, slug="s", title="S", type=SessionType.panel, room_id=EVENT.id, starts_at=START,
    ends_at=START + timedelta(hours=9), made_at=START, modified_at=START,
)  # fmt: skip
DELEGATES, MODERATORS, SPEAKER = (0, 1, 2, 3), (4, 5), 6  # numbers of people
NOWHERE = UUID(int=499)
HELD = "rude*"  # the list of held words that a move may set
OFTEN = {
    "ask": 4, "upvote": 9, "approve": 5, "dismiss": 2, "merge": 12, "undo": 8, "withdraw": 2, "cast": 9, "say": 5, "draft_poll": 2,
    "open_poll": 5, "close_poll": 3, "delete_message": 2, "show_message": 3, "pin": 3, "tick": 4,
}  # fmt: skip
MAKERS: Mapping[str, tuple[int, ...]] = {
    **dict.fromkeys(("ask", "upvote", "withdraw", "cast", "say", "react", "ask_help"), DELEGATES),
    "write_answer": (SPEAKER,),
}
KINDS = (
    "ask", "upvote", "withdraw", "write_answer", "cast", "say", "react", "ask_help", "approve", "dismiss", "mark_answered", "archive",
    "merge", "hold", "undo", "pin", "draft_poll", "open_poll", "close_poll", "archive_poll", "show_message", "delete_message",
    "add_caption", "give_cue", "set_stage", "resolve_help", "silence", "lift",
)  # fmt: skip


@dataclass(frozen=True)
class Move:
    """`which` and `other` choose among what there is; `number` makes its words its own."""

    kind: str  # of a command, or `tick`
    who: int  # number of a person
    which: int
    other: int
    flag: bool
    seconds: int  # since the move before


def _prologue() -> list[Move]:
    """Questions on the stage with votes, one that waits, polls with ballots, a word in the chat: so that random moves find something."""
    asked = [Move("ask", who, 0, 1, who == 0, 1) for who in DELEGATES]
    approved = [Move("approve", MODERATORS[0], which, 1, False, 1) for which in (1, 1, 1)]
    voted = [Move("upvote", who, which, 1, False, 1) for who, which in ((0, 1), (1, 2), (3, 1), (3, 2))]
    polls = [Move(kind, MODERATORS[1], which, 1, which == 1, 1) for which in (0, 1, 3) for kind in ("draft_poll", "open_poll")]
    ballots = [Move("cast", who, which, 1, False, 1) for who in DELEGATES[:2] for which in (0, 1)]
    return [*asked, *approved, *voted, *polls, *ballots, Move("say", 1, 0, 1, False, 1)]


PROLOGUE = _prologue()


@st.composite
def move(draw: st.DrawFn) -> Move:
    kind = draw(st.sampled_from([kind for kind in (*KINDS, "tick") for _ in range(OFTEN.get(kind, 1))]))
    who = draw(st.sampled_from(MAKERS.get(kind, MODERATORS)))
    number = st.integers(0, 5)
    return Move(kind, who, draw(number), draw(number), draw(st.booleans()), draw(st.sampled_from((0, 1, 1, 5, 70))))


def moves(most: int = 40) -> st.SearchStrategy[list[Move]]:
    return st.lists(move(), min_size=most // 2, max_size=most)


def command_of(move: Move, number: int, state: StageState) -> Command:  # noqa: C901 - one case each
    """The command that this move gives, as the `number`th; on what is there."""
    signed: dict[str, Any] = {"client_id": f"c{number}"}
    question = {**signed, "question_id": _one(list(state.questions), move.which)}
    poll = {**signed, "poll_id": _one(list(state.polls), move.which)}
    message = {**signed, "message_id": _one(list(state.chat), move.which)}
    said = _one([*state.questions, *state.chat], move.which)
    word = "rudely" if move.other % 3 == 0 else "well"
    match move.kind:
        case "ask":
            return Ask(**signed, text=f"Question-{number}- {word}", anonymous=move.flag)
        case "upvote":
            return Upvote(**question)
        case "withdraw":
            return Withdraw(**question)
        case "write_answer":
            return WriteAnswer(**question, text=f"Answer-{number}-")
        case "cast":
            return Cast(**poll, choices=_choices(move))
        case "say":
            return Say(**signed, text=f"Message-{number}- {word}", reply_id=_one(list(state.chat), move.which) if move.flag else None)
        case "react":
            return React(**signed, kind="heart" if move.flag else "smile")
        case "ask_help":
            return AskHelp(**signed, kind="sound", text=f"Help-{number}-", about_id=said if move.flag else None)
        case "approve":
            return Approve(**question)
        case "dismiss":
            return Dismiss(**question, reason=f"Reason-{number}-", shown=move.flag)
        case "mark_answered":
            return MarkAnswered(**question)
        case "archive":
            return Archive(**question)
        case "merge":
            by_votes = sorted(state.questions, key=lambda each: state.questions[each].votes)  # several into one
            return Merge(**question, into_id=_one(by_votes, move.other % 3))
        case "hold":
            return Hold(**question)
        case "undo":
            by_chance = sorted(state.questions, key=lambda each: bool(state.questions[each].merged_id))  # a merge rather than another act
            return Undo(**signed, question_id=_one(by_chance, move.which))
        case "pin":
            return Pin(**signed, question_id=question["question_id"] if move.other else None)
        case "draft_poll":
            kind = ("single", "multiple", "rating", "words")[move.which % 4]
            return DraftPoll(**signed, kind=kind, prompt=f"Poll-{number}-", options=("yes", "no", "both"), live_results=move.flag)
        case "open_poll":
            return OpenPoll(**poll)
        case "close_poll":
            return ClosePoll(**poll)
        case "archive_poll":
            return ArchivePoll(**poll)
        case "show_message":
            return ShowMessage(**message)
        case "delete_message":
            return DeleteMessage(**message)
        case "add_caption":
            return AddCaption(**signed, text=f"Caption-{number}-")
        case "give_cue":
            return GiveCue(**signed, text=f"Cue-{number}-")
        case "set_stage":
            return _setting(move, signed)
        case "resolve_help":
            return ResolveHelp(**signed, help_id=_one(list(state.help), move.which), done=f"Done-{number}-")
        case "silence":
            return Silence(**signed, about_id=said, minutes=1 + move.other % 2, reason=f"Silence-{number}-", ban=move.flag)
        case "lift":
            return Lift(**signed, silence_id=_one(list(state.silences), move.which))
        case _:
            raise AssertionError(move.kind)


def _setting(move: Move, signed: Mapping[str, Any]) -> SetStage:
    return SetStage(
        **signed,
        moderated="after" if move.flag else "before",
        chat_open=move.which != 0,
        slow_seconds=move.other % 3,
        held_words=HELD if move.other < 4 else "",
        late_minutes=move.which,
    )


def _choices(move: Move) -> tuple[str, ...]:
    """Some are right for some kinds of polls."""
    first = str(move.which % 3)
    return (first, str(move.other % 3)) if move.flag and move.other % 3 != move.which % 3 else (first,)


def _one(ids: Sequence[UUID], which: int) -> UUID:
    """The last ones more than the first: what is young has more before it."""
    return ids[-1 - which % len(ids)] if ids else NOWHERE
