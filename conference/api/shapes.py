"""What programs are told (pure): each answer's shape. The description at /api/v1/openapi.json is made from these."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """Closed: an answer has these fields and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Moment(Shape):
    """An instant, and how it reads on the clock where it counts: of the place in person, of the event online."""

    at: datetime = Field(description="The instant in UTC (RFC 3339).")
    zone: str = Field(description="An IANA zone.", examples=["Europe/London"])
    local: str = Field(description="The wall clock in that zone, without an offset.", examples=["2021-06-25T10:00:00"])
    offset: str = Field(description="That clock's offset from UTC at this instant.", examples=["+01:00"])


class Refused(Shape):
    """A no, with a sentence for people."""

    error: str = Field(description="One word for programs.")
    sentence: str


class VenueShape(Shape):
    slug: str
    name: str
    address: str
    online: bool
    zone: str
    latitude: float | None
    longitude: float | None


class Named(Shape):
    """A track, or a room."""

    slug: str
    name: str


class SpeakerRef(Shape):
    slug: str
    name: str
    role: str
    organisation: str
    page: str


class EventRef(Shape):
    slug: str
    title: str
    page: str
    api: str


class SessionShape(Shape):
    uid: str = Field(description="Its identity for ever: the UID in calendars, the identifier in the page's JSON-LD.")
    sequence: int = Field(description="Rises with each published change of time, place, link or cancellation (RFC 5545).")
    slug: str
    title: str
    type: str
    abstract: str
    status: Literal["scheduled", "cancelled"]
    cancel_reason: str
    starts: Moment
    ends: Moment
    room: Named
    venue: VenueShape
    track: Named | None
    speakers: list[SpeakerRef]
    for_everyone: bool = Field(description="In every participant's own calendar, without booking.")
    join: str | None = Field(description="Where one joins online.")
    page: str
    modified_at: datetime
    event: EventRef


class EventShape(EventRef):
    uid: str
    summary: str
    format: str
    zone: str
    starts: Moment
    ends: Moment
    revision: int = Field(description="Moves with every published change of the programme.")


class EventPage(EventShape):
    """One event, with what its sessions refer to."""

    about: str
    registration: Literal["open", "application"]
    registration_opens: Moment | None
    registration_closes: Moment | None
    venues: list[VenueShape]
    rooms: list[Named]
    tracks: list[Named]
    sessions: str = Field(description="Where its sessions are.")
    speakers: str = Field(description="Where its speakers are.")
    calendar: str = Field(description="Its feed.")


class SpeakerShape(SpeakerRef):
    country: str | None = Field(description="ISO 3166-1 alpha-2.")
    biography: str
    sessions: list[str] = Field(description="Slugs, in order of time.")


class EventList(Shape):
    events: list[EventShape]


class SessionList(Shape):
    event: EventRef
    revision: int
    sessions: list[SessionShape]


class SpeakerList(Shape):
    event: EventRef
    revision: int
    speakers: list[SpeakerShape]


class Profile(Shape):
    """Whose token this is, and what it may read."""

    name: str
    email: str
    organisation: str
    country: str | None
    zone: str | None
    scopes: list[str]


class RegistrationShape(Shape):
    event: EventRef
    state: Literal["pending", "confirmed"]
    made: Moment
    confirmed: Moment | None


class RegistrationList(Shape):
    registrations: list[RegistrationShape]


class BookingShape(Shape):
    """A seat, or a turn on the waiting list."""

    state: Literal["booked", "waiting"]
    since: Moment
    ahead: int | None = Field(description="How many turns come before this one; null for a seat.")
    session: SessionShape


class BookingList(Shape):
    bookings: list[BookingShape]


class OwnSessionShape(Shape):
    because: list[Literal["speaking", "booked", "everyone"]]
    session: SessionShape


class OwnSessionList(Shape):
    sessions: list[OwnSessionShape]
