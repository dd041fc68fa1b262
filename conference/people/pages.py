"""Signing in by a mailed link, signing out, one's own details, and the zone that times are shown in."""

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from conference.errors import Invalid
from conference.mail.actions import queue_mail, strangers_may_write
from conference.people.access import require_person
from conference.people.actions import make_link, sign_in, sign_out, use_link
from conference.people.door import LinkPage, SentPage, device_of, kept_nowhere, signed_in
from conference.people.forms import COUNTRIES, EmailForm, ProfileForm
from conference.people.queries import person_by_email
from conference.people.rules import LINK_LASTS
from conference.people.tables import LinkPurpose, Person
from conference.times import city_of, known_zones, spoken_zone, zone_meant
from conference.web.cookies import SIGN_IN, YEAR, ZONE, drop_cookie, set_cookie
from conference.web.forms import Typed, typed_form
from conference.web.links import full_address, own_path, redirect, redirect_to
from conference.web.render import render
from conference.web.request import (
    HOUSE_ZONE,
    house,
    now,
    reading,
    real_now,
    visitor,
    writing,
    zone_for,
)

Errors = dict[str, str]


@dataclass(frozen=True, slots=True)
class SignInPage:
    """templates/people/sign_in.html"""

    typed: Typed
    errors: Errors
    next_path: str


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """templates/people/profile.html"""

    typed: Typed
    errors: Errors
    email: str
    countries: tuple[tuple[str, str], ...] = field(default=COUNTRIES)


@dataclass(frozen=True, slots=True)
class ZonePage:
    """templates/people/zone.html"""

    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # a part of the world, and its zones: name, words
    zone: str  # in use now, or as typed
    errors: Errors
    next_path: str


async def sign_in_form(request: Request) -> Response:
    """GET, POST /sign-in: ask for a link."""
    if request.method != "POST":
        page = SignInPage({}, {}, own_path(request.query_params.get("next", "/me")))
        return render(request, "people/sign_in.html", page, title="Sign in")
    typed = await typed_form(request)
    next_path = own_path(typed.get("next", "/me"))
    try:
        email = EmailForm.read(typed).email
    except Invalid as wrong:
        return render(request, "people/sign_in.html", SignInPage(typed, wrong.fields, next_path), title="Sign in", status=422)
    await _mail_link(request, email, next_path)
    return render(request, "people/sent.html", SentPage(email, int(LINK_LASTS.total_seconds() // 60)), title="Look at your mail")


async def _mail_link(request: Request, email: str, next_path: str) -> None:
    """A link for whoever has this address; whoever hasn't is told so by mail, never by the page."""
    moment = real_now(request)
    async with writing(request) as db:
        if not await strangers_may_write(db, email, moment):
            return
        person = await person_by_email(db, email)
        if person is None:
            await queue_mail(db, "sign_in_unknown", email, moment, home=full_address(request, "site:home"))
            return
        token = await make_link(db, house(request).settings.secret_key, person, LinkPurpose.sign_in, moment, next_path=next_path)
        link = full_address(request, "people:link", token=token)
        await queue_mail(
            db, "sign_in", person.email, moment, to_name=person.name, person_id=person.id, link=link, minutes=LINK_LASTS.seconds // 60
        )


async def open_link(request: Request) -> Response:
    """GET, POST /sign-in/{token}: a page with a button; the button signs in."""
    token = request.path_params["token"]
    if request.method != "POST":
        page = LinkPage(f"/sign-in/{token}", "Sign in", "Press the button to sign in on this device. The link works once.", "Sign in")
        return kept_nowhere(render(request, "people/link.html", page, title="Sign in"))
    async with writing(request) as db:
        link = await use_link(db, house(request).settings.secret_key, token, LinkPurpose.sign_in, real_now(request))
        if before := visitor(request).sign_in_id:  # this browser's own, which the new one takes the place of
            await sign_out(db, before, real_now(request))
        cookie = await sign_in(db, link.person_id, real_now(request), device_of(request))
    return signed_in(request, redirect_to(request, link.next_path, "You are signed in."), cookie)


async def sign_out_here(request: Request) -> Response:
    """POST /sign-out"""
    session = visitor(request).sign_in_id
    if session:
        async with writing(request) as db:
            await sign_out(db, session, real_now(request))
    response = redirect(request, "site:home", "You are signed out.")
    drop_cookie(request, response, SIGN_IN)
    return response


async def zone_page(request: Request) -> Response:
    """GET /time-zone: every zone by its part of the world, for whoever the short form in the head does not serve."""
    return _zone_page(request, zone_for(request), {}, own_path(request.query_params.get("next", "/")))


async def zone_names(request: Request) -> Response:
    """GET /time-zone/names: what the form in the head suggests, fetched when it is first opened."""
    return JSONResponse(known_zones(), headers={"Cache-Control": "public, max-age=86400"})


async def choose_zone(request: Request) -> Response:
    """POST /time-zone: remember the zone on this device, and with the person. An empty one: the browser's again."""
    typed = await typed_form(request)
    zone, back = typed.get("zone", "").strip(), own_path(typed.get("next", "/"))
    try:
        zone = zone_meant(zone) if zone else ""
    except Invalid as wrong:
        return _zone_page(request, zone, wrong.fields, back)
    async with writing(request) as db:
        person = await db.get(Person, visitor(request).person_id) if visitor(request).person_id else None
        if person:
            person.zone = zone or None
    said = f"Times are now shown for {city_of(zone)}." if zone else "Times are now shown in your device’s own zone."
    response = redirect_to(request, _without_zone(back), said)
    if zone:
        set_cookie(request, response, ZONE, zone, seconds=YEAR)
    else:
        drop_cookie(request, response, ZONE)
    return response


def _zone_page(request: Request, zone: str, errors: Errors, next_path: str) -> Response:
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(known_zones(), key=city_of):
        region = name.split("/", 1)[0] if "/" in name else "Everywhere"
        groups.setdefault(region, []).append((name, f"{city_of(name)} ({spoken_zone(now(request), name)})"))
    page = ZonePage(tuple((region, tuple(zones)) for region, zones in sorted(groups.items())), zone, errors, next_path)
    return render(request, "people/zone.html", page, title="Time zone", status=422 if errors else 200)


def _without_zone(path: str) -> str:
    """An address that names a zone would overrule the one just chosen."""
    where, _, query = path.partition("?")
    kept = "&".join(part for part in query.split("&") if part and not part.startswith("zone="))
    return f"{where}?{kept}" if kept else where


async def profile(request: Request) -> Response:
    """GET, POST /me/details"""
    if request.method != "POST":
        async with reading(request) as db:
            person = await require_person(db, request)
        typed = {"name": person.name, "country": person.country or "", "zone": person.zone or "", "organisation": person.organisation}
        return _profile_page(request, typed, {}, person.email)
    typed = await typed_form(request)
    async with writing(request) as db:
        person = await require_person(db, request)
        try:
            form = ProfileForm.read(typed)
        except Invalid as wrong:
            return _profile_page(request, typed, wrong.fields, person.email)
        person.name, person.organisation = form.name, form.organisation
        person.country, person.zone = form.country or None, form.zone or None
    response = redirect(request, "site:me", "Your details are saved.")
    if form.zone:
        set_cookie(request, response, ZONE, form.zone, seconds=YEAR)
    return response


def _profile_page(request: Request, typed: Typed, errors: Errors, email: str) -> Response:
    page = ProfilePage(typed, errors, email)
    return render(request, "people/profile.html", page, title="My details", status=422 if errors else 200, zone=HOUSE_ZONE)
