"""What is typed about offers: answers and reasons, another day, money, what a passport says."""

import re
from datetime import date
from typing import ClassVar

from pydantic import Field, field_validator

from conference.calls.sealing import Details
from conference.errors import Invalid
from conference.people.forms import COUNTRIES
from conference.programme.forms import Day
from conference.web.forms import Form, Typed, checked

MOST_PENCE = 100_000_000


class TakeForm(Form):
    terms: str = ""

    @property
    def accepts(self) -> bool:
        return checked(self.terms)


class WordForm(Form):
    word: str = Field(default="", max_length=1000)


class ReasonForm(Form):
    asks: ClassVar[dict[str, str]] = {"reason": "Say why: the person reads it."}
    reason: str = Field(min_length=1, max_length=1000)


class DayForm(Form):
    asks: ClassVar[dict[str, str]] = {"day": "Choose the last day on which the offer can be answered."}
    day: Day


class AmountForm(Form):
    """Pounds, with pence or without; empty where a call gives no amounts."""

    amount: str = ""

    @property
    def pence(self) -> int | None:
        typed = self.amount.replace(",", "").removeprefix("GBP").removeprefix("£").strip()
        if not typed:
            return None
        pounds, _, rest = typed.partition(".")
        if not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{2})?", typed):
            raise Invalid("amount", "Enter an amount in pounds, such as 500 or 500.50.")
        if not 0 < (pence := int(pounds) * 100 + int(rest or 0)) <= MOST_PENCE:
            raise Invalid("amount", "Enter an amount in pounds, such as 500 or 500.50.")
        return pence


class FeedbackForm(Form):
    asks: ClassVar[dict[str, str]] = {"answer": "Write the feedback."}
    answer: str = Field(min_length=1, max_length=8000)


class NeedForm(Form):
    asks: ClassVar[dict[str, str]] = {"needed": "Say whether you need a letter."}
    needed: str = Field(pattern="^(yes|no)$")


class PassportForm(Form):
    asks: ClassVar[dict[str, str]] = {
        "full_name": "Enter your name as it stands in your passport.",
        "number": "Enter the passport’s number.",
        "nationality": "Choose your nationality.",
        "born": "Enter your date of birth.",
        "expires": "Enter the day on which the passport expires.",
    }
    full_name: str = Field(min_length=1, max_length=200)
    number: str = Field(min_length=3, max_length=40)
    nationality: str
    born: date
    expires: date

    @field_validator("nationality")
    @classmethod
    def _is_a_country(cls, code: str) -> str:
        if code not in dict(COUNTRIES):
            raise ValueError("Choose your nationality.")
        return code


def read_letter_form(typed: Typed) -> Details | None:
    """What the passport says; None where no letter is needed. Raises Invalid."""
    if NeedForm.read(typed).needed == "no":
        return None
    form = PassportForm.read(typed)
    if form.expires <= form.born:
        raise Invalid("expires", "A passport expires after its holder was born.")
    return {name: str(value) for name, value in form.model_dump().items()}
