"""What people type to take a place; what organisers type to set how many there are."""

from typing import ClassVar

from pydantic import Field

from conference.people.forms import NameAndEmailForm
from conference.web.forms import Form


class PlaceForm(NameAndEmailForm):
    """Registering without being signed in."""


class SeatsForm(Form):
    asks: ClassVar[dict[str, str]] = {"capacity": "Enter how many seats there are, as a number from 0 to 100000."}
    capacity: int = Field(ge=0, le=100_000)


class GivePlaceForm(NameAndEmailForm):
    """An organiser gives a place to somebody."""
