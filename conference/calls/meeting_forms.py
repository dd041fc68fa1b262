"""The forms of a selection meeting, as checked values."""

import re
from typing import ClassVar, Literal

from pydantic import Field

from conference.calls.deciding import Plan
from conference.calls.decision_tables import Verdict
from conference.calls.definition import MOST_PENCE
from conference.errors import Invalid
from conference.web.forms import Form, Typed

MAX_RESERVES = 1000


class ItemForm(Form):
    number: int | None = Field(default=None, ge=1, le=999_999_999)  # None: clear the table


class DecisionForm(Form):
    asks: ClassVar[dict[str, str]] = {"verdict": "Choose what you decide.", "reason": "Say why, in a sentence or two: it is minuted."}
    verdict: Literal["accepted", "reserve", "rejected"]
    reason: str
    amount: str = ""
    feedback: str = ""


class RestForm(Form):
    asks: ClassVar[dict[str, str]] = {"reserves": "Type how many go on the reserve list; 0 for none."}
    reserves: int = 0
    accepted: str = "Above the line by the panel’s scores."
    reserve: str = "Next below the line by the panel’s scores."
    rejected: str = "Below the line by the panel’s scores."
    seen: str = ""


def plan_of(typed: Typed) -> Plan:
    """Raises Invalid."""
    form = DecisionForm.read(typed)
    verdict = Verdict(form.verdict)
    amount = pence_of(form.amount) if verdict is Verdict.accepted and form.amount else None
    return Plan(verdict, form.reason, amount, form.feedback)


def pence_of(words: str) -> int:
    """`7000`, `£7,000`, `1,916.67`. Raises Invalid, for the field `amount`."""
    plain = words.replace("£", "").replace(",", "").replace(" ", "")
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{2})?", plain):
        raise Invalid("amount", "Type an amount in pounds, such as 7,000 or 1,916.67.")
    whole, _, pence = plain.partition(".")
    if (amount := int(whole) * 100 + int(pence or 0)) > MOST_PENCE:
        raise Invalid("amount", "This is more than any call gives.")
    return amount
