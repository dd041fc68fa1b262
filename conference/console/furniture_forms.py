"""What organisers type about rooms, tracks, speakers, venues and the event itself: each kind's form, its fields as a page paints them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from conference.errors import Invalid
from conference.people.forms import COUNTRIES
from conference.programme.forms import Clock, Day
from conference.times import zone_meant
from conference.web.forms import Form

Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """One field as the page paints it. `kind`: line, text, choice, time or date."""

    name: str
    label: str
    kind: str = "line"
    help: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    size: str = ""
    rows: int = 4


def _zone(typed: str) -> str:
    try:
        return zone_meant(typed)
    except Invalid as wrong:
        raise ValueError(wrong.sentence) from None


def _number(typed: str) -> int:
    if not typed.strip().isascii() or not typed.strip().isdigit() or not 1 <= int(typed[:9]) <= 100_000:
        raise ValueError("Enter a whole number from 1 to 100000, or leave this empty.")
    return int(typed)


def _degrees(most: int) -> BeforeValidator:
    def read(typed: str) -> float:
        try:
            value = float(typed.strip())
        except ValueError:
            value = most + 1.0
        if not -most <= value <= most:
            raise ValueError(f"Enter degrees from -{most} to {most} with a point, such as 51.53, or leave this empty.")
        return value

    return BeforeValidator(read)


Zone = Annotated[str, BeforeValidator(_zone)]


class NamedForm(Form):
    asks: ClassVar[dict[str, str]] = {"name": "Enter a name."}
    name: str

    @field_validator("name")
    @classmethod
    def _is_a_name(cls, typed: str) -> str:
        name = " ".join(typed.split())
        if not name:
            raise ValueError("Enter a name.")
        if len(name) > 200:
            raise ValueError("This is too long: use at most 200 characters.")
        return name


class RoomForm(NamedForm):
    asks: ClassVar[dict[str, str]] = {**NamedForm.asks, "venue": "Choose a venue from the list."}
    venue: str
    capacity: Annotated[int | None, BeforeValidator(_number)] = None


class TrackForm(NamedForm):
    pass


class SpeakerForm(NamedForm):
    role: str = Field(default="", max_length=200)
    organisation: str = Field(default="", max_length=200)
    country: str | None = None
    biography: str = Field(default="", max_length=20_000)

    @field_validator("country")
    @classmethod
    def _is_a_country(cls, typed: str | None) -> str | None:
        if typed and typed not in dict(COUNTRIES):
            raise ValueError("Choose a country from the list.")
        return typed or None


class VenueForm(NamedForm):
    asks: ClassVar[dict[str, str]] = {**NamedForm.asks, "zone": "Enter the time zone, such as Europe/London.", "kind": "Choose one."}
    kind: Literal["place", "online"]
    address: str = Field(default="", max_length=300)
    latitude: Annotated[float | None, _degrees(90)] = None
    longitude: Annotated[float | None, _degrees(180)] = None
    zone: Zone
    opens: Clock | None = None
    closes: Clock | None = None
    source: str = Field(default="", max_length=300)

    @model_validator(mode="after")
    def _go_together(self) -> "VenueForm":
        pairs = (("latitude", "longitude", "coordinates"), ("opens", "closes", "hours"))
        wrong = {
            (one if getattr(self, one) is None else two): f"Enter both {words}, or neither."
            for one, two, words in pairs
            if (getattr(self, one) is None) != (getattr(self, two) is None)
        }
        if self.opens and self.closes and self.closes <= self.opens:
            wrong["closes"] = "It must close after it opens, on the same day."
        if wrong:
            first = next(iter(wrong))
            raise Invalid(first, wrong[first], wrong)
        return self


def _days(typed: str) -> tuple[date, ...]:
    days = []
    for word in typed.replace(",", " ").split():
        try:
            days.append(date.fromisoformat(word))
        except ValueError:
            raise ValueError("Enter days as year-month-day, one on each line, such as 2025-07-12.") from None
    return tuple(sorted(set(days)))


class DetailsForm(Form):
    asks: ClassVar[dict[str, str]] = {
        "title": "Enter a title.",
        "summary": "Say in one sentence what it is.",
        "zone": "Enter the time zone, such as Europe/London.",
        "first_day": "Enter the first day.",
        "starts": "Enter when it starts.",
        "last_day": "Enter the last day.",
        "ends": "Enter when it ends.",
    }
    title: str = Field(min_length=1, max_length=200)
    summary: str = Field(min_length=1, max_length=400)
    zone: Zone
    first_day: Day
    starts: Clock
    last_day: Day
    ends: Clock
    free_days: Annotated[tuple[date, ...], BeforeValidator(_days)] = ()
    opens_day: Day | None = None
    opens_at: Clock | None = None
    closes_day: Day | None = None
    closes_at: Clock | None = None
    about: str = Field(default="", max_length=50_000)
    who_for: str = Field(default="", max_length=50_000)
    take_part: str = Field(default="", max_length=50_000)
    fee_words: str = Field(default="", max_length=50_000)

    @model_validator(mode="after")
    def _go_together(self) -> "DetailsForm":
        for day, at in (("opens_day", "opens_at"), ("closes_day", "closes_at")):
            if (getattr(self, day) is None) != (getattr(self, at) is None):
                raise Invalid(day if getattr(self, day) is None else at, "Enter both the day and the time, or neither.")
        return self


ONLINE: tuple[Option, ...] = (("place", "A place that people go to"), ("online", "Online"))
TRACK_FIELDS = (Asked("name", "Name", required=True),)
SPEAKER_FIELDS = (
    Asked("name", "Name", required=True),
    Asked("role", "Role", help="Such as Director."),
    Asked("organisation", "Organisation"),
    Asked("country", "Country", "choice", options=(("", "Not said"), *COUNTRIES)),
    Asked("biography", "Biography", "text", help="An empty line begins a new paragraph.", rows=6),
)
VENUE_FIELDS = (
    Asked("name", "Name", required=True),
    Asked("kind", "What it is", "choice", required=True, options=ONLINE),
    Asked("address", "Address"),
    Asked("latitude", "Latitude", help="Degrees, such as 51.53; south is negative.", size="short"),
    Asked("longitude", "Longitude", help="Degrees, such as -0.1277; west is negative.", size="short"),
    Asked("zone", "Time zone", help="The clock on its wall, such as Europe/London.", required=True),
    Asked("opens", "Opens", "time", help="Every day alike. You are warned of sessions outside its hours.", size="short"),
    Asked("closes", "Closes", "time", size="short"),
    Asked("source", "Where these facts come from", help="Shown under the address."),
)
DETAILS_FIELDS = (
    Asked("title", "Title", required=True),
    Asked("summary", "Summary", "text", help="One sentence, at most 400 characters.", required=True, rows=2),
    Asked("zone", "Time zone", help="The event’s own clock, such as Europe/London.", required=True),
    Asked("first_day", "First day", "date", required=True, size="short"),
    Asked("starts", "Start on that day", "time", required=True, size="short"),
    Asked("last_day", "Last day", "date", required=True, size="short"),
    Asked("ends", "End on that day", "time", required=True, size="short"),
    Asked("free_days", "Free days", "text", help="Days on which nothing is planned, such as 2025-07-12: one on each line.", rows=2),
    Asked("opens_day", "Registration opens on", "date", help="Empty: it is open already. All on the event’s own clock.", size="short"),
    Asked("opens_at", "Registration opens at", "time", size="short"),
    Asked("closes_day", "Registration closes on", "date", help="Empty: it stays open.", size="short"),
    Asked("closes_at", "Registration closes at", "time", help="That moment itself is too late.", size="short"),
    Asked("about", "About", "text", rows=8),
    Asked("who_for", "Who it is for", "text", rows=5),
    Asked("take_part", "How to take part", "text", rows=5),
    Asked("fee_words", "Fee", "text", rows=3),
)


def room_fields(venues: Iterable[Option]) -> tuple[Asked, ...]:
    return (
        Asked("name", "Name", required=True),
        Asked("venue", "Venue", "choice", required=True, options=tuple(venues)),
        Asked("capacity", "People it holds", help="You are warned where more seats are offered.", size="tiny"),
    )


def clock_typed(clock: time | None) -> str:
    return f"{clock:%H:%M}" if clock else ""
