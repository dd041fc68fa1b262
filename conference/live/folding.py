"""How a listener keeps its snapshot true (pure): what its page does, as the law of the wire has it."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from conference.live.commands import Message
from conference.live.lines import (
    CaptionAdded,
    ChatChanged,
    ChatSaid,
    CueGiven,
    HelpChanged,
    LoggedEvent,
    PollChanged,
    QuestionAnswered,
    QuestionApproved,
    QuestionArchived,
    QuestionAsked,
    QuestionChanged,
    QuestionHidden,
    SilenceChanged,
    StageChanged,
)
from conference.live.messages import (
    OwnEvent,
    Snapshot,
    Tick,
    YourBallotCounted,
    YourPart,
    YourQuestionWaits,
    YourQuestionWasDismissed,
    YourVoteCounted,
)
from conference.live.rules import CAPTIONS_KEPT, CUES_KEPT
from conference.live.shapes import Mine, OwnBallot, OwnDismissed, PollShown, Question, StageShown
from conference.live.state import CAN_BE_PINNED
from conference.live.tables import QuestionState
from conference.live.views import ON_STAGE, POLL, REACTIONS, VOTES, Total, by_id, chat_order, in_order

Shown = TypeVar("Shown", bound=Message)


def fold(held: Snapshot, heard: LoggedEvent | OwnEvent | Tick) -> Snapshot:
    """The snapshot that a listener holds after hearing this. The law: old snapshot + events = fresh snapshot."""
    match heard:
        case Tick():
            return _fold_tick(held, heard)
        case YourPart() | YourQuestionWaits() | YourQuestionWasDismissed() | YourVoteCounted() | YourBallotCounted():
            return _with(held, mine=_fold_mine(held.mine, heard))
        case _:
            return _with(held, seq=heard.seq, **_fold_line(held, heard))


def tick_of(told: Mapping[str, Total]) -> Tick:
    """The tick that tells these totals, by what they are called between processes."""
    votes = {key.removeprefix(VOTES): count for key, count in told.items() if key.startswith(VOTES)}
    polls = {key.removeprefix(POLL): total for key, total in told.items() if key.startswith(POLL)}
    return Tick.model_validate({"votes": votes, "polls": polls or None, "reactions": told.get(REACTIONS)})


def totals_in(line: Mapping[str, Any]) -> list[str]:
    """What the totals are called whose things this line shows anew."""
    return [f"{kind}{line[name]['id']}" for name, kind in (("question", VOTES), ("poll", POLL)) if name in line]


def _fold_line(held: Snapshot, heard: LoggedEvent) -> dict[str, Any]:  # noqa: C901 - one case each
    """The fields that this line changes."""
    match heard:
        case QuestionAsked(question=question) | QuestionApproved(question=question) | QuestionChanged(question=question):
            waiting = tuple(each for each in held.mine.waiting if each.id != question.id or question.state not in ON_STAGE)
            mine, run = _with(held.mine, waiting=waiting), _run_after(held.run, question.id, question.state)
            return {"questions": _placed(held.questions, question), "mine": mine, "run": run}
        case QuestionHidden(question_id=question_id):
            questions = tuple(each for each in held.questions if each.id != question_id)
            return {"questions": questions, "run": _run_after(held.run, question_id, None)}
        case QuestionAnswered(question_id=question_id, at=at):
            return {"questions": _changed(held.questions, question_id, state=QuestionState.answered, answered_at=at)}
        case QuestionArchived(question_id=question_id):
            questions = _changed(held.questions, question_id, state=QuestionState.archived)
            return {"questions": questions, "run": _run_after(held.run, question_id, QuestionState.archived)}
        case StageChanged(run=run):
            return {"run": run}
        case PollChanged(poll=poll):
            others = (each for each in held.polls if each.id != poll.id)
            return {"polls": tuple(sorted((*others, poll), key=_drafted))}
        case ChatSaid(message=message) | ChatChanged(message=message):
            return {"chat": chat_order((*(each for each in held.chat if each.id != message.id), message))}
        case CaptionAdded(line=line):
            return {"captions": (*held.captions, line)[-CAPTIONS_KEPT:]}
        case CueGiven(cue=cue):
            return {"cues": (*held.cues, cue)[-CUES_KEPT:]}
        case HelpChanged(help=request):
            return {"help": _by_first((*held.help, request))}
        case SilenceChanged(silence=silence):
            return {"silences": _by_first((*held.silences, silence))}


def _fold_tick(held: Snapshot, tick: Tick) -> Snapshot:
    questions = tuple(_with(each, votes=tick.votes.get(each.id, each.votes)) for each in held.questions)
    polls = tuple(_counted(each, tick) for each in held.polls)
    reactions = held.reactions if tick.reactions is None else tick.reactions
    return _with(held, questions=questions, polls=polls, reactions=reactions)


def _counted(poll: PollShown, tick: Tick) -> PollShown:
    total = (tick.polls or {}).get(poll.id)
    if total is None:
        return poll
    return _with(poll, ballots=total.ballots, tally=total.tally)


def _fold_mine(mine: Mine, heard: OwnEvent) -> Mine:
    match heard:
        case YourPart(mine=fresh):
            return fresh
        case YourQuestionWaits(question=question) if question.id in mine.asked:
            return mine  # the snapshot was younger than this word
        case YourQuestionWaits(question=question):
            waiting = tuple(sorted((*mine.waiting, question), key=by_id))
            return _with(mine, waiting=waiting, asked=tuple(sorted((*mine.asked, question.id))))
        case YourVoteCounted(question_id=question_id):
            return _with(mine, voted=tuple(sorted({*mine.voted, question_id})))
        case YourBallotCounted(ballot=ballot):
            return _with(mine, ballots=_with_ballot(mine.ballots, ballot))
        case YourQuestionWasDismissed(question_id=question_id, reason=reason):
            gone = [each for each in mine.waiting if each.id == question_id]
            dismissed = sorted((*mine.dismissed, *(OwnDismissed(id=each.id, text=each.text, reason=reason) for each in gone)), key=by_id)
            return _with(mine, waiting=tuple(each for each in mine.waiting if each.id != question_id), dismissed=tuple(dismissed))


def _with_ballot(ballots: tuple[OwnBallot, ...], ballot: OwnBallot) -> tuple[OwnBallot, ...]:
    """Of two for the same poll the younger one stays."""
    known = {each.poll_id: each for each in (ballot, *ballots)}
    known[ballot.poll_id] = max(known[ballot.poll_id], ballot, key=lambda each: each.changes)
    return tuple(known[poll_id] for poll_id in sorted(known))


def _placed(questions: tuple[Question, ...], question: Question) -> tuple[Question, ...]:
    """The votes that were heard stay: ticks may have overtaken this line."""
    known = next((each for each in questions if each.id == question.id), None)
    now = question if known is None else _with(question, votes=known.votes)
    return in_order((*(each for each in questions if each.id != question.id), now))


def _changed(questions: tuple[Question, ...], question_id: UUID, **fields: object) -> tuple[Question, ...]:
    return tuple(_with(each, **fields) if each.id == question_id else each for each in questions)


def _run_after(run: StageShown, question_id: UUID, state: QuestionState | None) -> StageShown:
    """What leaves the stage is not pinned any more."""
    return _with(run, pinned_id=None) if run.pinned_id == question_id and state not in CAN_BE_PINNED else run


def _by_first(things: tuple[Any, ...]) -> tuple[Any, ...]:
    """Each once, as it was told last, in the order in which they were first told."""
    return tuple({each.id: each for each in things}.values())


def _drafted(poll: PollShown) -> tuple[object, str]:
    return poll.drafted_at, str(poll.id)


def _with(shown: Shown, **fields: object) -> Shown:
    return shown.model_copy(update=fields)
