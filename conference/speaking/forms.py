"""What speakers type about themselves and their talks, and organisers about speakers."""

from datetime import datetime, timedelta
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from conference.errors import Invalid
from conference.people.forms import EmailForm, NameAndEmailForm
from conference.programme.forms import Clock, Day
from conference.speaking.rules import MAX_ABSTRACT, MAX_BIOGRAPHY, MAX_LINKS, check_address
from conference.speaking.tables import Audience, ShownFrom
from conference.times import local_instant, zone_named
from conference.web.forms import Form, Typed, checked

LINKS = tuple(f"link-{number}" for number in range(1, MAX_LINKS + 1))


class AboutForm(Form):
    biography: str = Field(default="", max_length=MAX_BIOGRAPHY)
    pronouns: str = Field(default="", max_length=60)
    photo_alt: str = Field(default="", max_length=200)

    @field_validator("pronouns", "photo_alt")
    @classmethod
    def _on_one_line(cls, typed: str) -> str:
        return " ".join(typed.split())


def links_from(typed: Typed) -> list[str]:
    """The addresses that were typed, without the empty fields. Raises Invalid with a sentence for each that can't be opened."""
    links: list[str] = []
    wrong: dict[str, str] = {}
    for name in LINKS:
        if address := typed.get(name, "").strip():
            try:
                links.append(check_address(address, name))
            except Invalid as no:
                wrong |= no.fields
    if wrong:
        first = next(iter(wrong))
        raise Invalid(first, wrong[first], wrong)
    return links


class TimeForm(Form):
    asks: ClassVar[dict[str, str]] = {"day": "Enter the day.", "starts": "Enter from when.", "ends": "Enter until when."}
    day: Day
    starts: Clock
    ends: Clock
    zone: str  # of the clock that the form named

    def span(self) -> tuple[datetime, datetime]:
        """An end that is not after the start is on the next day. Raises Invalid in an hour that the clocks skip or repeat."""
        zone = zone_named(self.zone).key
        over_midnight = timedelta(days=1) if self.ends <= self.starts else timedelta()
        starts = local_instant(datetime.combine(self.day, self.starts), zone, where="starts")
        return starts, local_instant(datetime.combine(self.day, self.ends) + over_midnight, zone, where="ends")


class TextForm(Form):
    asks: ClassVar[dict[str, str]] = {"title": "Enter a title."}
    title: str
    abstract: str = Field(default="", max_length=MAX_ABSTRACT)
    seen: str = ""

    @field_validator("title")
    @classmethod
    def _is_a_title(cls, typed: str) -> str:
        title = " ".join(typed.split())
        if not any(letter.isprintable() and not letter.isspace() for letter in title):
            raise ValueError("Enter a title.")
        if len(title) > 200:
            raise ValueError("This title is too long: use at most 200 characters.")
        return title


class CoSpeakerForm(NameAndEmailForm):
    asks: ClassVar[dict[str, str]] = {"name": "Enter their name.", "email": "Enter their e-mail address."}
    word: str = Field(default="", max_length=500)


class ResourceForm(Form):
    asks: ClassVar[dict[str, str]] = {
        "what": "Enter what this is, such as Slides.",
        "audience": "Choose who may have it.",
        "shown_from": "Choose from when.",
    }
    what: str = Field(max_length=200)
    url: str = ""
    audience: Audience
    shown_from: ShownFrom

    @field_validator("what")
    @classmethod
    def _says_what(cls, typed: str) -> str:
        said = " ".join("".join(letter for letter in typed if letter.isprintable()).split())
        if not said:
            raise ValueError(cls.asks["what"])
        return said


class InviteForm(EmailForm):
    word: str = Field(default="", max_length=1000)


class NewSpeakerForm(NameAndEmailForm):
    asks: ClassVar[dict[str, str]] = {"name": "Enter the speaker’s name.", "email": "Enter the speaker’s e-mail address."}
    organisation: str = Field(default="", max_length=200)
    session: str = ""
    word: str = Field(default="", max_length=1000)


class DeclineForm(Form):
    word: str = Field(default="", max_length=500)


class DecisionForm(Form):
    asks: ClassVar[dict[str, str]] = {"decision": "Choose whether to accept it."}
    decision: Literal["accept", "decline"]
    reason: str = Field(default="", max_length=500)
    release: bool = False
    seen: str = ""

    @field_validator("release", mode="before")
    @classmethod
    def _is_ticked(cls, typed: object) -> bool:
        return checked(typed)
