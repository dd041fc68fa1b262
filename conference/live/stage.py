"""What happens on a stage, as a pure function: a command in, what happened out; what happened in, a new state out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, assert_never
from uuid import UUID

from conference.live.asking import decide_asking
from conference.live.caring import check_not_banned, decide_help, decide_lifting, decide_resolving, decide_silence
from conference.live.chatting import decide_chat, decide_saying
from conference.live.commands import (
    AddCaption,
    ArchivePoll,
    Ask,
    AskHelp,
    Cast,
    ClosePoll,
    Command,
    DeleteMessage,
    DraftPoll,
    GiveCue,
    Lift,
    Moderation,
    OpenPoll,
    Pin,
    React,
    ResolveHelp,
    Say,
    SetStage,
    ShowMessage,
    Silence,
    Upvote,
    Withdraw,
    WriteAnswer,
)
from conference.live.happenings import (
    Answered,
    AnswerWritten,
    Approved,
    Archived,
    Asked,
    BallotCast,
    Captioned,
    CueGiven,
    Dismissed,
    Happening,
    Held,
    HelpAsked,
    HelpResolved,
    Merged,
    MessageDeleted,
    MessageShown,
    PollDrafted,
    PollMoved,
    Reacted,
    Said,
    Silenced,
    SilenceLifted,
    StageSet,
    Undone,
    Upvoted,
    Withdrawn,
)
from conference.live.moderating import check_moderates, decide_moderating, fate_of
from conference.live.polling import decide_ballot, decide_polls, recounted
from conference.live.rules import CAPTIONS_KEPT, CUES_KEPT
from conference.live.running import decide_caption, decide_cue, decide_pin, decide_reaction, decide_setting
from conference.live.state import CAN_BE_PINNED, Actor, BallotFacts, Setting, StageState


def decide(state: StageState, command: Command, actor: Actor, setting: Setting) -> Happening:
    """What this command brings about. Raises a Refusal where it may not or can't be."""
    if isinstance(command, Moderation):
        check_moderates(actor)
        return _moderate(state, command, actor, setting)
    check_not_banned(state, actor, setting)
    match command:
        case Ask() | Upvote() | Withdraw() | WriteAnswer():
            return decide_asking(state, command, actor, setting)
        case Cast():
            return decide_ballot(state, command, actor, setting)
        case Say():
            return decide_saying(state, command, actor, setting)
        case React():
            return decide_reaction(state, command, actor, setting)
        case AskHelp():
            return decide_help(state, command, actor, setting)
        case _:
            assert_never(command)


def _moderate(state: StageState, command: Moderation, actor: Actor, setting: Setting) -> Happening:
    match command:
        case DraftPoll() | OpenPoll() | ClosePoll() | ArchivePoll():
            return decide_polls(state, command, actor, setting)
        case ShowMessage() | DeleteMessage():
            return decide_chat(state, command, actor, setting)
        case Pin():
            return decide_pin(state, command)
        case SetStage():
            return decide_setting(state, command)
        case AddCaption():
            return decide_caption(command, setting)
        case GiveCue():
            return decide_cue(command, actor, setting)
        case ResolveHelp():
            return decide_resolving(state, command, actor, setting)
        case Silence():
            return decide_silence(state, command, actor, setting)
        case Lift():
            return decide_lifting(state, command, setting)
        case _:
            return decide_moderating(state, command, actor, setting)


def evolve(state: StageState, happening: Happening) -> StageState:  # noqa: C901 - one case each
    """The state after it."""
    match happening:
        case Asked(question):
            said = {**state.last_said, question.person_id: question.asked_at}
            return replace(state, questions={**state.questions, question.id: question}, last_said=said)
        case PollDrafted(poll) | PollMoved(poll):
            return replace(state, polls={**state.polls, poll.id: poll})
        case BallotCast():
            return _evolve_ballot(state, happening)
        case Said(message):
            said = {**state.last_said, message.person_id: message.said_at}
            return replace(state, chat={**state.chat, message.id: message}, last_said=said)
        case MessageShown(message_id, at):
            return replace(state, chat=_changed(state.chat, message_id, shown_at=at))
        case MessageDeleted(message_id, at):
            return replace(state, chat=_changed(state.chat, message_id, deleted_at=at))
        case StageSet(run):
            return replace(state, run=run)
        case Reacted(kind):
            reactions = {**state.run.reactions, kind: state.run.reactions.get(kind, 0) + 1}
            return replace(state, run=replace(state.run, reactions=reactions))
        case Captioned(line):
            return replace(state, captions=(*state.captions, line)[-CAPTIONS_KEPT:])
        case CueGiven(cue):
            return replace(state, cues=(*state.cues, cue)[-CUES_KEPT:])
        case HelpAsked(help):
            return replace(state, help={**state.help, help.id: help})
        case HelpResolved(help_id, at, by, done):
            return replace(state, help=_changed(state.help, help_id, resolved_at=at, resolved_by=by, done=done))
        case Silenced(silence):
            return replace(state, silences={**state.silences, silence.id: silence})
        case SilenceLifted(silence_id, at):
            return replace(state, silences=_changed(state.silences, silence_id, lifted_at=at))
        case _:
            return _evolve_question(state, happening)


def _evolve_question(state: StageState, happening: Any) -> StageState:  # noqa: C901 - one case each
    """An act of moderation keeps what it changes, so that it can be undone."""
    question = state.questions[happening.question_id]
    before = {"before": fate_of(question), "held_by": "", "held_id": None, "held_until": None}
    match happening:
        case Upvoted(question_id, person_id):
            return _with_votes(state, question_id, frozenset({person_id}))
        case Withdrawn(at=at):
            return _question(state, question.id, withdrawn_at=at, before={})
        case AnswerWritten(at=at, text=text):
            return _question(state, question.id, written_at=at, written_answer=text)
        case Approved(at=at):
            return _question(state, question.id, approved_at=at, **before)
        case Dismissed(at=at, reason=reason):
            return _question(state, question.id, dismissed_at=at, dismiss_reason=reason, approved_at=None, **before)
        case Answered(at=at):
            return _question(state, question.id, answered_at=at, **before)
        case Archived(at=at):
            return _question(state, question.id, archived_at=at, **before)
        case Merged(at=at, into_id=into_id, voters=voters):
            merged = _question(state, question.id, merged_at=at, merged_id=into_id, **before)
            return _with_votes(replace(merged, joined={**state.joined, question.id: voters}), into_id, voters)
        case Held(by=by, by_id=by_id, until=until):
            return _question(state, question.id, held_by=by, held_id=by_id, held_until=until)
        case Undone(fate=fate):
            return _evolve_undone(_question(state, question.id, **fate, before={}), happening)
        case _:
            raise AssertionError(happening)


def _evolve_undone(state: StageState, undone: Undone) -> StageState:
    joined = {question_id: voters for question_id, voters in state.joined.items() if question_id != undone.question_id}
    for voter, other_id in undone.stays.items():
        joined[other_id] = joined.get(other_id, frozenset()) | {voter}
    unmerged = replace(state, joined=joined)
    return _without_votes(unmerged, undone.unmerged_id, undone.voters) if undone.unmerged_id else unmerged


def _evolve_ballot(state: StageState, cast: BallotCast) -> StageState:
    poll = state.polls[cast.poll_id]
    counted = replace(
        poll, tally=recounted(poll.tally, cast.choices, cast.instead_of), ballots=poll.ballots + (0 if cast.instead_of is not None else 1)
    )
    ballots = {**state.ballots, (cast.poll_id, cast.person_id): BallotFacts(cast.choices, cast.changes)}
    return replace(state, polls={**state.polls, poll.id: counted}, ballots=ballots)


def _with_votes(state: StageState, question_id: UUID, voters: frozenset[UUID]) -> StageState:
    counted = _question(state, question_id, votes=state.questions[question_id].votes + len(voters))
    return replace(counted, votes=state.votes | {(question_id, voter) for voter in voters})


def _without_votes(state: StageState, question_id: UUID, voters: frozenset[UUID]) -> StageState:
    counted = _question(state, question_id, votes=state.questions[question_id].votes - len(voters))
    return replace(counted, votes=state.votes - {(question_id, voter) for voter in voters})


def _question(state: StageState, question_id: UUID, **facts: object) -> StageState:
    """What leaves the stage is not pinned any more."""
    questions = _changed(state.questions, question_id, **facts)
    is_unpinned = state.run.pinned_id == question_id and questions[question_id].state not in CAN_BE_PINNED
    return replace(state, questions=questions, run=replace(state.run, pinned_id=None) if is_unpinned else state.run)


def _changed(things: Mapping[UUID, Any], thing_id: UUID, **facts: object) -> dict[UUID, Any]:
    return {**things, thing_id: replace(things[thing_id], **facts)}
