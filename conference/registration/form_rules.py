"""Registration forms (pure): what is asked, what is still open, when a question needs a new version, when an answer goes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from conference.errors import Conflict, Invalid
from conference.programme.tables import Event
from conference.registration.form_tables import AnswerKind, Eligibility, EventTerms, RegistrationQuestion, SeenBy
from conference.registration.tables import Registration, RegistrationState

MAX_QUESTIONS = 40
MAX_OPTIONS = 30
WITH_OPTIONS = (AnswerKind.one_choice, AnswerKind.several)
KIND_WORDS = {
    AnswerKind.short_text: "A line of text",
    AnswerKind.long_text: "Several lines of text",
    AnswerKind.one_choice: "One of several choices",
    AnswerKind.several: "Any number of several choices",
    AnswerKind.yes_no: "Yes or no",
    AnswerKind.country: "A country",
    AnswerKind.number: "A whole number",
}
SEEN_BY_WORDS = {
    SeenBy.organisers: "the organisers",
    SeenBy.door: "the people at the door",
    SeenBy.catering: "whoever plans the meals",
    SeenBy.access: "whoever arranges access",
}
Answers = Mapping[UUID, Sequence[str]]  # by question: what was said


@dataclass(frozen=True, slots=True)
class FormAsked:
    """What an event asks of whoever registers at this moment. An event that asks nothing has an empty one."""

    questions: tuple[RegistrationQuestion, ...] = ()
    terms: EventTerms | None = None
    eligibility: Eligibility | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in, checked. `asked`: its questions, answered or not. `terms_id`: the version accepted with it."""

    answers: Answers
    asked: frozenset[UUID] = frozenset()
    terms_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class QuestionPlan:
    """What an organiser wants a question to be."""

    label: str
    help: str
    kind: AnswerKind
    options: tuple[str, ...]
    required: bool
    keep_days: int
    seen_by: SeenBy


def still_open(asked: FormAsked, answered: Collection[UUID], accepted: Collection[UUID]) -> tuple[str, ...]:
    """What a registration lacks: the labels of required questions, and the terms."""
    lacks = [question.label for question in asked.questions if question.required and question.id not in answered]
    if asked.terms and asked.terms.id not in accepted:
        lacks.append(f"The terms (version {asked.terms.number})")
    return tuple(lacks)


def why_new_version(old: RegistrationQuestion, plan: QuestionPlan) -> str:
    """Why answers to the old question can't stand for the new one; empty where they can, as after a better wording."""
    if plan.kind != old.kind:
        return "another kind of answer is asked for"
    if gone := [option for option in old.options if option not in plan.options]:
        return f"“{gone[0]}” can’t be chosen any more"
    if plan.seen_by != old.seen_by:
        return "other people read the answers"
    if plan.keep_days > old.keep_days:
        return "the answers are kept longer"
    return ""


def check_plan(plan: QuestionPlan) -> None:
    """Raises Invalid where a question could not be answered as planned."""
    if plan.kind not in WITH_OPTIONS:
        return
    if len(plan.options) < 2:
        raise Invalid("options", "Enter at least two choices, each on a line of its own.")
    if len(plan.options) > MAX_OPTIONS:
        raise Invalid("options", f"Enter at most {MAX_OPTIONS} choices.")
    if len(set(plan.options)) < len(plan.options):
        raise Invalid("options", "Each choice must differ from the others.")
    if any(len(option) > 200 for option in plan.options):
        raise Invalid("options", "A choice has at most 200 characters.")


def next_position(positions: Sequence[int]) -> int:
    return max(positions, default=0) + 1


def check_answers_can_change(event: Event, state: RegistrationState | None, now: datetime) -> None:
    """Raises Conflict for whoever has no place, and once the event is over."""
    if state != RegistrationState.confirmed:
        raise Conflict(f"You are not registered for {event.title}.")
    if now >= event.ends_at:
        raise Conflict(f"{event.title} is over, so that nothing about your registration changes any more.")


def purged_at(question: RegistrationQuestion, event: Event) -> datetime:
    """When the answers to a question go."""
    return event.ends_at + timedelta(days=question.keep_days)


def is_due(question: RegistrationQuestion, event: Event, registration: Registration, now: datetime) -> bool:
    """Whether an answer has to go: its days are over, or the place that it was given for was given back."""
    return registration.cancelled_at is not None or now >= purged_at(question, event)
