"""Facts about who may apply, word counts, letters: what is computed from answers, without a database."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from conference.calls.applying_rules import is_late
from conference.calls.checking import lacks
from conference.calls.counting import words_in
from conference.calls.definition import Definition
from conference.calls.facts import deadline_day, findings
from conference.calls.tables import Call, CallKind, CallState
from conference.papers.rules import filled
from tests.calls.cast import DEADLINE, DEFINITION

BORN = {"key": "born", "label": "Born", "kind": "date", "fact": {"title": "18 or over", "rule": "age_at", "value": 18}}
YEARS = {"key": "since", "label": "Since", "kind": "date", "fact": {"title": "Three years", "rule": "years_since", "value": 3}}
STAFF = {"key": "staff", "label": "Staff", "kind": "number", "fact": {"title": "Big enough", "rule": "at_least", "value": 3}}
AGREED = {"key": "ok", "label": "OK", "kind": "consent", "fact": {"title": "Agrees", "rule": "agreed"}}
KIND = {"key": "k", "label": "K", "kind": "choice", "options": ["A", "B"], "fact": {"title": "Kind", "rule": "one_of", "values": ["A"]}}


def found(question: dict[str, Any], answer: Any) -> str:
    definition = Definition.model_validate(DEFINITION | {"parts": [{"key": "p", "title": "P", "questions": [question]}]})
    answers = {question["key"]: answer}
    [finding] = findings(definition, answers, deadline=date(2025, 2, 6), first_day=date(2025, 7, 9))
    return finding.spoken


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        (YEARS, "2019-03-01", "Three years: yes, 2019–2025, 5 full years"),
        (YEARS, "2022-02-06", "Three years: yes, 2022–2025, 3 full years"),
        (YEARS, "2022-02-07", "Three years: no, 2022–2025, 2 full years"),
        (YEARS, "2026-01-01", "Three years: no, 2026 is still to come"),
        (YEARS, "some time ago", "Three years: not known"),
        (BORN, "2007-07-09", "18 or over: yes, 18 on 9 July 2025"),
        (BORN, "2007-07-10", "18 or over: no, 17 on 9 July 2025"),
        (BORN, None, "18 or over: not known"),
        (STAFF, 3, "Big enough: yes, 3"),
        (STAFF, 0, "Big enough: no, 0"),
        (AGREED, True, "Agrees: yes, agreed"),
        (AGREED, None, "Agrees: no, not agreed"),
        (KIND, "B", "Kind: no, B"),
    ],
)
def test_facts_are_said_with_what_they_stand_on(question: dict[str, Any], answer: Any, said: str) -> None:
    assert found(question, answer) == said


def test_what_is_missing_is_said_question_by_question() -> None:
    definition = Definition.model_validate(DEFINITION)
    assert lacks(definition, {"name": "L", "country": "XX", "since": "2015-03-01", "issue": "w " * 51, "gone": "x"}) == {
        "institution": "Fill this in: Your institution",
        "country": "Choose a country from the list.",
        "issue": "This has 51 words: use at most 50.",
    }


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("one  two\nthree", 3), ("a – b", 2), ("don’t stop", 2), ("図書館 and 도서관", 5), ("مكتبة عامة", 2)]
)
def test_words_are_counted_in_any_script(text: str, count: int) -> None:
    assert words_in(text) == count


def test_a_letter_takes_names_as_they_are() -> None:
    assert filled("Dear {name}, {unknown} {", {"name": "{reference}", "reference": "X"}) == "Dear {reference}, {unknown} {"


def test_late_is_the_instant_itself_and_whatever_comes_after_organisers_closed_early() -> None:
    call = Call(
        slug="c", kind=CallKind.place, state=CallState.open, title="C", zone="Europe/London", deadline_at=DEADLINE, made_at=DEADLINE
    )
    before = datetime(2021, 2, 4, 11, 59, 59, 999_999, tzinfo=UTC)
    assert (is_late(call, before, before), is_late(call, DEADLINE, DEADLINE)) == (False, True)
    call.state = CallState.closed
    assert (is_late(call, before, before), is_late(call, before, DEADLINE)) == (True, False)
    call.zone = "Pacific/Auckland"
    assert deadline_day(call, DEADLINE) == date(2021, 2, 5)
