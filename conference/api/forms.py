"""What somebody types who makes a token."""

from datetime import timedelta
from typing import ClassVar

from pydantic import field_validator

from conference.api.rules import LASTING, Scope
from conference.errors import Invalid
from conference.web.forms import Form, Typed

NO_SCOPE = "Choose at least one thing that the token may read."


class TokenForm(Form):
    asks: ClassVar[dict[str, str]] = {"name": "Enter a name by which you will know this token.", "lasts": "Choose how long it works."}
    name: str
    lasts: str

    @field_validator("name")
    @classmethod
    def _is_a_name(cls, typed: str) -> str:
        name = " ".join("".join(letter for letter in typed if letter.isprintable()).split())
        if not name:
            raise ValueError(cls.asks["name"])
        if len(name) > 80:
            raise ValueError("This name is too long: use at most 80 characters.")
        return name

    @field_validator("lasts")
    @classmethod
    def _is_offered(cls, days: str) -> str:
        if days not in LASTING:
            raise ValueError(cls.asks["lasts"])
        return days

    @property
    def length(self) -> timedelta:
        return LASTING[self.lasts]


def read_token_form(typed: Typed) -> tuple[TokenForm, list[Scope]]:
    """The form and the scopes that were ticked. Raises Invalid with a sentence for each field that needs another look."""
    scopes = [scope for scope in Scope if f"scope-{scope.value}" in typed]
    wrong: dict[str, str] = {}
    try:
        form = TokenForm.read(typed)
    except Invalid as invalid:
        wrong = invalid.fields
    if not scopes:
        wrong = {**wrong, f"scope-{Scope.profile.value}": NO_SCOPE}
    if wrong:
        first = next(iter(wrong))
        raise Invalid(first, wrong[first], wrong)
    return form, scopes
