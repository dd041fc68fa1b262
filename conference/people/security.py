"""How one gets in: a password beside the mailed link, and the devices that are signed in."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Invalid, TooMany
from conference.mail.actions import queue_mail, strangers_may_write
from conference.people.access import is_recent, require_person
from conference.people.actions import make_link, sign_out
from conference.people.door import SentPage, device_of, signed_in
from conference.people.forms import EmailForm
from conference.people.rules import LINK_LASTS
from conference.people.sure import again, is_sure
from conference.people.tables import LinkPurpose
from conference.people.tries import forget_tries, take_try
from conference.people.ways_in import (
    NO_MATCH,
    devices_of,
    hash_for,
    password_of,
    prove,
    remove_password,
    set_password,
    sign_in_proven,
    sign_out_device,
    sign_out_everywhere,
)
from conference.times import long_date, spoken_moment, zone_named
from conference.web.cookies import SIGN_IN, drop_cookie
from conference.web.forms import Typed, typed_form
from conference.web.links import full_address, own_path, redirect, redirect_to
from conference.web.render import render
from conference.web.request import HOUSE_ZONE, apart, house, reading, real_now, visitor, writing, zone_for

Errors = dict[str, str]


@dataclass(frozen=True, slots=True)
class PasswordPage:
    """templates/people/password.html: signing in by a password; `whose`: somebody who is signed in shows that it is them."""

    typed: Typed
    errors: Errors
    next_path: str
    whose: str = ""  # the address of whoever is signed in


@dataclass(frozen=True, slots=True)
class Device:
    """A device that is signed in."""

    id: str
    words: str
    since: str
    seen: str
    here: bool


@dataclass(frozen=True, slots=True)
class SecurityPage:
    """templates/people/security.html"""

    password_since: str  # empty: there is none
    devices: tuple[Device, ...]
    recent: bool
    errors: Errors


async def password_sign_in(request: Request) -> Response:
    """GET, POST /sign-in/password: with the same words and in the same time for a wrong password, none, and an unknown address."""
    if request.method != "POST":
        return _password_page(request, {}, {}, own_path(request.query_params.get("next", "/me")))
    typed = await typed_form(request)
    next_path = own_path(typed.get("next", "/me"))
    try:
        email = EmailForm.read(typed).email
    except Invalid as wrong:
        return _password_page(request, typed, wrong.fields, next_path)
    return await _by_password(request, email, typed, next_path)


async def sign_in_again(request: Request) -> Response:
    """GET, POST /sign-in/again: whoever is signed in shows that it is still them, by a mailed link or their password."""
    typed = await typed_form(request) if request.method == "POST" else {}
    next_path = own_path(typed.get("next") or request.query_params.get("next", "/me"))
    async with reading(request) as db:
        person = await require_person(db, request)
    if request.method != "POST":
        return _password_page(request, {}, {}, next_path, whose=person.email)
    if typed.get("by") == "password":
        return await _by_password(request, person.email, typed, next_path, whose=person.email)
    moment, secret, minutes = real_now(request), house(request).settings.secret_key, LINK_LASTS.seconds // 60
    async with writing(request) as db:
        person = await require_person(db, request)
        if await strangers_may_write(db, person.email, moment):
            token = await make_link(db, secret, person, LinkPurpose.sign_in, moment, next_path=next_path)
            link = full_address(request, "people:link", token=token)
            await queue_mail(db, "sign_in", person.email, moment, to_name=person.name, person_id=person.id, link=link, minutes=minutes)
    return render(request, "people/sent.html", SentPage(person.email, minutes), title="Look at your mail")


async def security(request: Request) -> Response:
    """GET /me/security"""
    return await _security_page(request, {})


async def password(request: Request) -> Response:
    """POST /me/security/password: set one, or another."""
    if not await is_sure(request):
        return again(request, "people:security")
    typed = await typed_form(request)
    async with reading(request) as db:
        person = await require_person(db, request)
    try:
        if typed.get("password", "") != typed.get("repeated", ""):
            raise Invalid("repeated", "This is not what you typed above. Type the same in both.")
        made = await hash_for(typed.get("password", ""), person)
    except Invalid as wrong:
        return await _security_page(request, wrong.fields)
    async with writing(request) as db:
        person = await require_person(db, request)
        changed = await set_password(db, person, made, real_now(request), keep=visitor(request).sign_in_id)
        await forget_tries(db, house(request).settings.secret_key, person.email)
        await queue_mail(db, "password_set", person.email, real_now(request), to_name=person.name, person_id=person.id, changed=changed)
    said = "Your password is changed" if changed else "You have a password now"
    return redirect(request, "people:security", f"{said}. Your other devices are signed out.")


async def password_removal(request: Request) -> Response:
    """POST /me/security/password/removal"""
    if not await is_sure(request):
        return again(request, "people:security")
    async with writing(request) as db:
        await remove_password(db, await require_person(db, request), real_now(request))
    return redirect(request, "people:security", "Your password is removed. The link by mail works as before.")


async def device_ending(request: Request) -> Response:
    """POST /me/security/devices/{device}/ending: sign one of one's own devices out."""
    async with writing(request) as db:
        person = await require_person(db, request)
        await sign_out_device(db, person.id, request.path_params["device"], real_now(request))
    return redirect(request, "people:security", "That device is signed out.")


async def everywhere(request: Request) -> Response:
    """POST /me/security/sign-out: of all devices, this one too."""
    async with writing(request) as db:
        person = await require_person(db, request)
        await sign_out_everywhere(db, person.id, real_now(request))
    response = redirect(request, "site:home", "You are signed out on all your devices.")
    drop_cookie(request, response, SIGN_IN)
    return response


async def _by_password(request: Request, email: str, typed: Typed, next_path: str, *, whose: str = "") -> Response:
    here, moment = house(request), real_now(request)
    try:
        async with apart(request) as db:  # nobody waits for this one's hash
            came_from = request.client.host if request.client else ""
            try_id = await take_try(db, here.settings.secret_key, email, came_from, moment)
        person = await prove(here.database, email, typed.get("password", ""))
    except TooMany as no:
        return _password_page(request, typed, {"password": no.sentence}, next_path, whose=whose, status=no.status)
    if person is None:
        return _password_page(request, typed, {"password": NO_MATCH}, next_path, whose=whose)
    async with writing(request) as db:
        if before := visitor(request).sign_in_id:
            await sign_out(db, before, moment)
        token = await sign_in_proven(db, person, try_id, moment, device_of(request))
    return signed_in(request, redirect_to(request, next_path, "You are signed in."), token)


def _password_page(request: Request, typed: Typed, errors: Errors, next_path: str, *, whose: str = "", status: int = 422) -> Response:
    page = PasswordPage({"email": typed.get("email", "")}, errors, next_path, whose)
    title = "Sign in once more" if whose else "Sign in with a password"
    return render(request, "people/password.html", page, title=title, status=status if errors else 200)


async def _security_page(request: Request, errors: Errors) -> Response:
    zone, moment = zone_for(request, HOUSE_ZONE), real_now(request)
    async with reading(request) as db:
        person = await require_person(db, request)
        row = await password_of(db, person.id)
        devices = tuple(
            Device(
                id=str(one.id),
                words=one.device or "A browser",
                since=spoken_moment(one.made_at, zone),
                seen=long_date((one.seen_at or one.made_at).astimezone(zone_named(zone)).date()),
                here=one.id == visitor(request).sign_in_id,
            )
            for one in await devices_of(db, person.id, moment)
        )
        page = SecurityPage(spoken_moment(row.set_at, zone) if row else "", devices, await is_recent(db, request), errors)
    return render(request, "people/security.html", page, title="Signing in", status=422 if errors else 200)
