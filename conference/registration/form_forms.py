"""What organisers type to make a form, and what people type to hand a place on or to take several."""

from datetime import date, datetime, time
from typing import ClassVar

from pydantic import Field, field_validator

from conference.errors import Invalid
from conference.people.forms import NameAndEmailForm
from conference.people.rules import clean_name
from conference.registration.form_rules import WITH_OPTIONS, QuestionPlan
from conference.registration.form_tables import AnswerKind, SeenBy
from conference.times import local_instant
from conference.web.forms import Form, checked

MAX_TERMS = 20_000
MAX_GROUP = 500
KEEP_MOST = 3650  # days


class QuestionForm(Form):
    asks: ClassVar[dict[str, str]] = {
        "label": "Enter the question, as people read it.",
        "kind": "Choose what kind of answer is asked for.",
        "keep_days": f"Enter for how many days after the event the answers are kept: 0 to {KEEP_MOST}.",
        "seen_by": "Choose who reads the answers.",
    }
    label: str = Field(min_length=1, max_length=200)
    help: str = Field(default="", max_length=500)
    kind: AnswerKind
    options: str = ""  # one on each line
    required: str = ""
    keep_days: int = Field(ge=0, le=KEEP_MOST)
    seen_by: SeenBy
    meaning: str = ""  # "new": earlier answers don't answer it

    def plan(self) -> QuestionPlan:
        lines = [" ".join(line.split()) for line in self.options.split("\n")]
        options = tuple(line for line in lines if line) if self.kind in WITH_OPTIONS else ()
        label = " ".join(self.label.split())
        return QuestionPlan(label, self.help, self.kind, options, checked(self.required), self.keep_days, self.seen_by)


class TermsForm(Form):
    terms: str = Field(default="", max_length=MAX_TERMS)


class EligibilityForm(Form):
    asks: ClassVar[dict[str, str]] = {
        "words": "Say who may take part.",
        "reason": "Say why: people ask, and the next organiser will too.",
    }
    words: str = Field(min_length=1, max_length=3000)
    reason: str = Field(min_length=1, max_length=2000)


class ChoicesForm(Form):
    """Days and times are read on the event's clock; a day without a time is its first moment."""

    asks: ClassVar[dict[str, str]] = {
        "group_limit": f"Enter how many places one institution may take: 0 to {MAX_GROUP}.",
        "names_day": "Enter a day.",
        "names_at": "Enter a time, such as 17:00.",
        "transfers_day": "Enter a day.",
        "transfers_at": "Enter a time, such as 17:00.",
    }
    group_limit: int = Field(default=0, ge=0, le=MAX_GROUP)
    names_day: date | None = None
    names_at: time | None = None
    transfers_day: date | None = None
    transfers_at: time | None = None

    def moments(self, zone: str) -> tuple[datetime | None, datetime | None]:
        """Until when places are named, and handed on. Raises Invalid for a time that never happens there."""
        return _moment(self.names_day, self.names_at, zone, "names_at"), _moment(
            self.transfers_day, self.transfers_at, zone, "transfers_at"
        )


class TransferForm(NameAndEmailForm):
    asks: ClassVar[dict[str, str]] = {"name": "Enter your colleague’s name.", "email": "Enter your colleague’s e-mail address."}


class GroupForm(Form):
    asks: ClassVar[dict[str, str]] = {
        "institution": "Enter the name of your institution.",
        "places": "Enter how many places you need, as a number.",
    }
    institution: str = Field(min_length=1, max_length=200)
    places: int = Field(ge=1, le=MAX_GROUP)

    @field_validator("institution")
    @classmethod
    def _is_a_name(cls, typed: str) -> str:
        """It stands in mails to people who did not ask for them: no addresses in it."""
        try:
            return clean_name(typed)
        except Invalid as wrong:
            raise ValueError(wrong.sentence) from wrong


class GroupNamesForm(Form):
    asks: ClassVar[dict[str, str]] = {"names": "Enter at least one line: a name, a comma, an e-mail address."}
    names: str = Field(min_length=1, max_length=60_000)


def _moment(day: date | None, at: time | None, zone: str, where: str) -> datetime | None:
    return local_instant(datetime.combine(day, at or time(0)), zone, where=where) if day else None
