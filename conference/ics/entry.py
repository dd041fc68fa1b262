"""What a calendar line is about: facts in, no bytes yet (pure).

Instants are aware datetimes; they are written to the second. Words may hold anything that people type: cleaning and escaping happen
where the bytes are written.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Place:
    """Where people go in person. Coordinates are decimal degrees (WGS 84); both or neither."""

    name: str
    address: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One span of time: a session, or (in zone `UTC` and transparent) a deadline.

    `uid` and `sequence` are stored facts: the same uid in every feed and mail for ever, the sequence never lowered.
    `modified_at` is the last real change, never the time of asking: it is what makes two builds the same bytes.
    `location` is what LOCATION says; where it is empty, the place's name and address are said.
    """

    uid: str
    sequence: int
    created_at: datetime
    modified_at: datetime
    zone: str  # IANA
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()
    location: str = ""
    place: Place | None = None
    join_url: str | None = None
    cancelled: bool = False
    elsewhere: bool = False  # it takes place, and has left this feed's part of the programme: a tombstone that says so
    transparent: bool = False  # doesn't make the person busy
    alarm: timedelta | None = None  # rung so long before the start; only in a feed whose owner asked for it

    def __post_init__(self) -> None:
        _check_aware(self.uid, self.created_at, self.modified_at, self.starts_at, self.ends_at)
        if self.ends_at <= self.starts_at:
            raise ValueError(f"{self.uid} ends at {self.ends_at}, which is not after its start at {self.starts_at} (RFC 5545 3.8.2.2).")


@dataclass(frozen=True, slots=True, kw_only=True)
class AllDay:
    """Whole days for information (a key date, a banner): they make nobody busy. Both dates are inclusive."""

    uid: str
    sequence: int
    created_at: datetime
    modified_at: datetime
    first_day: date
    last_day: date
    summary: str
    description: str = ""
    url: str = ""
    cancelled: bool = False

    def __post_init__(self) -> None:
        _check_aware(self.uid, self.created_at, self.modified_at)
        if self.last_day < self.first_day:
            raise ValueError(f"{self.uid} has its last day, {self.last_day}, before its first, {self.first_day}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The feed itself. `url` is the page about it, never a secret address; `refresh` is how often apps are asked to look again."""

    name: str
    description: str
    zone: str  # IANA
    url: str
    refresh: timedelta


def _check_aware(uid: str, *instants: datetime) -> None:
    for instant in instants:
        if instant.utcoffset() is None:
            raise ValueError(f"{uid} has a time without a zone: {instant}.")
