"""How one takes part in an event at this moment (pure): the sentence, and the one main act."""

from dataclasses import dataclass
from datetime import datetime

from conference.programme.rules import RegistrationWindow, registration_window
from conference.programme.tables import Event
from conference.registration.rules import has_free_place
from conference.registration.tables import CapacityPool, RegistrationState
from conference.times import show


@dataclass(frozen=True, slots=True)
class Way:
    """What the event's page says beside its button; `short` stands on the event's card."""

    short: str
    words: str
    label: str = ""
    href: str = ""
    live: bool = False
    own: str = ""  # where a guest's own registration stands


def way_of(
    event: Event,
    standing: RegistrationState | None,
    pool: CapacityPool | None,
    now: datetime,
    zone: str | None,
    stage: str = "",
    waits: str = "",
    call: str = "",
) -> Way:
    """`zone`: where the reader reads times. `stage`: the address of a stage whose door is open. `waits`: where the reader's turn stands.
    `call`: the address of the call by which places are given."""
    programme = f"/events/{event.slug}/programme"
    if now >= event.ends_at:
        words = "You took part in this event; it is over." if standing == RegistrationState.confirmed else "This event is over."
        return Way("Over", words, "See the programme", programme)
    if standing == RegistrationState.confirmed:
        return _way_of_a_guest(event, now, programme, stage)
    if standing == RegistrationState.pending:
        held = "Your place is held: open the link that we mailed to you."
        return Way("Your place is held", held, "See your registration", f"/events/{event.slug}/registration")
    if waits:
        return Way("On the waiting list", waits, "My turn", f"/events/{event.slug}/turn")
    return _way_of_a_stranger(event, pool, now, zone, programme, call)


def _way_of_a_guest(event: Event, now: datetime, programme: str, stage: str) -> Way:
    given = registration_window(event, now) == RegistrationWindow.by_application
    place = "You have a place." if given else "You are registered."
    own = f"/events/{event.slug}/registration"
    if stage:
        return Way(place.rstrip("."), place, "Join now", stage, live=True, own=own)
    return Way(place.rstrip("."), place, "See the programme", programme, own=own)


def _way_of_a_stranger(event: Event, pool: CapacityPool | None, now: datetime, zone: str | None, programme: str, call: str) -> Way:
    here = f"/events/{event.slug}"
    opens, closes = _spoken(event, event.registration_opens_at, zone), _spoken(event, event.registration_closes_at, zone)
    match registration_window(event, now):
        case RegistrationWindow.by_application if event.registration_closes_at and now >= event.registration_closes_at:
            return Way(
                "Applications closed", f"Places were given by application. Applications closed on {closes}.", "See the programme", programme
            )
        case RegistrationWindow.by_application:
            until = f" Applications close on {closes}." if closes else ""
            how = ("How to apply", call) if call else ("How places are given", f"{here}#take-part")
            return Way("By application", f"Places are given by application.{until}", *how)
        case RegistrationWindow.not_yet:
            return Way("Registration not open yet", f"Registration opens on {opens}.", "Be told when it opens", f"{here}/registration")
        case RegistrationWindow.closed:
            return Way("Registration closed", f"Registration closed on {closes}.", "See the programme", programme)
    if pool and not has_free_place(pool) and pool.waiting:
        words = f"All {pool.capacity - pool.held} places are taken; the waiting list is open."
        return Way("Waiting list open", words, "Join the waiting list", f"{here}/registration")
    if pool and not has_free_place(pool):
        return Way("All places taken", f"All {pool.capacity} places are taken.", "See the programme", programme)
    until = f"Registration is open until {closes}." if closes else "Registration is open."
    return Way("Registration open", until, "Register", f"{here}/registration")


def _spoken(event: Event, instant: datetime | None, zone: str | None) -> str:
    """`Monday 17 May 2021, 11:00 your time (EAT, UTC+3)`; empty for no instant."""
    if instant is None:
        return ""
    read = show(instant, None, first=zone or event.zone, second=event.zone, event_zone=event.zone, mine=zone or event.zone).first
    return f"{read.date}, {read.times} {read.place} ({read.zone})"
