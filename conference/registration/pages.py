"""Taking a place and giving it back; seats in workshops and turns on their waiting lists."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Conflict, Invalid, TooMany
from conference.people.access import require_person
from conference.people.actions import sign_in, use_link
from conference.people.door import LinkPage, device_of, kept_nowhere, signed_in
from conference.people.tables import LinkPurpose
from conference.programme.queries import event_at, place_of, session_at
from conference.programme.tables import Event
from conference.registration.actions import cancel_registration
from conference.registration.at_the_door import Door
from conference.registration.clash_page import ask_despite
from conference.registration.clashes import Clashes, check_clashes
from conference.registration.form_actions import ask_with_form, confirm_with_form, register_with_form
from conference.registration.form_page import registration_form
from conference.registration.form_reading import read_both, read_filled
from conference.registration.forms import PlaceForm
from conference.registration.kinds import kind_typed, kinds_at, note_code_try
from conference.registration.queueing import lock_place, lock_registrations
from conference.registration.rules import HOLD_LASTS
from conference.registration.seats import book_seat, give_up_seat
from conference.registration.stars import star_session, unstar_session
from conference.registration.tables import Registration, WaitlistEntry
from conference.web.counter import at_counter
from conference.web.forms import Typed, typed_form
from conference.web.links import full_address, redirect, redirect_to
from conference.web.render import render
from conference.web.request import apart, house, now, reading, real_now, visitor, writing

MINUTES = int(HOLD_LASTS.total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class AskedPage:
    """templates/registration/sent.html: the same words whether or not anybody has this address."""

    email: str
    minutes: int
    full: bool  # all places are taken: it is a turn on the waiting list


@at_counter(lock_place)
async def registration(request: Request) -> Response:
    """GET, POST /events/{event}/registration: the form, or where my registration stands."""
    if request.method != "POST":
        return await registration_form(request, {}, {})
    typed = await typed_form(request)
    try:
        return await _register(request, typed)
    except Invalid as wrong:
        return await registration_form(request, typed, wrong.fields)


async def _register(request: Request, typed: Typed) -> Response:
    slug, with_code = request.path_params["event"], bool(typed.get("code", "").strip())
    if with_code:
        await _count_try(request)
    door: Door = request.app.state.door
    seen = await door.seen(slug, visitor(request).person_id)
    if visitor(request).person_id:
        filled = read_filled(seen.asked, typed)
        if seen.full and not with_code:
            raise Conflict(seen.full)
        async with writing(request) as db:
            event = await event_at(db, slug)
            kind, code = kind_typed(await kinds_at(db, event.id), typed.get("kind", "")), typed.get("code")
            person = await require_person(db, request)
            got = await register_with_form(db, event, person, filled, now(request), real_now(request), kind=kind, code=code)
        return _to_the_place(request, event, got)
    form, filled = read_both(PlaceForm, seen.asked, typed)
    address = full_address(request, "registration:confirmation", event=slug, token="-").removesuffix("-")  # noqa: S106
    how: dict[str, Any] = {"secret": house(request).settings.secret_key, "address": address}
    async with writing(request) as db:
        event = await event_at(db, slug)
        kind, code = kind_typed(await kinds_at(db, event.id), typed.get("kind", "")), typed.get("code")
        moments = now(request), real_now(request)
        full = await ask_with_form(db, event, form.email, form.name, visitor(request).zone, filled, *moments, kind=kind, code=code, **how)
    page = AskedPage(form.email, MINUTES, full)
    return render(request, "registration/sent.html", page, title="Look at your mail", zone=event.zone)


async def _count_try(request: Request) -> None:
    """Nobody guesses a code. Raises Invalid beside its field."""
    network = request.client.host if request.client else ""
    try:
        async with apart(request) as db:
            event = await event_at(db, request.path_params["event"])
            await note_code_try(db, event, visitor(request).person_id, network, real_now(request))
    except TooMany as many:
        raise Invalid("code", many.sentence) from many


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
        got = await confirm_with_form(db, event, link, now(request), real_now(request))
        cookie = await sign_in(db, link.person_id, real_now(request), device_of(request))
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
    return redirect(request, "site:event", "Your registration is cancelled. Your seats are free for others.", event=event.slug)


@at_counter(lock_registrations)
async def booking(request: Request) -> Response:
    """POST /events/{event}/sessions/{session}/booking: take a seat, or the last turn on the waiting list."""
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            person = await require_person(db, request)
            event, session = await place_of(db, **request.path_params)
            await check_clashes(db, event, session, person, despite=typed.get("despite", "").split())
            got = await book_seat(db, event, session, person, now(request), real_now(request))
    except Clashes:
        return await ask_despite(request, typed)
    said = "The session is full: you are on the waiting list." if isinstance(got, WaitlistEntry) else "You have a seat."
    return await _back(request, said)


async def booking_cancellation(request: Request) -> Response:
    """POST /events/{event}/sessions/{session}/booking/cancellation: give up a seat or a turn."""
    async with writing(request) as db:
        person = await require_person(db, request)
        facts = await session_at(db, event=request.path_params["event"], session=request.path_params["session"])
        await give_up_seat(db, facts.event, facts.session, person, now(request), real_now(request))
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
