"""Events, where and when they are, who speaks, and each release of the programme."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from conference.storage.row import Row, json_column, one_of


class EventFormat(StrEnum):
    online = "online"
    in_person = "in_person"


class RegistrationKind(StrEnum):
    open = "open"  # anybody may register
    application = "application"  # places are given after a call


class SessionType(StrEnum):
    keynote = "keynote"
    panel = "panel"
    workshop = "workshop"
    reflection = "reflection"
    project_presentation = "project_presentation"
    welcome = "welcome"
    visit = "visit"
    travel = "travel"
    social = "social"
    break_ = "break"


class Venue(Row, table=True):
    slug: str = Field(max_length=80, unique=True)
    name: str = Field(max_length=200)
    address: str = Field(default="", max_length=300)
    latitude: float | None = None
    longitude: float | None = None
    zone: str = Field(max_length=60)
    online: bool = False
    opens: time | None = None  # on its own clock, every day alike; both or neither
    closes: time | None = None
    source: str = Field(default="", max_length=300)  # where address and coordinates come from


class Event(Row, table=True):
    """An edition, such as WI 2021. `revision` moves with every published change."""

    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_start"),)

    slug: str = Field(max_length=80, unique=True)
    title: str = Field(max_length=200)
    summary: str = Field(max_length=400)
    about: str  # paragraphs, plain text
    format: EventFormat = Field(sa_column=one_of(EventFormat, "event_format"))
    zone: str = Field(max_length=60)
    starts_at: datetime
    ends_at: datetime
    who_for: str = ""
    take_part: str = ""
    fee_words: str = ""
    registration: RegistrationKind = Field(sa_column=one_of(RegistrationKind, "registration_kind"))
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    registration_illustrative: bool = False
    free_days: list[str] = Field(default_factory=list, sa_column=json_column())  # ISO dates on its own clock: nothing is planned for them
    revision: int = 0
    made_at: datetime
    modified_at: datetime


class SourceReading(Row, table=True):
    """What was published, how we read it, and why: shown side by side."""

    __tablename__ = "source_reading"
    __table_args__ = (UniqueConstraint("event_id", "position"),)

    event_id: UUID = Field(foreign_key="event.id")
    position: int
    about: str = Field(max_length=200)
    published: str
    reading: str
    why: str


class Room(Row, table=True):
    __table_args__ = (UniqueConstraint("event_id", "slug"),)

    event_id: UUID = Field(foreign_key="event.id")
    venue_id: UUID = Field(foreign_key="venue.id")
    slug: str = Field(max_length=80)
    name: str = Field(max_length=200)
    capacity: int | None = None


class Track(Row, table=True):
    __table_args__ = (UniqueConstraint("event_id", "slug"),)

    event_id: UUID = Field(foreign_key="event.id")
    slug: str = Field(max_length=80)
    name: str = Field(max_length=200)


class Speaker(Row, table=True):
    __table_args__ = (UniqueConstraint("event_id", "slug"),)

    event_id: UUID = Field(foreign_key="event.id")
    slug: str = Field(max_length=80)
    name: str = Field(max_length=200)
    role: str = Field(default="", max_length=200)
    organisation: str = Field(default="", max_length=200)
    country: str | None = Field(default=None, max_length=2)
    biography: str = ""
    person_id: UUID | None = Field(default=None, foreign_key="person.id")


class Session(Row, table=True):
    """A talk, workshop or visit. Its id is its calendar identity for ever; `sequence` only ever rises."""

    __table_args__ = (
        UniqueConstraint("event_id", "slug"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("sequence >= 0", name="sequence"),
    )

    event_id: UUID = Field(foreign_key="event.id", index=True)
    slug: str = Field(max_length=80)
    title: str = Field(max_length=200)
    abstract: str = ""
    type: SessionType = Field(sa_column=one_of(SessionType, "session_type"))
    room_id: UUID = Field(foreign_key="room.id")
    track_id: UUID | None = Field(default=None, foreign_key="track.id")
    starts_at: datetime
    ends_at: datetime
    join_url: str = Field(default="", max_length=500)
    stream_url: str = Field(default="", max_length=500)  # an HLS playlist, or a page of a host that may be embedded
    captions_url: str = Field(default="", max_length=500)  # a WebVTT file
    for_everyone: bool = True  # in every participant's own calendar, without booking
    illustrative: str = ""  # what of it is our choice and not the source's; empty: nothing
    published_words: str = ""
    our_reading: str = ""
    sequence: int = 0
    made_at: datetime
    modified_at: datetime  # last published change
    cancelled_at: datetime | None = None
    cancel_reason: str = Field(default="", max_length=300)


class SessionSpeaker(Row, table=True):
    __tablename__ = "session_speaker"
    __table_args__ = (UniqueConstraint("session_id", "speaker_id"),)

    session_id: UUID = Field(foreign_key="session.id")
    speaker_id: UUID = Field(foreign_key="speaker.id", index=True)
    position: int = 0


class DraftAct(StrEnum):
    add = "add"
    change = "change"
    cancel = "cancel"
    restore = "restore"


class SessionDraft(Row, table=True):
    """What an organiser has decided about one session and not yet released. At most one each; a release takes it up and it is gone.

    Only what differs is kept, so that a field which is published meanwhile is not overwritten by what it was when the draft began.
    """

    __tablename__ = "session_draft"
    __table_args__ = (UniqueConstraint("event_id", "slug"),)

    event_id: UUID = Field(foreign_key="event.id")
    session_id: UUID = Field(unique=True)  # what it is or will be: a session that is added has its identity from the start
    slug: str = Field(max_length=80)
    act: DraftAct = Field(sa_column=one_of(DraftAct, "draft_act"))
    patch: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())  # SessionPlan's fields as JSON; `speakers`: ids in order
    reason: str = Field(default="", max_length=300)  # of a cancellation
    person_id: UUID | None = None  # who touched it last
    made_at: datetime
    modified_at: datetime


class KeyDate(Row, table=True):
    """A deadline (an instant) or a day; never both."""

    __tablename__ = "key_date"
    __table_args__ = (UniqueConstraint("event_id", "slug"), CheckConstraint("(at IS NULL) <> (day IS NULL)", name="instant_or_day"))

    event_id: UUID = Field(foreign_key="event.id")
    slug: str = Field(max_length=80)
    title: str = Field(max_length=200)
    at: datetime | None = None
    day: date | None = None
    words: str = ""
    published: str = ""
    reading: str = ""
    illustrative: bool = False
    in_feed: bool = True
    made_at: datetime
    modified_at: datetime
    sequence: int = 0


class ScheduleRelease(Row, table=True):
    """One published version of an event's programme, with what changed in it."""

    __tablename__ = "schedule_release"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    event_id: UUID = Field(foreign_key="event.id")
    number: int
    released_at: datetime
    person_id: UUID | None = None
    note: str = Field(default="", max_length=300)
    changes: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
