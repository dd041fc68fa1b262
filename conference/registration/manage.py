"""Places and seats from the organisers' side: how many there are, who has them, giving one, and taking it back."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Conflict, Invalid
from conference.people.access import require_role
from conference.people.actions import know_person
from conference.people.tables import Person, RoleKind
from conference.programme.queries import SessionFacts, event_at, session_at, sessions_by_id
from conference.programme.tables import Event, RegistrationKind, Session
from conference.registration.actions import cancel_registration, give_place
from conference.registration.forms import GivePlaceForm, SeatsForm
from conference.registration.queries import (
    people_booked,
    pool_of_event,
    pool_of_session,
    registration_at,
    registration_of,
    standing_of,
)
from conference.registration.rules import check_booking_is_open, has_free_place
from conference.registration.seats import set_seats
from conference.registration.tables import CapacityPool, Registration
from conference.registration.waiting import people_waiting
from conference.storage.database import Db
from conference.times import clock_time, short_date, spoken_zone, zone_named
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, real_now, writing


@dataclass(frozen=True, slots=True)
class SeatsPage:
    """templates/registration/manage_seats.html"""

    event: Event
    session: Session
    pool: CapacityPool | None
    open: bool  # seats can still be taken: neither cancelled nor over
    booked: tuple[tuple[Person, str], ...]  # with when, in the order they came
    waiting: tuple[tuple[Person, str], ...]  # whose turn is next first
    typed: Typed
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class PlacesPage:
    """templates/registration/manage_places.html"""

    event: Event
    by_application: bool
    places_words: str
    free: bool
    typed: Typed
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class TakeBackPage:
    """templates/registration/manage_take_back.html"""

    event: Event
    registration: Registration
    person: Person
    seats: tuple[str, ...]  # titles of sessions
    turns: tuple[str, ...]


async def seats(request: Request) -> Response:
    """GET, POST /manage/events/{event}/sessions/{session}/seats: how many, who has one, who waits."""
    if request.method != "POST":
        return await _seats_page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            facts, organiser = await _organised_session(db, request)
            capacity = SeatsForm.read(typed).capacity
            check_booking_is_open(facts.session, now(request))
            before = len(await people_waiting(db, facts.session.id))
            await set_seats(db, facts.event, facts.session, capacity, now(request), real_now(request), by=organiser.id)
            promoted = before - len(await people_waiting(db, facts.session.id))
    except Invalid as wrong:
        return await _seats_page(request, typed, wrong.fields)
    told = f" {_people(promoted)} from the waiting list got a seat, and {'is' if promoted == 1 else 'are'} told." if promoted else ""
    said = f"“{facts.session.title}” has {capacity} seat{'' if capacity == 1 else 's'}.{told}"
    return redirect(request, "registration:seats", said, **request.path_params)


async def places(request: Request) -> Response:
    """GET, POST /manage/events/{event}/places: give somebody a place."""
    if request.method != "POST":
        return await _places_page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, organiser = await _organised(db, request)
            form = GivePlaceForm.read(typed)
            person = await know_person(db, form.email, form.name, now(request))
            had = await registration_of(db, person.id, event.id)
            had_it = had is not None and had.confirmed_at is not None
            await give_place(db, event, person, organiser.id, now(request), real_now(request))
    except Invalid as wrong:
        return await _places_page(request, typed, wrong.fields)
    except Conflict as full:
        return await _places_page(request, typed, {"email": full.sentence})
    other = "" if person.name == form.name else f" We know this address as {person.name}, and that name stays."
    said = "had a place already." if had_it else "has a place. A mail tells them."
    return redirect(request, "registration:registrations", f"{person.name} ({person.email}) {said}{other}", event=event.slug)


async def place_cancellation(request: Request) -> Response:
    """GET, POST /manage/events/{event}/registrations/{registration}/cancellation: says what it does, then takes the place back."""
    if request.method != "POST":
        return await _take_back_page(request)
    async with writing(request) as db:
        event, organiser = await _organised(db, request)
        _, person = await registration_at(db, event.id, request.path_params["registration"])
        await cancel_registration(db, event, person, now(request), real_now(request), by=organiser.id)
    return redirect(request, "registration:registrations", f"{person.name} has no place any more. A mail tells them.", event=event.slug)


async def _organised(db: Db, request: Request) -> tuple[Event, Person]:
    event = await event_at(db, request.path_params["event"])
    return event, await require_role(db, request, event.id, RoleKind.organiser)


async def _organised_session(db: Db, request: Request) -> tuple[SessionFacts, Person]:
    facts = await session_at(db, **request.path_params)
    return facts, await require_role(db, request, facts.event.id, RoleKind.organiser)


async def _seats_page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        facts, _ = await _organised_session(db, request)
        session, zone = facts.session, facts.event.zone
        pool = await pool_of_session(db, session.id)
        page = SeatsPage(
            event=facts.event,
            session=session,
            pool=pool,
            open=not session.cancelled_at and now(request) < session.ends_at,
            booked=tuple((person, _said(booking.booked_at, zone)) for booking, person in await people_booked(db, session.id)),
            waiting=tuple((person, _said(entry.joined_at, zone)) for entry, person in await people_waiting(db, session.id)),
            typed=typed or {"capacity": str(pool.capacity) if pool else ""},
            errors=errors,
        )
    title, status = f"Seats · {session.title}", 422 if errors else 200
    return render(request, "registration/manage_seats.html", page, title=title, status=status, zone=zone)


async def _places_page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event, _ = await _organised(db, request)
        pool = await pool_of_event(db, event.id)
    words = f"{pool.taken} of {pool.capacity} places are taken" if pool else "Places are not limited"
    by_application = event.registration == RegistrationKind.application
    page = PlacesPage(event, by_application, words, has_free_place(pool), typed, errors)
    title, status = f"Give a place · {event.title}", 422 if errors else 200
    return render(request, "registration/manage_places.html", page, title=title, status=status, zone=event.zone)


async def _take_back_page(request: Request) -> Response:
    async with reading(request) as db:
        event, _ = await _organised(db, request)
        registration, person = await registration_at(db, event.id, request.path_params["registration"])
        standing = await standing_of(db, person.id, event.id)
        held = await sessions_by_id(db, standing.booked | standing.ahead.keys())
    ahead = [facts.session for facts in held if facts.event.id == event.id and now(request) < facts.session.ends_at]
    seats = tuple(session.title for session in ahead if session.id in standing.booked)
    turns = tuple(session.title for session in ahead if session.id in standing.ahead)
    page = TakeBackPage(event, registration, person, seats, turns)
    return render(request, "registration/manage_take_back.html", page, title=f"Take a place back · {event.title}", zone=event.zone)


def _people(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}"


def _said(instant: datetime, zone: str) -> str:
    """`Fri 25 June 2021, 09:55 (BST, UTC+1)`: when something came to be, on the event's clock."""
    local = instant.astimezone(zone_named(zone))
    return f"{short_date(local.date())} {local.year}, {clock_time(local)} ({spoken_zone(instant, zone)})"
