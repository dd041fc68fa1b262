"""Answers between the form and the draft (pure): what was typed as JSON, JSON as the form shows it, and as people read it."""

import re
from collections.abc import Mapping
from typing import Any

from conference.calls.checking import day_of, most_people, people_named
from conference.calls.definition import Definition, Part, Question, QuestionKind
from conference.calls.words import pounds
from conference.people.countries import COUNTRY_NAMES
from conference.times import long_date

PERSON = ("name", "organisation", "email")
SPARE_ROWS = 2  # empty ones below those that are filled in
_POUNDS = re.compile(r"£? ?([0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.([0-9]{2}))?")
Typed = dict[str, str]
Shown = tuple[tuple[str, tuple[tuple[Question, str], ...]], ...]  # parts, questions and their answers as they are read


def field_name(question: Question) -> str:
    return f"a-{question.key}"


def read_part(part: Part, typed: Mapping[str, str]) -> dict[str, Any]:
    """Everything that a part's form holds; files have a form of their own. What can't be read is kept as it was typed."""
    return {question.key: _read(question, typed) for question in part.questions if question.kind != QuestionKind.file}


def typed_of(part: Part, answers: Mapping[str, Any]) -> Typed:
    """Answers as the part's form shows them."""
    typed: Typed = {}
    for question in part.questions:
        typed |= _typed(question, answers.get(question.key))
    return typed


def rows_shown(question: Question, answer: Any, extra: int = 0) -> int:
    """How many partners there is room for on the page."""
    return min(most_people(question), len(people_named(question, answer)) + SPARE_ROWS + extra)


def spoken(question: Question, answer: Any) -> str:
    """One answer as it is read. Several lines where there are several people."""
    if answer is None or answer in ("", []):
        return ""
    match question.kind:
        case QuestionKind.several if isinstance(answer, list):
            return ", ".join(map(str, answer))
        case QuestionKind.date if day := day_of(answer):
            return long_date(day).partition(" ")[2]
        case QuestionKind.money if isinstance(answer, int):
            return pounds(answer)
        case QuestionKind.number if isinstance(answer, int):
            return f"{answer:,}"
        case QuestionKind.country:
            return COUNTRY_NAMES.get(str(answer), str(answer))
        case QuestionKind.consent:
            return "Yes" if answer is True else "No"
        case QuestionKind.file:
            return "A file"
        case QuestionKind.partner | QuestionKind.referee:
            return "\n".join(", ".join(row[name] for name in PERSON if row[name]) for row in people_named(question, answer))
    return str(answer)


def spoken_parts(definition: Definition, answers: Mapping[str, Any]) -> Shown:
    """All of it, part by part."""
    return tuple(
        (part.title, tuple((question, spoken(question, answers.get(question.key))) for question in part.questions))
        for part in definition.parts
    )


def _read(question: Question, typed: Mapping[str, str]) -> Any:
    name = field_name(question)
    said = typed.get(name, "").strip()
    match question.kind:
        case QuestionKind.several:
            ticked = {typed.get(f"{name}-{number}") for number in range(1, len(question.options) + 1)}
            return [option for option in question.options if option in ticked]
        case QuestionKind.consent:
            return said == "yes"
        case QuestionKind.partner:
            rows = [_read_person(f"{name}-{row}", typed) for row in range(1, most_people(question) + 1)]
            return [row for row in rows if row]
        case QuestionKind.referee:
            return _read_person(f"{name}-1", typed)
        case QuestionKind.number:
            plain = said.replace(",", "").replace(" ", "")
            return int(plain) if re.fullmatch(r"-?[0-9]{1,9}", plain) else said
        case QuestionKind.money:
            found = _POUNDS.fullmatch(said)
            return int(found[1].replace(",", "")) * 100 + int(found[2] or 0) if found else said
        case QuestionKind.short_text:
            return " ".join(said.split())
    return said


def _read_person(prefix: str, typed: Mapping[str, str]) -> dict[str, str]:
    row = {each: " ".join(typed.get(f"{prefix}-{each}", "").split()) for each in PERSON}
    return row if any(row.values()) else {}


def _typed(question: Question, answer: Any) -> Typed:
    name = field_name(question)
    match question.kind:
        case QuestionKind.several:
            return {f"{name}-{number}": option for number, option in enumerate(question.options, 1) if option in (answer or ())}
        case QuestionKind.consent:
            return {name: "yes"} if answer is True else {}
        case QuestionKind.partner | QuestionKind.referee:
            rows = enumerate(people_named(question, answer), 1)
            return {f"{name}-{number}-{each}": row[each] for number, row in rows for each in PERSON}
        case QuestionKind.money if isinstance(answer, int):
            return {name: f"{answer / 100:.2f}".removesuffix(".00")}
    return {name: "" if answer is None else str(answer)}
