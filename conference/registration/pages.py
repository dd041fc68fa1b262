"""Taking a place and giving it back; seats in workshops and turns on their waiting lists."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Conflict, Invalid
from conference.people.access import require_person
from conference.people.actions import sign_in, use_link
from conference.people.door import LinkPage, kept_nowhere, signed_in
from conference.people.tables import LinkPurpose, Person
from conference.programme.queries import event_at, session_at
from conference.programme.tables import Event
from conference.registration.actions import (
    ask_for_place,
    cancel_registration,
    confirm_by_link,
    register_person,
)
from conference.registration.clash_page import ask_despite
from conference.registration.clashes import Clashes, check_clashes
from conference.registration.forms import PlaceForm
from conference.registration.queries import pool_of_event, registration_of
from conference.registration.rules import (
    HOLD_LASTS,
    check_place_is_free,
    check_registration_is_open,
    full_words,
    has_free_place,
    state_of,
)
from conference.registration.seats import book_seat, give_up_seat
from conference.registration.stars import star_session, unstar_session
from conference.registration.tables import Registration, WaitlistEntry
from conference.registration.turn_rules import why_words
from conference.registration.waiting import place_entry_of, turn_of
from conference.storage.database import Db
from conference.web.forms import Typed, typed_form
from conference.web.links import full_address, redirect, redirect_to
from conference.web.render import render
from conference.web.request import house, now, reading, real_now, visitor, writing, zone_for

MINUTES = int(HOLD_LASTS.total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class RegistrationPage:
    """templates/registration/registration.html"""

    event: Event
    state: str  # "", pending, confirmed
    closed_words: str  # why one can't register now; empty when one can
    full_words: str  # registering is a turn on the waiting list, and why; empty while there are places
    turn_words: tuple[str, ...]  # where the reader's turn stands; empty without one
    who_for: tuple[str, ...]
    signed_in: bool
    typed: Typed
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class AskedPage:
    """templates/registration/sent.html: the same words whether or not anybody has this address."""

    email: str
    minutes: int
    full: bool  # all places are taken: it is a turn on the waiting list


async def registration(request: Request) -> Response:
    """GET, POST /events/{event}/registration: the form, or where my registration stands."""
    if request.method != "POST":
        return await _form(request, {}, {})
    typed = await typed_form(request)
    try:
        return await _register(request, typed)
    except Invalid as wrong:
        return await _form(request, typed, wrong.fields)


async def _register(request: Request, typed: Typed) -> Response:
    slug = request.path_params["event"]
    if visitor(request).person_id:
        async with writing(request) as db:
            event = await event_at(db, slug)
            got = await register_person(db, event, await require_person(db, request), now(request), real_now(request))
        house(request).mail_waits.set()
        return _to_the_place(request, event, got)
    form = PlaceForm.read(typed)
    address = full_address(request, "registration:confirmation", event=slug, token="-").removesuffix("-")  # noqa: S106
    async with writing(request) as db:
        event = await event_at(db, slug)
        moments = now(request), real_now(request)
        full = await ask_for_place(
            db, event, form.email, form.name, visitor(request).zone, *moments, secret=house(request).settings.secret_key, address=address
        )
    house(request).mail_waits.set()
    page = AskedPage(form.email, MINUTES, full)
    return render(request, "registration/sent.html", page, title="Look at your mail", zone=event.zone)


async def confirmation(request: Request) -> Response:
    """GET, POST /events/{event}/registration/confirmation/{token}: a button; it confirms the place and signs in."""
    slug, token = request.path_params["event"], request.path_params["token"]
    async with reading(request) as db:
        event = await event_at(db, slug)
    if request.method != "POST":
        page = LinkPage(request.url.path, "Confirm your place", f"One press, and your place at {event.title} is yours.", "Confirm my place")
        return kept_nowhere(render(request, "people/link.html", page, title="Confirm your place", zone=event.zone))
    async with writing(request) as db:
        event = await event_at(db, slug)
        link = await use_link(db, house(request).settings.secret_key, token, LinkPurpose.registration, real_now(request))
        got = await confirm_by_link(db, event, link, now(request), real_now(request))
        cookie = await sign_in(db, link.person_id, real_now(request))
    house(request).mail_waits.set()
    return signed_in(request, _to_the_place(request, event, got), cookie)


def _to_the_place(request: Request, event: Event, got: Registration | WaitlistEntry) -> Response:
    """To what somebody has now: a place, or a turn."""
    if isinstance(got, Registration):
        return redirect(request, "site:event", f"You are registered for {event.title}.", event=event.slug)
    return redirect(request, "registration:place_turn", f"You are on the waiting list of {event.title}.", event=event.slug)


async def cancellation(request: Request) -> Response:
    """POST /events/{event}/registration/cancellation"""
    async with writing(request) as db:
        event = await event_at(db, request.path_params["event"])
        await cancel_registration(db, event, await require_person(db, request), now(request), real_now(request))
    house(request).mail_waits.set()
    return redirect(request, "site:event", "Your registration is cancelled. Your seats are free for others.", event=event.slug)


async def booking(request: Request) -> Response:
    """POST /events/{event}/sessions/{session}/booking: take a seat, or the last turn on the waiting list."""
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            person = await require_person(db, request)
            facts = await session_at(db, **request.path_params)
            await check_clashes(db, facts.event, facts.session, person, despite=typed.get("despite", "").split())
            got = await book_seat(db, facts.event, facts.session, person, now(request), real_now(request))
    except Clashes:
        return await ask_despite(request, typed)
    house(request).mail_waits.set()
    said = "The session is full: you are on the waiting list." if isinstance(got, WaitlistEntry) else "You have a seat."
    return await _back(request, said)


async def booking_cancellation(request: Request) -> Response:
    """POST /events/{event}/sessions/{session}/booking/cancellation: give up a seat or a turn."""
    async with writing(request) as db:
        person = await require_person(db, request)
        facts = await session_at(db, event=request.path_params["event"], session=request.path_params["session"])
        await give_up_seat(db, facts.event, facts.session, person, now(request), real_now(request))
    house(request).mail_waits.set()
    return await _back(request, f"You have given up your place in “{facts.session.title}”.")


async def star(request: Request) -> Response:
    """POST /events/{event}/sessions/{session}/star: keep an eye on a session."""
    async with writing(request) as db:
        person = await require_person(db, request)
        facts = await session_at(db, **request.path_params)
        await star_session(db, facts.session, person, now(request))
    return await _back(request, f"“{facts.session.title}” has your star, and is in your own calendar.")


async def star_removal(request: Request) -> Response:
    """POST /events/{event}/sessions/{session}/star/removal"""
    async with writing(request) as db:
        person = await require_person(db, request)
        facts = await session_at(db, **request.path_params)
        await unstar_session(db, facts.session, person, now(request))
    return await _back(request, f"“{facts.session.title}” has your star no more.")


async def _back(request: Request, said: str) -> Response:
    """To the page that the button was on, the session's own otherwise."""
    back = (await typed_form(request)).get("next", "")
    if back:
        return redirect_to(request, back, said)
    return redirect(request, "site:session", said, event=request.path_params["event"], session=request.path_params["session"])


async def _form(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        person = await db.get(Person, visitor(request).person_id) if visitor(request).person_id else None
        mine = await registration_of(db, person.id, event.id) if person else None
        page = RegistrationPage(
            event=event,
            state=state_of(mine) or "",
            closed_words="" if mine else await _closed_words(db, request, event),
            full_words=await _full_words(db, event),
            turn_words=await _turn_words(db, request, event, person),
            who_for=tuple(part for part in event.who_for.split("\n\n") if part),
            signed_in=person is not None,
            typed=typed,
            errors=errors,
        )
    return render(
        request, "registration/registration.html", page, title=f"Register · {event.title}", status=422 if errors else 200, zone=event.zone
    )


async def _full_words(db: Db, event: Event) -> str:
    pool = await pool_of_event(db, event.id)
    return full_words(event, pool) if pool and pool.waiting and not has_free_place(pool) else ""


async def _turn_words(db: Db, request: Request, event: Event, person: Person | None) -> tuple[str, ...]:
    entry = await place_entry_of(db, person.id, event.id) if person else None
    return why_words(await turn_of(db, entry), "place", now(request), zone_for(request, event.zone)) if entry else ()


async def _closed_words(db: Db, request: Request, event: Event) -> str:
    """Why nobody can register at this moment, in the rule's own sentence."""
    try:
        check_registration_is_open(event, now(request))
        pool = await pool_of_event(db, event.id)
        if not (pool and pool.waiting):
            check_place_is_free(event, pool)
    except Conflict as closed:
        return closed.sentence
    return ""
