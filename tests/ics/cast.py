"""A session and a calendar to vary, as facts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from conference.ics.calendar import feed_bytes
from conference.ics.entry import AllDay, Calendar, Entry

HALF_HOUR = timedelta(minutes=30)

CALENDAR = Calendar(
    name="Working Internationally",
    description="Every session of the day.",
    zone="Europe/London",
    url="https://conference.example/events/wi-2021",
    refresh=timedelta(hours=1),
)
OPENING = Entry(
    uid="opening@calendar.example",
    sequence=0,
    created_at=datetime(2021, 5, 1, 12, 0, tzinfo=UTC),
    modified_at=datetime(2021, 6, 1, 12, 0, tzinfo=UTC),
    zone="Europe/London",
    starts_at=datetime(2021, 6, 25, 9, 0, tzinfo=UTC),
    ends_at=datetime(2021, 6, 25, 9, 30, tzinfo=UTC),
    summary="Opening",
)


def opening(**changes: Any) -> Entry:
    return replace(OPENING, **changes)


def half_hour(zone: str, starts_at: datetime) -> Entry:
    """A session of thirty minutes, named by its instant."""
    return opening(uid=f"{starts_at:%Y%m%dT%H%M%SZ}@{zone}", zone=zone, starts_at=starts_at, ends_at=starts_at + HALF_HOUR)


def feed_of(*entries: Entry | AllDay) -> bytes:
    return feed_bytes(CALENDAR, entries)


def lines_of(feed: bytes) -> list[str]:
    """Content lines, unfolded."""
    return feed.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def spelled(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
