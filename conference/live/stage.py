"""What happens on a stage, as a pure function: a command in, what happened out; what happened in, a new state out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from conference.errors import Conflict, Forbidden, NotFound
from conference.live.commands import Approve, Archive, Ask, Command, Dismiss, MarkAnswered, Moderation, Upvote
from conference.live.rules import check_door_is_open, check_may_ask_more, clean_question, clean_reason
from conference.live.tables import QuestionState
from conference.programme.tables import Event, Session


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

    @property
    def state(self) -> QuestionState:
        if self.dismissed_at:
            return QuestionState.dismissed
        if not self.approved_at:
            return QuestionState.pending
        if self.archived_at:
            return QuestionState.archived
        return QuestionState.answered if self.answered_at else QuestionState.visible


@dataclass(frozen=True, slots=True)
class StageState:
    """All questions, or the ones that a command can touch; and who voted for which."""

    questions: Mapping[UUID, QuestionFacts] = field(default_factory=dict)
    votes: frozenset[tuple[UUID, UUID]] = frozenset()  # (question, person)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and what they may."""

    person_id: UUID
    name: str
    takes_part: bool  # a confirmed registration at the event
    moderates: bool


@dataclass(frozen=True, slots=True)
class Asked:
    question: QuestionFacts


@dataclass(frozen=True, slots=True)
class Upvoted:
    question_id: UUID
    person_id: UUID
    at: datetime


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


Happening = Asked | Upvoted | Approved | Dismissed | Answered | Archived


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a command is given."""

    event: Event
    session: Session
    now: datetime
    new_id: UUID  # for a question, should one be asked


def decide(state: StageState, command: Command, actor: Actor, setting: Setting) -> Happening:
    """What this command brings about. Raises a Refusal where it may not or can't be."""
    match command:
        case Ask():
            return _ask(state, command, actor, setting)
        case Upvote():
            return _upvote(state, command, actor, setting)
        case _:
            return _moderate(state, command, actor, setting)


def evolve(state: StageState, happening: Happening) -> StageState:
    """The state after it."""
    match happening:
        case Asked(question):
            return replace(state, questions={**state.questions, question.id: question})
        case Upvoted(question_id, person_id):
            counted = _changed(state, question_id, votes=state.questions[question_id].votes + 1)
            return replace(counted, votes=state.votes | {(question_id, person_id)})
        case Approved(question_id, at):
            return _changed(state, question_id, approved_at=at)
        case Dismissed(question_id, at, reason):
            return _changed(state, question_id, dismissed_at=at, dismiss_reason=reason)
        case Answered(question_id, at):
            return _changed(state, question_id, answered_at=at)
        case Archived(question_id, at):
            return _changed(state, question_id, archived_at=at)
        case _:
            assert_never(happening)


def question_of(happening: Happening) -> UUID:
    return happening.question.id if isinstance(happening, Asked) else happening.question_id


def _ask(state: StageState, command: Ask, actor: Actor, setting: Setting) -> Asked:
    _check_takes_part(actor, setting.event)
    check_door_is_open(setting.session, setting.event.zone, setting.now)
    text = clean_question(command.text)
    waiting = [each for each in state.questions.values() if each.person_id == actor.person_id and each.state == QuestionState.pending]
    check_may_ask_more(len(waiting))
    return Asked(
        QuestionFacts(
            id=setting.new_id, person_id=actor.person_id, text=text, author=actor.name, anonymous=command.anonymous, asked_at=setting.now
        )
    )


def _upvote(state: StageState, command: Upvote, actor: Actor, setting: Setting) -> Upvoted:
    _check_takes_part(actor, setting.event)
    question = state.questions.get(command.question_id)
    if question is None or question.state in (QuestionState.pending, QuestionState.dismissed):
        raise NotFound("There is no such question on this stage.")
    check_door_is_open(setting.session, setting.event.zone, setting.now)
    if question.state != QuestionState.visible:
        raise Conflict("This question is not open for votes any more.")
    if question.person_id == actor.person_id:
        raise Conflict("This is your own question: votes are for those of others.")
    if (question.id, actor.person_id) in state.votes:
        raise Conflict("You voted for this question already.")
    return Upvoted(question.id, actor.person_id, setting.now)


def _moderate(state: StageState, command: Moderation, actor: Actor, setting: Setting) -> Happening:
    if not actor.moderates:
        raise Forbidden("This is for the moderators of the event.")
    question = state.questions.get(command.question_id)
    if question is None:
        raise NotFound("There is no such question on this stage.")
    match command:
        case Approve():
            _check_is(question, QuestionState.pending)
            return Approved(question.id, setting.now)
        case Dismiss():
            _check_is(question, QuestionState.pending)
            return Dismissed(question.id, setting.now, clean_reason(command.reason))
        case MarkAnswered():
            _check_is(question, QuestionState.visible)
            return Answered(question.id, setting.now)
        case Archive():
            _check_is(question, QuestionState.visible, QuestionState.answered)
            return Archived(question.id, setting.now)
        case _:
            assert_never(command)


def _check_takes_part(actor: Actor, event: Event) -> None:
    if not actor.takes_part:
        raise Forbidden(f"Asking and voting need a confirmed registration for {event.title}.")


_WORDS = {
    QuestionState.pending: "waits for a moderator",
    QuestionState.visible: "is shown already",
    QuestionState.answered: "is marked as answered already",
    QuestionState.archived: "is archived already",
    QuestionState.dismissed: "was dismissed already",
}


def _check_is(question: QuestionFacts, *states: QuestionState) -> None:
    if question.state not in states:
        raise Conflict(f"This question {_WORDS[question.state]}. Perhaps another moderator was quicker.")


def _changed(state: StageState, question_id: UUID, **facts: object) -> StageState:
    question = replace(state.questions[question_id], **facts)  # type: ignore[arg-type]
    return replace(state, questions={**state.questions, question_id: question})
