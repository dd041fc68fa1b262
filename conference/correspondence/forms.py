"""What people type about their mail: what they want, in which language its dates are; what organisers write to many."""

from datetime import date, datetime, time
from typing import ClassVar

from babel.core import Locale
from pydantic import field_validator

from conference.errors import Invalid
from conference.people.rules import clean_email, clean_name
from conference.times import local_instant
from conference.web.forms import Form

_CODES = (
    "ar am bg bn ca cs cy da de el en es et fa fi fr ga ha he hi hr hu hy id is it ja ka km ko lt lv mk mn ms my nb ne nl pl pt ro ru "
    "rw si sk sl so sq sr sv sw ta te th tr uk ur uz vi yo zh zu"
)
LANGUAGES: tuple[tuple[str, str], ...] = tuple(
    sorted(((code, str(Locale(code).english_name)) for code in _CODES.split()), key=lambda pair: pair[1])
)
MAX_BODY = 8_000


class LanguageForm(Form):
    asks: ClassVar[dict[str, str]] = {"language": "Choose a language from the list."}
    language: str

    @field_validator("language")
    @classmethod
    def _is_known(cls, code: str) -> str:
        if code not in dict(LANGUAGES):
            raise ValueError("Choose a language from the list.")
        return code


class SenderForm(Form):
    name: str = ""
    reply_to: str = ""

    @field_validator("name")
    @classmethod
    def _is_a_name(cls, typed: str) -> str:
        try:
            name = clean_name(typed) if typed else ""
        except Invalid as wrong:
            raise ValueError(wrong.sentence) from wrong
        if len(name) > 80:
            raise ValueError("This name is too long: use at most 80 characters.")
        return name

    @field_validator("reply_to")
    @classmethod
    def _can_arrive(cls, typed: str) -> str:
        try:
            return clean_email(typed) if typed else ""
        except Invalid as wrong:
            raise ValueError(wrong.sentence) from wrong


class CircularForm(Form):
    asks: ClassVar[dict[str, str]] = {
        "subject": "Enter what the mail is about.",
        "body": "Write what you have to say.",
        "audience": "Choose who gets this mail.",
    }
    subject: str
    body: str
    audience: str

    @field_validator("subject")
    @classmethod
    def _is_one_line(cls, typed: str) -> str:
        said = " ".join(typed.split())
        if not said:
            raise ValueError(cls.asks["subject"])
        if len(said) > 150:
            raise ValueError("This is too long: use at most 150 characters.")
        return said

    @field_validator("body")
    @classmethod
    def _fits(cls, typed: str) -> str:
        if not typed:
            raise ValueError(cls.asks["body"])
        if len(typed) > MAX_BODY:
            raise ValueError(f"This is too long: use at most {MAX_BODY} characters.")
        return typed


class GoForm(Form):
    """When an approved mail goes: at once, or at a time on the event's clock."""

    asks: ClassVar[dict[str, str]] = {
        "when": "Choose when the mail goes.",
        "day": "Enter the day as year-month-day, such as 2021-06-20.",
        "clock": "Enter a time on the 24-hour clock, such as 09:30.",
    }
    when: str
    day: date | None = None
    clock: time | None = None

    @field_validator("when")
    @classmethod
    def _is_a_choice(cls, typed: str) -> str:
        if typed not in ("now", "later"):
            raise ValueError("Choose when the mail goes.")
        return typed

    def goes_at(self, zone: str, now: datetime) -> datetime:
        """Raises Invalid where the day or the time is missing, or never happens in this zone."""
        if self.when == "now":
            return now
        missing = {name: self.asks[name] for name in ("day", "clock") if getattr(self, name) is None}
        if missing or self.day is None or self.clock is None:
            raise Invalid(next(iter(missing)), next(iter(missing.values())), missing)
        return local_instant(datetime.combine(self.day, self.clock), zone, where="clock")
