"""A form described as data: its fields as they stand on the page, and what was typed into them as answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from conference.errors import Invalid
from conference.people.forms import COUNTRIES
from conference.programme.tables import Event
from conference.registration.form_rules import Answers, Filled, FormAsked, purged_at
from conference.registration.form_tables import AnswerKind, EventTerms, RegistrationQuestion
from conference.times import long_date, zone_named
from conference.web.forms import Form, Typed, checked

SHORT, LONG, MOST = 200, 3000, 1_000_000
YES_NO = (("yes", "Yes"), ("no", "No"))
_COUNTRIES = dict(COUNTRIES)
Kind = TypeVar("Kind", bound=Form)


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question on a page: templates/registration/asked.html paints it."""

    name: str
    label: str
    help: str
    kind: str
    required: bool
    options: tuple[tuple[str, str], ...]
    more: str  # who alone reads the answer, where that is not the organisers, and when it goes


def asked_on_page(question: RegistrationQuestion, event: Event, readers: str) -> AskedQuestion:
    """`readers`: who alone reads the answers; empty: the organisers."""
    options = tuple((option, option) for option in question.options)
    if question.kind == AnswerKind.yes_no:
        options = YES_NO
    elif question.kind == AnswerKind.country:
        options = COUNTRIES
    until = long_date(purged_at(question, event).astimezone(zone_named(event.zone)).date())
    more = f"Read only by {readers}, and deleted on {until}." if readers else ""
    return AskedQuestion(field_name(question), question.label, question.help, question.kind.value, question.required, options, more)


def field_name(question: RegistrationQuestion) -> str:
    return f"q-{question.id.hex}"


def terms_field(terms: EventTerms) -> str:
    """Its own for each version: a tick in an old form does not accept what was published meanwhile."""
    return f"terms-{terms.number}"


def read_filled(asked: FormAsked, typed: Typed, accepted: bool = False) -> Filled:
    """The checked form. `accepted`: these terms were accepted before. Raises Invalid with a sentence for each field."""
    answers: dict[UUID, list[str]] = {}
    wrong: dict[str, str] = {}
    for question in asked.questions:
        try:
            words = _read(question, typed)
        except Invalid as no:
            wrong |= no.fields
            continue
        if words:
            answers[question.id] = words
        elif question.required:
            wrong[field_name(question)] = _asks(question)
    if asked.terms and not accepted and not checked(typed.get(terms_field(asked.terms), "")):
        wrong[terms_field(asked.terms)] = "Read the terms, and tick the box if you accept them: without that there is no place."
    if wrong:
        first = next(iter(wrong))
        raise Invalid(first, wrong[first], wrong)
    questions = frozenset(question.id for question in asked.questions)
    return Filled(answers, questions, asked.terms.id if asked.terms and not accepted else None)


def read_both(form: type[Kind], asked: FormAsked, typed: Typed, accepted: bool = False) -> tuple[Kind, Filled]:
    """A form of ours and the event's own questions below it, with all their mistakes at once. Raises Invalid."""
    wrong: dict[str, str] = {}
    read: Kind | None = None
    filled = Filled({})
    try:
        read = form.read(typed)
    except Invalid as no:
        wrong |= no.fields
    try:
        filled = read_filled(asked, typed, accepted)
    except Invalid as no:
        wrong |= no.fields
    if read is None or wrong:
        first = next(iter(wrong))
        raise Invalid(first, wrong[first], wrong)
    return read, filled


def typed_of(asked: FormAsked, answers: Answers) -> Typed:
    """Answers as a form shows them."""
    typed: Typed = {}
    for question in asked.questions:
        name, words = field_name(question), answers.get(question.id, ())
        if question.kind == AnswerKind.several:
            typed |= {f"{name}-{number}": option for number, option in enumerate(question.options, 1) if option in words}
        elif words:
            typed[name] = words[0]
    return typed


def spoken_answers(asked: FormAsked, answers: Answers) -> Mapping[str, str]:
    """Answers as they are read: by label."""
    said = {}
    for question in asked.questions:
        words = answers.get(question.id, ())
        if question.kind == AnswerKind.country:
            words = [_COUNTRIES.get(word, word) for word in words]
        elif question.kind == AnswerKind.yes_no:
            words = [dict(YES_NO).get(word, word) for word in words]
        said[question.label] = ", ".join(words)
    return said


def _read(question: RegistrationQuestion, typed: Typed) -> list[str]:
    name = field_name(question)
    if question.kind == AnswerKind.several:
        ticked = {typed.get(f"{name}-{number}") for number in range(1, len(question.options) + 1)}
        return [option for option in question.options if option in ticked]
    said = typed.get(name, "").strip()
    if not said:
        return []
    match question.kind:
        case AnswerKind.short_text | AnswerKind.long_text:
            return [_text(name, said, LONG if question.kind == AnswerKind.long_text else SHORT)]
        case AnswerKind.number:
            return [_number(name, said)]
        case AnswerKind.country:
            return [_one_of(name, said, _COUNTRIES)]
        case AnswerKind.yes_no:
            return [_one_of(name, said, dict(YES_NO))]
    return [_one_of(name, said, {option: option for option in question.options})]


def _text(name: str, said: str, most: int) -> str:
    if len(said) > most:
        raise Invalid(name, f"This is too long: use at most {most} characters.")
    return said if most == LONG else " ".join(said.split())


def _number(name: str, said: str) -> str:
    if not (said.isascii() and said.isdigit() and len(said) < 10 and int(said) <= MOST):
        raise Invalid(name, f"Enter a whole number from 0 to {MOST}, in digits.")
    return str(int(said))


def _one_of(name: str, said: str, options: Mapping[str, str]) -> str:
    if said not in options:
        raise Invalid(name, "Choose one of the choices given.")
    return said


def _asks(question: RegistrationQuestion) -> str:
    match question.kind:
        case AnswerKind.one_choice | AnswerKind.yes_no | AnswerKind.country:
            return f"Choose an answer: {question.label}"
        case AnswerKind.several:
            return f"Tick at least one: {question.label}"
    return f"Fill this in: {question.label}"
