"""Eligibility as facts, computed from answers (pure): said to the applicant and to the panel. They reject nobody: a person decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from conference.calls.checking import day_of
from conference.calls.definition import Definition, Fact, FactRule, Question, QuestionKind
from conference.calls.tables import Call
from conference.calls.words import pounds
from conference.people.countries import COUNTRY_NAMES
from conference.times import long_date


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact. `holds` is None where the answer does not tell."""

    title: str
    holds: bool | None
    words: str  # "2019–2025: 5 full years"

    @property
    def spoken(self) -> str:
        """`Three years: yes, 2019–2025, 5 full years`"""
        verdict = {True: "yes", False: "no", None: "not known"}[self.holds]
        return f"{self.title}: {verdict}" + (f", {self.words}" if self.words else "")


def findings(definition: Definition, answers: Mapping[str, Any], *, deadline: date, first_day: date | None) -> tuple[Finding, ...]:
    """`deadline` and the event's `first_day` are days on the call's own clock."""
    return tuple(
        Finding(question.fact.title, *_look(question, question.fact, answers.get(question.key), deadline, first_day or deadline))
        for question in definition.questions
        if question.fact
    )


def deadline_day(call: Call, otherwise: datetime) -> date:
    """The day of the deadline on the call's own clock."""
    return (call.deadline_at or otherwise).astimezone(ZoneInfo(call.zone)).date()


def full_years(since: date, until: date) -> int:
    """Somebody born on 29 February is a year older on 1 March."""
    return until.year - since.year - ((until.month, until.day) < (since.month, since.day))


def _look(question: Question, fact: Fact, answer: Any, deadline: date, first_day: date) -> tuple[bool | None, str]:
    match fact.rule:
        case FactRule.years_since:
            return _years_since(fact.value or 0, answer, deadline)
        case FactRule.age_at:
            return _age_at(fact.value or 0, answer, first_day)
        case FactRule.at_least:
            known = isinstance(answer, int) and not isinstance(answer, bool)
            words = pounds(answer) if known and question.kind == QuestionKind.money else str(answer)
            return (answer >= (fact.value or 0), words) if known else (None, "")
        case FactRule.not_country:
            name = COUNTRY_NAMES.get(str(answer), "")
            return (answer not in fact.values, name) if name else (None, "")
        case FactRule.one_of:
            return (answer in fact.values, str(answer)) if isinstance(answer, str) and answer else (None, "")
        case FactRule.agreed:
            return answer is True, "agreed" if answer is True else "not agreed"


def _years_since(least: int, answer: Any, deadline: date) -> tuple[bool | None, str]:
    since = day_of(answer)
    if since is None:
        return None, ""
    if since > deadline:
        return False, f"{since.year} is still to come"
    years = full_years(since, deadline)
    return years >= least, f"{since.year}–{deadline.year}, {years} full year{'' if years == 1 else 's'}"


def _age_at(least: int, answer: Any, first_day: date) -> tuple[bool | None, str]:
    born = day_of(answer)
    if born is None or born > first_day:
        return None, ""
    return full_years(born, first_day) >= least, f"{full_years(born, first_day)} on {long_date(first_day).partition(' ')[2]}"
