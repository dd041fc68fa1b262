"""A workshop's door (pure): when it is open and for whom, what a service's address may be, how people are dealt out to groups."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

from conference.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, SignInNeeded
from conference.meetings.tables import Meeting, MeetingService, ServiceKind
from conference.programme.rules import DOOR_OPENS
from conference.programme.tables import Event, Session
from conference.times import clock_time, spoken_moment, spoken_zone, zone_named

KIND_WORDS = {ServiceKind.jitsi: "Jitsi Meet", ServiceKind.bigbluebutton: "BigBlueButton"}
MIN_SECRET, MAX_SECRET = 32, 200  # characters: whoever enters holds something signed with it, and could try words at leisure
MAX_GROUPS = 50
MAX_GROUP_NAME = 60
MAX_ADDRESS = 300
OVERRUNS = timedelta(minutes=30)  # the door stays open past the planned end: workshops run late, and lines break
BACK_AFTER = (0, 1, 2, 5, 10)  # minutes until everybody is back in the plenary
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]*:[0-9a-f:.]*")


class DoorState(StrEnum):
    """Where one person stands before the door of one session's meeting."""

    none = "none"  # this session meets nowhere, or elsewhere
    cancelled = "cancelled"
    over = "over"
    sign_in = "sign_in"
    not_registered = "not_registered"
    no_seat = "no_seat"
    not_yet = "not_yet"
    open = "open"


@dataclass(frozen=True, slots=True)
class Part:
    """What one person has to do with a session. Whoever leads it (speaks, moderates, organises) needs no place and no seat."""

    signed_in: bool = False
    leads: bool = False
    registered: bool = False
    seated: bool = False  # has a seat, or the session's seats aren't limited


@dataclass(frozen=True, slots=True)
class Guest:
    """Who enters, as the service may know them."""

    user_id: str  # a pseudonym
    name: str
    moderates: bool


_REFUSALS: dict[DoorState, type[Refusal]] = {
    DoorState.none: NotFound,
    DoorState.sign_in: SignInNeeded,
    DoorState.not_registered: Forbidden,
    DoorState.no_seat: Forbidden,
}


def door_state(session: Session, part: Part, now: datetime) -> DoorState:
    """Open from ten minutes before the start until half an hour past the planned end, for those who take part."""
    if session.cancelled_at:
        return DoorState.cancelled
    if now >= session.ends_at + OVERRUNS:
        return DoorState.over
    if not part.signed_in:
        return DoorState.sign_in
    if not part.leads and not part.registered:
        return DoorState.not_registered
    if not part.leads and not part.seated:
        return DoorState.no_seat
    return DoorState.open if now >= session.starts_at - DOOR_OPENS else DoorState.not_yet


def door_words(state: DoorState, event: Event, session: Session, zone: str) -> str:
    """The door's state in a sentence; a moment is read in `zone`, the person's own."""
    opens = spoken_moment(session.starts_at - DOOR_OPENS, zone)
    return {
        DoorState.none: "This session has no meeting to enter here.",
        DoorState.cancelled: f"“{session.title}” was cancelled, so there is no meeting.",
        DoorState.over: f"“{session.title}” is over, and its meeting is closed.",
        DoorState.sign_in: "Sign in to enter the meeting, with the address you registered with.",
        DoorState.not_registered: f"The meeting is for people who are registered for {event.title}.",
        DoorState.no_seat: f"The meeting is for people who have a seat in “{session.title}”, and you have none.",
        DoorState.not_yet: f"The meeting opens 10 minutes before the start, at {opens}.",
        DoorState.open: "The meeting is open.",
    }[state]


def groups_words(meeting: Meeting, group: str, zone: str, now: datetime, *, leads: bool) -> str:
    """Where the open door leads while groups are open, or after they were; empty where there were none."""
    if meeting.groups_opened_at is None:
        return ""
    if not groups_are_open(meeting, now):
        return "The groups are closed: the door leads to the plenary."
    end = meeting.groups_end_at
    until = f" Back to the plenary at {clock_time(end.astimezone(zone_named(zone)))} ({spoken_zone(end, zone)})." if end else ""
    if group:
        return f"You are in the group “{group}”: the door leads there.{until}"
    return ("Groups are open; your door leads to the plenary." if leads else "Groups are open: choose one, or stay in the plenary.") + until


def check_may_enter(state: DoorState, words: str) -> None:
    """Raises what fits: SignInNeeded, NotFound, Forbidden, or Conflict where the moment is wrong."""
    if state != DoorState.open:
        raise _REFUSALS.get(state, Conflict)(words)


def groups_are_open(meeting: Meeting, now: datetime) -> bool:
    opened, end = meeting.groups_opened_at, meeting.groups_end_at
    return opened is not None and opened <= now and (end is None or now < end)


def check_groups_are_open(meeting: Meeting, now: datetime) -> None:
    if not groups_are_open(meeting, now):
        raise Conflict("The groups are closed: everybody is in the plenary.")


def check_groups_are_closed(meeting: Meeting, now: datetime) -> None:
    if groups_are_open(meeting, now):
        raise Conflict("The groups are open now. Call everybody back to the plenary first.")


def deal(people: Sequence[UUID], groups: int) -> list[list[UUID]]:
    """Everybody into one of so many groups, as a pack of cards is dealt: sizes differ by one at most."""
    return [list(people[first::groups]) for first in range(groups)]


def check_they_fit(people: int, capacities: Sequence[int | None]) -> None:
    """Raises Conflict where an even draw would put more people into a group than fit."""
    largest = -(-people // len(capacities))
    tightest = min((capacity for capacity in capacities if capacity is not None), default=largest)
    if largest > tightest:
        raise Conflict(f"An even draw of {people} people puts {largest} into a group, but only {tightest} fit. Make more groups.")


def clean_group_names(typed: str) -> list[str]:
    """One name a line. Raises Invalid for none, too many, a long one, or two alike."""
    lines = ("".join(letter if letter.isprintable() else " " for letter in line) for line in typed.split("\n"))
    names = [name for line in lines if (name := " ".join(line.split()))]
    if not names:
        raise Invalid("names", "Enter the groups’ names, one on each line.")
    if len(names) > MAX_GROUPS:
        raise Invalid("names", f"These are {len(names)} groups: make at most {MAX_GROUPS}.")
    for name in names:
        if len(name) > MAX_GROUP_NAME:
            raise Invalid("names", f"“{name[:30]}…” is too long: use at most {MAX_GROUP_NAME} characters.")
    if len({name.casefold() for name in names}) < len(names):
        raise Invalid("names", "Two groups have the same name: give each its own.")
    return names


def clean_address(typed: str, kind: ServiceKind, *, secure: bool) -> str:
    """A service's address without a slash at its end. Raises Invalid.

    Only https, but for this very machine, and that only where the house itself is not on https (`secure`): to try things out.
    """
    wrong = Invalid("address", "Enter the service’s address as its own pages have it, such as https://meet.example.org.")
    try:
        parts = urlsplit(typed)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise wrong from None
    path = parts.path.rstrip("/")
    sound = typed.isascii() and typed.isprintable() and " " not in typed and len(typed) <= MAX_ADDRESS and port != 0
    plain = _HOST.fullmatch(host) and _PATH.fullmatch(path) and not (parts.query or parts.fragment or "@" in parts.netloc)
    if not sound or not plain or parts.scheme not in ("http", "https"):
        raise wrong
    if parts.scheme == "http" and (secure or host not in _LOOPBACK):
        raise Invalid("address", "The address must start with https://, so that nobody can read along.")
    if kind == ServiceKind.bigbluebutton:
        path = path.removesuffix("/api")  # which is how some tools show it
    elif path.count("/") > 1:
        raise Invalid("address", "After the host there may be one word at most, the tenant’s: https://meet.example.org/tenant.")
    return f"{parts.scheme}://{parts.netloc.lower()}{path}"


def check_service(kind: ServiceKind, address: str, application: str, secret: str, before: MeetingService | None) -> None:
    """Raises Invalid. A secret that is left empty stays, but never goes along to another service."""
    wrong: dict[str, str] = {}
    if kind == ServiceKind.jitsi and not application:
        wrong["application"] = "Enter the application id: Jitsi reads it as the token’s issuer."
    if not secret and before is None:
        wrong["secret"] = "Enter the secret that you share with the service."  # noqa: S105 - a sentence
    elif not secret and before and (before.kind, before.address) != (kind, address):
        wrong["secret"] = "Enter the secret of this service: the one that is kept belongs to another."  # noqa: S105
    elif secret and not MIN_SECRET <= len(secret) <= MAX_SECRET:
        wrong["secret"] = f"Use a secret of {MIN_SECRET} to {MAX_SECRET} characters: links are signed with it, and short ones are guessed."
    if wrong:
        first = next(iter(wrong))
        raise Invalid(first, wrong[first], wrong)


def pseudonym(key: str, event_id: UUID, person_id: UUID) -> str:
    """Who somebody is to an event's service: always the same there, and nobody's id anywhere else. `key` is the house's secret."""
    return hmac.new(key.encode(), b"meeting" + event_id.bytes + person_id.bytes, hashlib.sha256).hexdigest()[:32]
