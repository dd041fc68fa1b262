"""Answers as people read them (pure); for a blind panel without what tells who applies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale

from conference.calls.blinding import Identity, redacted
from conference.calls.definition import Definition, Part, Question, QuestionKind
from conference.times import long_date

NAMING = (QuestionKind.partner, QuestionKind.referee)  # answers that are people
WRITTEN = (QuestionKind.short_text, QuestionKind.long_text, QuestionKind.choice, QuestionKind.several)
_COUNTRIES = Locale("en").territories
UNANSWERED = "Not answered"
NOT_SHOWN = "Not shown to the panel"


@dataclass(frozen=True, slots=True)
class AnswerShown:
    key: str
    label: str
    text: str
    hidden: bool  # the whole answer
    is_file: bool
    long: bool


@dataclass(frozen=True, slots=True)
class PartShown:
    title: str
    answers: tuple[AnswerShown, ...]


def parts_shown(definition: Definition, answers: Mapping[str, Any], identity: Identity | None) -> tuple[PartShown, ...]:
    """`identity`: of the applicant, where the panel is blind; nothing of it is left."""
    return tuple(_part(part, answers, identity) for part in definition.parts)


def identifies(question: Question) -> bool:
    return question.identifies or question.kind in NAMING


def _part(part: Part, answers: Mapping[str, Any], identity: Identity | None) -> PartShown:
    return PartShown(part.title, tuple(_shown(question, answers.get(question.key), identity) for question in part.questions))


def _shown(question: Question, answer: Any, identity: Identity | None) -> AnswerShown:
    hidden = identity is not None and identifies(question)
    words = NOT_SHOWN if hidden else words_of(question, answer)
    if identity and not hidden and question.kind in WRITTEN:
        words = redacted(words, identity)
    is_file = question.kind is QuestionKind.file and bool(answer) and not hidden
    return AnswerShown(question.key, question.label, words, hidden, is_file, question.kind is QuestionKind.long_text and not hidden)


def words_of(question: Question, answer: Any) -> str:
    """One answer, whole."""
    if answer in (None, "", [], {}):
        return UNANSWERED
    match question.kind:
        case QuestionKind.date:
            return _date(answer)
        case QuestionKind.money:
            return f"£{int(answer) // 100:,}.{int(answer) % 100:02}"
        case QuestionKind.country:
            return str(_COUNTRIES.get(str(answer), answer))
        case QuestionKind.file:
            return "A file"  # its name may tell who sent it
        case QuestionKind.consent:
            return "Yes" if answer else "No"
        case QuestionKind.several:
            return ", ".join(str(each) for each in answer)
        case QuestionKind.partner | QuestionKind.referee:
            named = answer if isinstance(answer, list) else [answer]
            return "; ".join(", ".join(str(each[key]) for key in ("name", "organisation", "email") if each.get(key)) for each in named)
    return str(answer)


def _date(answer: Any) -> str:
    try:
        return long_date(date.fromisoformat(str(answer))).partition(" ")[2]  # no day of the week: it says nothing of a birthday
    except ValueError:
        return str(answer)
