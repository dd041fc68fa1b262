"""Somebody's own calendar: what is in it, and what was (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from conference.ics.entry import Calendar, Entry
from conference.people.tables import Person
from conference.programme.entry import Origin, is_listed, session_entry
from conference.programme.queries import SessionFacts
from conference.programme.tables import RegistrationKind
from conference.registration.tables import Booking, Registration

REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Own:
    """All that decides about a person's calendar. Bookings and registrations (confirmed ones) include those that are over."""

    person: Person
    sessions: Sequence[SessionFacts]
    spoken: frozenset[UUID]  # session ids
    bookings: Sequence[Booking]
    registrations: Sequence[Registration]


@dataclass(frozen=True, slots=True)
class _Claim:
    """What puts a session into the calendar: from when, and until when; None while it does."""

    since: datetime
    until: datetime | None
    because: str
    because_before: str


def own_calendar(person: Person, origin: Origin, otherwise_zone: str) -> Calendar:
    """Its UID outlives the secret address, which is nowhere in it."""
    return Calendar(
        uid=origin.uid(f"own-sessions-{person.id}"),
        name="My conference sessions",
        description="What you have a seat in, speak at, or take part in as everybody does.",
        zone=person.zone or otherwise_zone,
        url=f"{origin.base_url}/me",
        refresh=REFRESH,
    )


def own_entries(own: Own, origin: Origin) -> list[Entry]:
    """Booked, spoken at, for everybody who is registered; as tombstones what was given up, for ever, since readers may come back late."""
    entries = (_entry(own, facts, origin) for facts in own.sessions if is_listed(facts.session))
    return [entry for entry in entries if entry]


def last_changed(own: Own, otherwise: datetime) -> datetime:
    """When anything that decides about the calendar last changed; `otherwise` where there is nothing yet."""
    moments = [facts.event.modified_at for facts in own.sessions]
    moments += [moment for row in own.bookings for moment in (row.booked_at, row.given_up_at) if moment]
    moments += [moment for row in own.registrations for moment in (row.confirmed_at, row.cancelled_at) if moment]
    return max(moments, default=otherwise)


def _entry(own: Own, facts: SessionFacts, origin: Origin) -> Entry | None:
    session = facts.session
    seats = [_seat(booking) for booking in own.bookings if booking.session_id == session.id]
    places = [_place(facts, row) for row in own.registrations if row.event_id == session.event_id]
    claims = seats + (places if session.for_everyone else [])
    holding = [claim for claim in claims if claim.until is None]
    if session.id in own.spoken:
        because = "you speak at it"
    elif holding:
        because = holding[0].because
    elif claims:
        because = claims[0].because_before
    else:
        return None
    lost_at = max((claim.until for claim in claims if claim.until), default=None)
    dropped = not holding and session.id not in own.spoken and lost_at is not None and lost_at < session.ends_at
    return _numbered(session_entry(facts, origin, because), seats + places, dropped=dropped)


def _numbered(entry: Entry, claims: Sequence[_Claim], *, dropped: bool) -> Entry:
    """Every gain and loss after the first raises SEQUENCE. Such rows are never deleted, so it never falls, whatever comes back."""
    moments = sorted([claim.since for claim in claims] + [claim.until for claim in claims if claim.until])[1:]
    return replace(
        entry,
        sequence=entry.sequence + len(moments),
        modified_at=max([entry.modified_at, *moments]),
        cancelled=entry.cancelled or dropped,
    )


def _seat(booking: Booking) -> _Claim:
    return _Claim(booking.booked_at, booking.given_up_at, "you have a seat in it", "you had a seat in it, which you gave up")


def _place(facts: SessionFacts, registration: Registration) -> _Claim:
    assert registration.confirmed_at
    title = facts.event.title
    by_application = facts.event.registration is RegistrationKind.application
    return _Claim(
        registration.confirmed_at,
        registration.cancelled_at,
        f"you have a place at {title}" if by_application else f"you are registered for {title}",
        f"you had a place at {title}, which you gave up",
    )
