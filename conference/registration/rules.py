"""Places (pure): who may take one, and what everybody is told."""

from datetime import datetime, timedelta

from conference.errors import Conflict, Forbidden, Invalid
from conference.programme.rules import RegistrationWindow, registration_window
from conference.programme.tables import Event, Session
from conference.registration.tables import CapacityPool, Registration, RegistrationState
from conference.times import city_of, clock_time, long_date, spoken_zone, zone_named

HOLD_LASTS = timedelta(minutes=30)  # a pending place waits so long for its link to be opened


def state_of(registration: Registration | None) -> RegistrationState | None:
    if registration is None:
        return None
    if registration.cancelled_at:
        return RegistrationState.cancelled
    return RegistrationState.confirmed if registration.confirmed_at else RegistrationState.pending


def is_lapsed(registration: Registration, real_now: datetime) -> bool:
    """Whether a held place's time is over, swept up already or not."""
    return registration.held_until is not None and real_now >= registration.held_until


def has_free_place(pool: CapacityPool | None) -> bool:
    return pool is None or pool.taken + pool.held < pool.capacity


def check_registration_is_open(event: Event, now: datetime) -> None:
    """Raises Conflict with when it opens, when it closed, or how else one takes part."""
    window = registration_window(event, now)
    if window == RegistrationWindow.by_application:
        raise Conflict(f"Places at {event.title} are given by application, not by registering.")
    if window == RegistrationWindow.not_yet:
        raise Conflict(f"Registration opens on {_spoken(event.registration_opens_at, event.zone)}.")
    if window == RegistrationWindow.closed:
        raise Conflict(f"Registration closed on {_spoken(event.registration_closes_at, event.zone)}.")


def check_place_is_free(event: Event, pool: CapacityPool | None) -> None:
    if pool and not has_free_place(pool):
        raise Conflict(f"All {pool.capacity} places at {event.title} are taken.")


def check_may_take_part(registration: Registration | None, event: Event) -> None:
    """Raises Forbidden unless this is a confirmed registration for the event."""
    if state_of(registration) != RegistrationState.confirmed:
        raise Forbidden(f"This needs a confirmed registration for {event.title}.")


def check_booking_is_open(session: Session, now: datetime) -> None:
    if session.cancelled_at:
        raise Conflict(f"“{session.title}” was cancelled, so there are no seats to take.")
    if now >= session.ends_at:
        raise Conflict(f"“{session.title}” is over.")


def check_capacity(capacity: int, pool: CapacityPool | None) -> None:
    """A pool never shrinks below what is taken."""
    if capacity < 0:
        raise Invalid("capacity", "Enter how many places there are: 0 or more.")
    if pool and capacity < pool.taken:
        raise Invalid("capacity", f"{pool.taken} places are taken, so there can't be fewer than {pool.taken}.")


def seats_words(pool: CapacityPool | None, waiting: int) -> str:
    """`6 seats left`, `waiting list: 4 people`; empty where seats aren't limited."""
    if pool is None:
        return ""
    left = pool.capacity - pool.taken - pool.held
    if left > 0:
        return f"{left} seat{'' if left == 1 else 's'} left"
    return f"full; {waiting} waiting" if waiting else "full; waiting list open"


def _spoken(instant: datetime | None, zone: str) -> str:
    if instant is None:
        return "a date that is not fixed yet"
    local = instant.astimezone(zone_named(zone))
    return f"{long_date(local.date())} at {clock_time(local)} in {city_of(zone)} ({spoken_zone(instant, zone)})"
