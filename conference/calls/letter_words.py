"""The letters of a call: its own texts, with a few facts filled in as plain data (pure)."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from conference.calls.definition import Definition, Letters
from conference.times import city_of, long_date, zone_named

HOLE = re.compile(r"\{(name|title|reference|respond_by|amount)\}")
PLAIN = Letters(
    received="Thank you: what you sent to {title} has arrived. Its reference is {reference}.",
    accepted="We are glad to tell you that your submission {reference} to {title} was successful.",
    reserve="Your submission {reference} to {title} is on the reserve list. We write to you if its turn comes.",
    rejected="Thank you for your submission {reference} to {title}. We are sorry to tell you that it was not successful this time.",
)


def filled(text: str, facts: Mapping[str, str]) -> str:
    """One pass: what stands in a fact is never read as a hole, and what is no hole of ours stays as it was written."""
    return HOLE.sub(lambda hole: facts.get(hole[1], ""), text)


def letters_of(definition: Definition) -> Letters:
    """The call's own, or plain ones."""
    return definition.letters or PLAIN


def respond_words(definition: Definition, told_at: datetime, zone: str) -> str:
    """`the end of Friday 11 April 2025 in London`: until when an offer that is told now may be accepted."""
    day = told_at.astimezone(zone_named(zone)).date() + timedelta(days=definition.after.answer_days)
    return f"the end of {long_date(day)} in {city_of(zone)}"


def reference_of(slug: str, number: int) -> str:
    """`ILLP-2025-0042`"""
    return f"{slug.upper()}-{number:04}"
