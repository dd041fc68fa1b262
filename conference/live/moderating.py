"""What moderators may do with questions (pure): approve, dismiss, mark, archive, merge, hold, and undo the last of it."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import assert_never
from uuid import UUID

from conference.errors import Conflict, Forbidden, NotFound
from conference.live.asking import NO_QUESTION, SHOWN
from conference.live.commands import Approve, Archive, Dismiss, Hold, MarkAnswered, Merge, OnQuestions, Undo
from conference.live.happenings import Answered, Approved, Archived, Dismissed, Held, Merged, Undone
from conference.live.rules import HOLD, clean_reason
from conference.live.state import Actor, QuestionFacts, Setting, StageState
from conference.live.tables import QuestionState

FATE = (
    "approved_at",
    "answered_at",
    "archived_at",
    "dismissed_at",
    "dismiss_reason",
    "merged_at",
    "merged_id",
)  # what acts of moderation change
_WORDS = {
    QuestionState.pending: "waits for a moderator",
    QuestionState.visible: "is shown already",
    QuestionState.answered: "is marked as answered already",
    QuestionState.archived: "is archived already",
    QuestionState.dismissed: "was dismissed already",
    QuestionState.merged: "was merged already",
    QuestionState.withdrawn: "was withdrawn by whoever asked it",
}


def decide_moderating(
    state: StageState, command: OnQuestions, actor: Actor, setting: Setting
) -> Approved | Dismissed | Answered | Archived | Merged | Held | Undone:
    """Raises a Refusal."""
    question = _question(state, command.question_id)
    if not isinstance(command, Undo):
        _check_free(question, actor, setting.now)
    match command:
        case Approve():
            _check_is(question, QuestionState.pending)
            return Approved(question.id, setting.now)
        case Dismiss():
            _check_is(question, *(SHOWN if command.shown else (QuestionState.pending,)))
            return Dismissed(question.id, setting.now, clean_reason(command.reason))
        case MarkAnswered():
            _check_is(question, QuestionState.visible)
            return Answered(question.id, setting.now)
        case Archive():
            _check_is(question, QuestionState.visible, QuestionState.answered)
            return Archived(question.id, setting.now)
        case Merge():
            return _merge(state, question, command.into_id, setting.now)
        case Hold():
            _check_is(question, QuestionState.pending)
            return Held(question.id, actor.name, actor.person_id, setting.now + HOLD)
        case Undo():
            return _undo(state, question, command.state)
        case _:
            assert_never(command)


def check_moderates(actor: Actor) -> None:
    if not actor.moderates:
        raise Forbidden("This is for the moderators of the event.")


def fate_of(question: QuestionFacts) -> dict[str, str | None]:
    """What an act of moderation may change, as it is kept for undoing the act."""
    kept = {name: getattr(question, name) for name in FATE}
    return {name: value.isoformat() if isinstance(value, datetime) else value and str(value) for name, value in kept.items()}


def _question(state: StageState, question_id: UUID) -> QuestionFacts:
    question = state.questions.get(question_id)
    if question is None:
        raise NotFound(NO_QUESTION)
    return question


def _merge(state: StageState, question: QuestionFacts, into_id: UUID, now: datetime) -> Merged:
    """Whoever asked or voted for the one now votes for the other, once; nobody for their own."""
    into = _question(state, into_id)
    _check_is(question, QuestionState.pending, QuestionState.visible)
    if into.id == question.id:
        raise Conflict("Choose another question to merge this one into.")
    if into.state != QuestionState.visible:
        raise Conflict("Merge into a question that is on the stage.")
    voters = {person for voted, person in state.votes if voted == question.id} | {question.person_id}
    return Merged(
        question.id, into.id, now, frozenset(each for each in voters if each != into.person_id and (into.id, each) not in state.votes)
    )


def _undo(state: StageState, question: QuestionFacts, seen: QuestionState | None) -> Undone:
    """`seen`: as what the moderator saw it, who does not mean what another has done since."""
    if seen and question.state != seen:
        raise Conflict(f"This question {_WORDS[question.state]}. Perhaps another moderator was quicker, so nothing is undone.")
    if not question.before or question.state == QuestionState.withdrawn:
        raise Conflict("There is nothing to undo. Perhaps another moderator was quicker.")
    fate = _fate(question.before)
    return _unmerge(state, question, fate) if question.merged_id else Undone(question.id, question.state in SHOWN, fate)


def _unmerge(state: StageState, question: QuestionFacts, fate: Mapping[str, object]) -> Undone:
    """A vote that came over stays where another merged question brings it as well."""
    into = _question(state, question.merged_id or question.id)
    if into.state == QuestionState.withdrawn:  # its votes are for nothing any more
        return Undone(question.id, was_shown=False, fate=fate)
    if into.state not in SHOWN:
        raise Conflict("The question that it was merged into is not on the stage any more: bring that back first.")
    voters, stays = state.joined.get(question.id, frozenset()), dict[UUID, UUID]()
    for other in state.questions.values():
        if other.merged_id == into.id and other.id != question.id:
            stays |= {voter: other.id for voter in voters if voter == other.person_id or (other.id, voter) in state.votes}
    return Undone(question.id, False, fate, into.id, voters - stays.keys(), stays)


def _fate(kept: Mapping[str, str | None]) -> dict[str, object]:
    """The facts again that `fate_of` kept."""
    kinds = {each.name: each.type for each in fields(QuestionFacts)}
    return {
        name: UUID(value) if value and name == "merged_id" else datetime.fromisoformat(value) if value and name.endswith("_at") else value
        for name, value in kept.items()
        if name in kinds
    }


def _check_is(question: QuestionFacts, *states: QuestionState) -> None:
    if question.state not in states:
        raise Conflict(f"This question {_WORDS[question.state]}. Perhaps another moderator was quicker.")


def _check_free(question: QuestionFacts, actor: Actor, now: datetime) -> None:
    """Nobody else looks at it just now."""
    if (
        question.held_until
        and question.held_id != actor.person_id
        and now < question.held_until
        and question.state == QuestionState.pending
    ):
        raise Conflict(f"{question.held_by} is looking at this question.")
