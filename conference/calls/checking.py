"""What is missing in answers, or can't be right (pure). Answers are JSON as `definition.QuestionKind` says; as typed where that fails."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from conference.calls.counting import words_in
from conference.calls.definition import Definition, Part, Question, QuestionKind
from conference.calls.words import pounds
from conference.errors import Invalid
from conference.people.countries import COUNTRY_NAMES
from conference.people.rules import clean_email, clean_name, email_key

SHORT, LONG = 500, 20_000  # characters
MOST_ROWS = 10  # partners, where a call does not say
Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one part is."""

    part: Part
    required: int
    answered: int  # of these
    wrong: int  # answers that can't be right

    @property
    def is_whole(self) -> bool:
        return self.answered == self.required and not self.wrong

    @property
    def words(self) -> str:
        """`3 of 4 answered, 1 to look at`"""
        if self.is_whole:
            return "Complete"
        return f"{self.answered} of {self.required} answered" + (f", {self.wrong} to look at" if self.wrong else "")


def is_empty(answer: Any) -> bool:
    return answer is None or answer is False or answer in ("", [], {})


def progress(part: Part, answers: Answers) -> Progress:
    asked = [question for question in part.questions if question.required]
    answered = sum(not is_empty(answers.get(question.key)) for question in asked)
    return Progress(part, len(asked), answered, len(wrong_in(part, answers)))


def wrong_in(part: Part, answers: Answers) -> dict[str, str]:
    """What was answered and can't be right: question key, sentence."""
    found = {
        question.key: _wrong(question, answers[question.key]) for question in part.questions if not is_empty(answers.get(question.key))
    }
    return {key: sentence for key, sentence in found.items() if sentence}


def lacks_in(part: Part, answers: Answers) -> dict[str, str]:
    """The same, with what is required and not there yet."""
    wrong = wrong_in(part, answers)
    missing = {question.key: _asks(question) for question in part.questions if question.required and is_empty(answers.get(question.key))}
    return {question.key: said for question in part.questions if (said := wrong.get(question.key) or missing.get(question.key))}


def lacks(definition: Definition, answers: Answers) -> dict[str, str]:
    """Of all parts, in their order: empty, and it can be sent."""
    return {key: said for part in definition.parts for key, said in lacks_in(part, answers).items()}


def _asks(question: Question) -> str:
    match question.kind:
        case QuestionKind.choice | QuestionKind.country:
            return f"Choose an answer: {question.label}"
        case QuestionKind.several:
            return f"Tick at least one: {question.label}"
        case QuestionKind.consent:
            return f"Tick the box if you agree: {question.label}"
        case QuestionKind.file:
            return f"Add a file: {question.label}"
    return f"Fill this in: {question.label}"


def _wrong(question: Question, answer: Any) -> str:
    """A sentence; empty where the answer can stand."""
    return _CHECKS[question.kind](question, answer)


def day_of(answer: Any) -> date | None:
    try:
        return date.fromisoformat(answer) if isinstance(answer, str) and len(answer) == 10 else None
    except ValueError:
        return None


def _wrong_text(question: Question, answer: Any) -> str:
    if not isinstance(answer, str):
        return "Type this again."
    most = SHORT if question.kind == QuestionKind.short_text else LONG
    if len(answer) > most:
        return f"This is too long: use at most {most:,} characters."
    count = words_in(answer)
    return f"This has {count} words: use at most {question.words}." if question.words and count > question.words else ""


def _is_number(answer: Any) -> bool:
    return isinstance(answer, int) and not isinstance(answer, bool)


def _wrong_number(question: Question, answer: Any) -> str:
    if not _is_number(answer):
        return "Enter a whole number, in digits."
    return _out_of(question, answer, str)


def _wrong_money(question: Question, answer: Any) -> str:
    if not _is_number(answer):
        return "Enter an amount in pounds, like 7500 or 7500.50."
    return _out_of(question, answer, pounds)


def _out_of(question: Question, answer: int, spoken: Any) -> str:
    if question.least is not None and answer < question.least:
        return f"This is at least {spoken(question.least)}."
    if question.most is not None and answer > question.most:
        return f"This is at most {spoken(question.most)}."
    return ""


def most_people(question: Question) -> int:
    """How many one may name."""
    many = question.many and question.kind == QuestionKind.partner
    return (question.most or MOST_ROWS) if many else 1


def people_named(question: Question, answer: Any) -> list[dict[str, str]]:
    """A referee and partners alike, as a list."""
    rows = answer if isinstance(answer, list) else [answer] if isinstance(answer, dict) else []
    return [{name: str(row.get(name, "")) for name in ("name", "organisation", "email")} for row in rows if isinstance(row, dict)]


def _wrong_people(question: Question, answer: Any) -> str:
    rows = people_named(question, answer)
    if len(rows) > (most := most_people(question)):
        return f"Name at most {most}."
    if question.least and question.kind == QuestionKind.partner and len(rows) < question.least:
        return f"Name at least {question.least}."
    keys = set()
    for row in rows:
        try:
            clean_name(row["name"])
            keys.add(email_key(clean_email(row["email"])))
        except Invalid as no:
            return f"{row['name'] or row['email'] or 'One of them'}: {no.sentence[0].lower()}{no.sentence[1:]}"
        if len(row["organisation"]) > 200:
            return f"{row['name']}: use at most 200 characters for the organisation."
    return "" if len(keys) == len(rows) else "Two of them have the same e-mail address: each is asked there."


def _wrong_choice(question: Question, answer: Any) -> str:
    return "" if answer in question.options else "Choose one of the choices given."


def _wrong_ticks(question: Question, answer: Any) -> str:
    return "" if isinstance(answer, list) and all(one in question.options for one in answer) else "Tick what is offered here."


def _wrong_date(_question: Question, answer: Any) -> str:
    return "" if day_of(answer) else "Enter a date as year, month and day, like 2015-03-31."


def _wrong_country(_question: Question, answer: Any) -> str:
    return "" if isinstance(answer, str) and answer in COUNTRY_NAMES else "Choose a country from the list."


def _wrong_file(_question: Question, answer: Any) -> str:
    return "" if isinstance(answer, str) else "Add the file again."


def _wrong_consent(_question: Question, answer: Any) -> str:
    return "" if answer is True else "Tick the box, or leave it."


_CHECKS: Mapping[QuestionKind, Callable[[Question, Any], str]] = {
    QuestionKind.short_text: _wrong_text,
    QuestionKind.long_text: _wrong_text,
    QuestionKind.choice: _wrong_choice,
    QuestionKind.several: _wrong_ticks,
    QuestionKind.date: _wrong_date,
    QuestionKind.number: _wrong_number,
    QuestionKind.money: _wrong_money,
    QuestionKind.country: _wrong_country,
    QuestionKind.file: _wrong_file,
    QuestionKind.consent: _wrong_consent,
    QuestionKind.partner: _wrong_people,
    QuestionKind.referee: _wrong_people,
}
