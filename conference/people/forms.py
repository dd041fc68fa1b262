"""What people type about themselves."""

from typing import ClassVar

from pydantic import field_validator

from conference.errors import Invalid
from conference.people import countries
from conference.people.rules import clean_email, clean_name
from conference.times import zone_meant
from conference.web.forms import Form

COUNTRIES = countries.COUNTRIES


def _says(check: object, value: str) -> str:
    """A rule's refusal as the sentence of a form's field."""
    try:
        return check(value)  # type: ignore[operator,no-any-return]
    except Invalid as wrong:
        raise ValueError(wrong.sentence) from wrong


class EmailForm(Form):
    asks: ClassVar[dict[str, str]] = {"email": "Enter your e-mail address."}
    email: str

    @field_validator("email")
    @classmethod
    def _can_arrive(cls, typed: str) -> str:
        return _says(clean_email, typed)


class NameForm(Form):
    asks: ClassVar[dict[str, str]] = {"name": "Enter your name."}
    name: str

    @field_validator("name")
    @classmethod
    def _is_a_name(cls, typed: str) -> str:
        return _says(clean_name, typed)


class NameAndEmailForm(EmailForm, NameForm):
    asks: ClassVar[dict[str, str]] = {**NameForm.asks, **EmailForm.asks}


class ProfileForm(Form):
    asks: ClassVar[dict[str, str]] = {"name": "Enter your name."}
    name: str
    country: str = ""
    zone: str = ""
    organisation: str = ""

    @field_validator("name")
    @classmethod
    def _is_a_name(cls, typed: str) -> str:
        return _says(clean_name, typed)

    @field_validator("country")
    @classmethod
    def _is_a_country(cls, code: str) -> str:
        if code and code not in dict(COUNTRIES):
            raise ValueError("Choose a country from the list.")
        return code

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, zone: str) -> str:
        return _says(zone_meant, zone) if zone else ""

    @field_validator("organisation")
    @classmethod
    def _fits(cls, name: str) -> str:
        if len(name) > 200:
            raise ValueError("This is too long: use at most 200 characters.")
        return " ".join(name.split())
