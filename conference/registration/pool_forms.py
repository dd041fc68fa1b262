"""What organisers type about pools, places that are held back, and kinds of tickets."""

import re
from datetime import date, datetime, time
from typing import ClassVar

from pydantic import Field, field_validator

from conference.registration.kind_planning import KindPlan
from conference.registration.pooling import PoolPlan
from conference.registration.tables import PoolServes
from conference.times import local_instant
from conference.web.forms import Form, checked

MOST_PLACES = 100_000
MONTH_MINUTES = 31 * 24 * 60


class PoolForm(Form):
    asks: ClassVar[dict[str, str]] = {
        "name": "Enter a name, such as Morning workshops.",
        "capacity": f"Enter how many places there are, as a number from 0 to {MOST_PLACES}.",
        "offer_minutes": "Enter minutes as a number, such as 120, or leave this empty.",
    }
    name: str = Field(min_length=1, max_length=120)
    capacity: int = Field(ge=0, le=MOST_PLACES)
    waiting: str = ""
    offer_minutes: int | None = Field(default=None, ge=1, le=MONTH_MINUTES)

    def plan(self) -> PoolPlan:
        return PoolPlan(" ".join(self.name.split()), self.capacity, checked(self.waiting), self.offer_minutes)


class NewPoolForm(PoolForm):
    asks: ClassVar[dict[str, str]] = {**PoolForm.asks, "serves": "Choose what the places are for."}
    serves: PoolServes


class HeldBackForm(Form):
    asks: ClassVar[dict[str, str]] = {
        "purpose": "Enter who they are for, such as speakers.",
        "places": "Enter how many places to hold back, as a number from 1.",
        "day": "Enter a day, or leave it empty.",
        "at": "Enter a time, such as 12:00, or leave it empty.",
    }
    purpose: str = Field(min_length=1, max_length=120)
    places: int = Field(ge=1, le=MOST_PLACES)
    code: str = ""
    day: date | None = None
    at: time | None = None

    def ends_at(self, zone: str) -> datetime | None:
        """On the event's clock; a day without a time is over when it begins."""
        return local_instant(datetime.combine(self.day, self.at or time()), zone, where="day") if self.day else None


class KindForm(Form):
    asks: ClassVar[dict[str, str]] = {"name": "Enter a name, such as Recordings only.", "slug": "Enter the word for its address."}
    name: str = Field(min_length=1, max_length=120)
    slug: str = Field(max_length=80)
    words: str = Field(default="", max_length=400)
    takes_part: str = ""
    pool: str = ""

    @field_validator("slug")
    @classmethod
    def _is_a_word(cls, typed: str) -> str:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", typed):
            raise ValueError("Use small letters, digits and single hyphens, such as recordings-only.")
        return typed

    def plan(self) -> KindPlan:
        return KindPlan(self.slug, " ".join(self.name.split()), self.words, checked(self.takes_part))
