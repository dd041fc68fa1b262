"""What takes names out of a text that a blind panel reads (pure): as far as they are written as on the form; anything else stays."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from conference.calls.definition import Definition, QuestionKind
from conference.people.tables import Person
from conference.storage.personal import SHORT, TAKEN_OUT, Whom

Hide = Callable[[str], str]
NAMED = (QuestionKind.partner, QuestionKind.referee)
_TEXTS = (QuestionKind.short_text, QuestionKind.long_text)
LONGEST = 120  # characters: a longer answer is a text, not a name


def hide_of(person: Person, definition: Definition, answers: dict[str, Any]) -> Hide:
    """For one submission: names of people with their parts, addresses; institutions as wholes (their parts are words)."""
    people, addresses, wholes = {person.name}, {person.email.casefold()}, {person.organisation}
    for question in definition.questions:
        answer = answers.get(question.key)
        if question.kind in NAMED:
            for named in _people_in(answer):
                people.add(str(named.get("name") or ""))
                addresses.add(str(named.get("email") or "").casefold())
                wholes.add(str(named.get("organisation") or ""))
        elif question.identifies and question.kind in _TEXTS and isinstance(answer, str) and len(answer) <= LONGEST:
            wholes.add(answer.strip())
    whom = Whom(UUID(int=0), frozenset(addresses - {""}), frozenset(people - {""}))
    phrases = _phrases(wholes)

    def hide(text: str) -> str:
        return whom.without(phrases.sub(TAKEN_OUT, text) if phrases else text)

    return hide


def _people_in(answer: Any) -> list[dict[str, Any]]:
    found = answer if isinstance(answer, list) else [answer]
    return [each for each in found if isinstance(each, dict)]


def _phrases(wholes: Iterable[str]) -> re.Pattern[str] | None:
    """The longest first; white space in any form."""
    known = sorted((each for each in wholes if len(each) >= SHORT), key=len, reverse=True)
    either = "|".join(r"\s+".join(re.escape(word) for word in each.split()) for each in known)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE) if either else None
