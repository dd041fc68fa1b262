"""Who is expected at a door: what templates/attendance/door.html shows, and what a phone keeps for when it has no line."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from conference.attendance.queries import Guest, check_ins_for, door_sessions, flagged_scans, guests_at, latest_check_ins, seated_in
from conference.attendance.rules import PHONE_KEEPS, SAID, Occasion, programme_days
from conference.attendance.tables import CheckIn, DoorScan
from conference.attendance.tickets import code_of_place, mark_of
from conference.programme.tables import Event
from conference.registration.rules import state_of
from conference.registration.tables import RegistrationState
from conference.storage.database import Db
from conference.times import clock_time, long_date, short_date, zone_named
from conference.web.forms import Typed

LATEST = 8  # check-ins under the search
FOUND = 50  # names that a search shows
MARKED = 200  # names on a page for marking by hand


@dataclass(frozen=True, slots=True)
class Choice:
    """A day or a session to stand at the door of."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class DoorRow:
    """Somebody at the door: as much as whoever stands there needs."""

    place_id: UUID
    name: str
    organisation: str
    state: str
    seated: bool
    at: str  # when they were checked in; empty: not yet
    check_in_id: UUID | None
    key: str  # of the form beside it


@dataclass(frozen=True, slots=True)
class Flag:
    """An act that came to nothing."""

    id: UUID
    name: str
    said: str
    at: str
    occasion: str


@dataclass(frozen=True, slots=True)
class DoorPage:
    """templates/attendance/door.html"""

    event: Event
    organises: bool
    occasion: Occasion
    choices: tuple[Choice, ...]
    there: int
    expected: int
    q: str
    everybody: bool  # the whole list is shown, to be marked by hand
    found: tuple[DoorRow, ...]
    more: int  # found and not shown
    latest: tuple[DoorRow, ...]
    flags: tuple[Flag, ...]
    key: str  # what the form with the code is sent under, once
    typed: Typed
    errors: dict[str, str]

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(choice.key, choice.words) for choice in self.choices]


async def choices_at(db: Db, event: Event) -> tuple[Choice, ...]:
    """The event's days, then its sessions with a door of their own."""
    days = programme_days(event)
    one = len(days) == 1
    chosen = [Choice(Occasion(day=day).key, long_date(day) if not one else f"The event, {long_date(day)}") for day in days]
    for facts in await door_sessions(db, event):
        local = facts.session.starts_at.astimezone(zone_named(event.zone))
        words = f"{short_date(local.date())}, {clock_time(local)}: {facts.session.title}"
        chosen.append(Choice(Occasion(session_id=facts.session.id).key, words))
    return tuple(chosen)


async def expected_at(db: Db, event: Event, occasion: Occasion, words: str = "") -> list[Guest]:
    """Who may come: everybody with a confirmed place; to a session with limited seats only who has one."""
    seated = await seated_in(db, occasion.session_id) if occasion.session_id else None
    return [
        guest
        for guest in await guests_at(db, event, occasion, words)
        if guest.place.confirmed_at and (seated is None or guest.person.id in seated)
    ]


async def rows_for(db: Db, event: Event, occasion: Occasion, guests: list[Guest], new_key: Any) -> tuple[DoorRow, ...]:
    seated = await seated_in(db, occasion.session_id) if occasion.session_id else None
    return tuple(
        DoorRow(
            guest.place.id,
            guest.name,
            guest.person.organisation,
            state_of(guest.place) or "",
            seated is None or guest.person.id in seated,
            said_at(guest.check_in, event.zone),
            guest.check_in.id if guest.check_in else None,
            str(new_key()),
        )
        for guest in guests
    )


async def latest_rows(db: Db, event: Event, occasion: Occasion) -> tuple[DoorRow, ...]:
    pairs = await latest_check_ins(db, event.id, occasion, LATEST)
    confirmed = RegistrationState.confirmed.value
    return tuple(
        DoorRow(row.registration_id, person.name, person.organisation, confirmed, True, said_at(row, event.zone), row.id, "")
        for row, person in pairs
    )


async def flags_at(db: Db, event: Event, choices: tuple[Choice, ...]) -> tuple[Flag, ...]:
    words = {choice.key: choice.words for choice in choices}
    return tuple(
        Flag(scan.id, person.name if person else "An unknown code", SAID[scan.outcome], _clock(scan, event), words.get(_key(scan), ""))
        for scan, _, person in await flagged_scans(db, event.id)
    )


async def phone_list(db: Db, event: Event, occasion: Occasion, secret: str, now: datetime) -> dict[str, Any]:
    """What a phone may know without a line: names, and marks that codes are told by but not made from. No way to reach anybody."""
    there = await check_ins_for(db, event.id, occasion)
    seated = await seated_in(db, occasion.session_id) if occasion.session_id else None
    guests = await guests_at(db, event, occasion)
    return {
        "event": event.slug,
        "occasion": occasion.key,
        "made_at": now.isoformat(),
        "until": (event.ends_at + PHONE_KEEPS).isoformat(),
        "guests": [
            {
                "place": str(guest.place.id),
                "mark": mark_of(event.slug, code_of_place(secret, guest.place.id, guest.person.id)),
                "name": guest.name,
                "organisation": guest.person.organisation,
                "confirmed": guest.place.confirmed_at is not None,
                "seated": seated is None or guest.person.id in seated,
                "there": guest.place.id in there,
            }
            for guest in guests
        ],
    }


def said_at(row: CheckIn | None, zone: str) -> str:
    return clock_time(row.at.astimezone(zone_named(zone))) if row else ""


def _clock(scan: DoorScan, event: Event) -> str:
    local = scan.at.astimezone(zone_named(event.zone))
    return f"{short_date(local.date())}, {clock_time(local)}"


def _key(scan: DoorScan) -> str:
    return Occasion(scan.day, scan.session_id).key
