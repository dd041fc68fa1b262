"""Places (pure): who may take one, and what everybody is told."""

from datetime import datetime, timedelta

from conference.errors import Conflict, Forbidden, Invalid
from conference.programme.rules import RegistrationWindow, registration_window
from conference.programme.tables import Event, Session
from conference.registration.tables import CapacityPool, Registration, RegistrationState, TicketKind
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


def places_left(pool: CapacityPool) -> int:
    """For everybody: neither taken nor held back."""
    return pool.capacity - pool.taken - pool.held


def has_free_place(pool: CapacityPool | None) -> bool:
    return pool is None or places_left(pool) > 0


def check_registration_is_open(event: Event, now: datetime, kind: TicketKind | None = None) -> None:
    """Raises Conflict with when it opens and how long that is, when it closed, or how else one takes part."""
    window = registration_window(event, now)
    if window == RegistrationWindow.by_application:
        raise Conflict(f"Places at {event.title} are given by application, not by registering.")
    _check_open("Registration", event.registration_opens_at, event.registration_closes_at, event.zone, now)
    if kind:
        _check_open(f"“{kind.name}”", kind.opens_at, kind.closes_at, event.zone, now)
        if kind.withdrawn_at:
            raise Conflict(f"“{kind.name}” is not offered any more.")


def _check_open(what: str, opens_at: datetime | None, closes_at: datetime | None, zone: str, now: datetime) -> None:
    """Open from its very instant on; the closing instant itself is late."""
    if opens_at and now < opens_at:
        raise Conflict(f"{what} opens on {_spoken(opens_at, zone)}. That is in {how_long(opens_at - now)}.")
    if closes_at and now >= closes_at:
        raise Conflict(f"{what} closed on {_spoken(closes_at, zone)}.")


def how_long(time: timedelta) -> str:
    """`3 days and 4 hours`, `2 minutes and 5 seconds`, `less than a second`: the two largest parts, never too long by rounding up."""
    seconds = int(time.total_seconds())
    sizes = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
    parts = []
    for unit, size in sizes:
        number, seconds = divmod(seconds, size)
        parts.append(f"{number} {unit}{'' if number == 1 else 's'}" if number else "")
    first = next((position for position, part in enumerate(parts) if part), len(parts))
    return " and ".join(part for part in parts[first : first + 2] if part) or "less than a second"


def check_place_is_free(event: Event, pool: CapacityPool | None) -> None:
    if pool and not has_free_place(pool):
        raise Conflict(full_words(event, pool))


def full_words(event: Event, pool: CapacityPool) -> str:
    kept = f"; {pool.held} more {'is' if pool.held == 1 else 'are'} held back" if pool.held else ""
    return f"All {pool.capacity - pool.held} places at {event.title} are taken{kept}."


def check_may_take_part(registration: Registration | None, event: Event, kind: TicketKind | None = None) -> None:
    """Raises Forbidden unless this is a confirmed registration for the event, of a kind that takes part in its sessions."""
    if state_of(registration) != RegistrationState.confirmed:
        raise Forbidden(f"This needs a confirmed registration for {event.title}.")
    if kind and not kind.takes_part:
        raise Forbidden(f"You are registered for “{kind.name}”, which has no seats in sessions.")


def check_booking_is_open(session: Session, now: datetime) -> None:
    if session.cancelled_at:
        raise Conflict(f"“{session.title}” was cancelled, so there are no seats to take.")
    if now >= session.ends_at:
        raise Conflict(f"“{session.title}” is over.")


def check_capacity(capacity: int, pool: CapacityPool | None) -> None:
    """A pool never shrinks below what is taken and held back."""
    if capacity < 0:
        raise Invalid("capacity", "Enter how many places there are: 0 or more.")
    if pool and capacity < pool.taken + pool.held:
        kept = f" and {pool.held} held back" if pool.held else ""
        raise Invalid("capacity", f"{pool.taken} places are taken{kept}, so there can't be fewer than {pool.taken + pool.held}.")


def seats_words(pool: CapacityPool | None, waiting: int) -> str:
    """`6 seats left`, `waiting list: 4 people`; empty where seats aren't limited."""
    if pool is None:
        return ""
    left = places_left(pool)
    if left > 0:
        return f"{left} seat{'' if left == 1 else 's'} left"
    if not pool.waiting:
        return "full"
    return f"full; {waiting} waiting" if waiting else "full; waiting list open"


def _spoken(instant: datetime | None, zone: str) -> str:
    if instant is None:
        return "a date that is not fixed yet"
    local = instant.astimezone(zone_named(zone))
    return f"{long_date(local.date())} at {clock_time(local)} in {city_of(zone)} ({spoken_zone(instant, zone)})"
