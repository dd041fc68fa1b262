"""Pages: one frozen dataclass per template, and the frame (`chrome`) around it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from conference.files import folder
from conference.times import (
    city_of,
    clock_time,
    long_date,
    spoken_zone,
    zone_named,
)
from conference.web.cookies import FLASH, cookie, drop_cookie, flash
from conference.web.kept import Showing, shown
from conference.web.links import asset, own_path, path_to
from conference.web.once_field import CarriesKey, once
from conference.web.request import HOUSE_ZONE, Visitor, house, now, visitor, zone_for

FORM_AGAIN = 422  # the status of a form that comes back with what was typed


@dataclass(frozen=True, slots=True)
class Chrome:
    """What base.html shows around every page."""

    title: str
    person: Visitor | None
    nav: tuple[tuple[str, str, bool], ...]  # label, address, current
    manages: tuple[tuple[str, str], ...]
    zone: str
    zone_words: str
    zone_chosen: bool
    path: str  # this page, for forms that come back to it
    now: str  # the domain's now, ISO 8601 UTC; empty on a page that is kept for others: it would be read later
    ahead: int  # seconds by which a rehearsal's clock is ahead of ours
    rehearsal: str | None
    demo: bool
    flash: tuple[str, ...]
    canonical: str


@lru_cache
def environment() -> Environment:
    """Templates that escape everything (but the plain text of mails) and stumble over nothing undefined. One for the whole process."""
    made = Environment(
        loader=FileSystemLoader(folder("templates")),
        autoescape=_is_markup,  # noqa: S701 - all but .txt
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[CarriesKey],
    )
    made.globals |= {"asset": asset, "once": once}
    return made


def _is_markup(template: str | None) -> bool:
    return not (template or "").endswith(".txt")


def render(
    request: Request, template: str, page: Any, *, title: str, status: int = 200, zone: str = HOUSE_ZONE, shows: Showing | None = None
) -> HTMLResponse:
    """The page as HTML. `zone` is where times are read when nobody knows the visitor's own.

    `shows`: all that the page depends on besides its reader's zone; then it is kept, for whoever else is not signed in.
    """
    here = house(request)
    text = here.templates.get_template(template).render(
        page=page,
        chrome=_chrome(request, title, zone_for(request, zone), known=status < 400 or status == FORM_AGAIN, kept=shows is not None),
        link=lambda name, **params: path_to(request, name, **params),
    )
    # Every page's frame depends on the visitor's cookies, so no shared cache may keep it; a signed-in one nobody.
    keep = "no-store" if visitor(request).person_id or status >= 400 else "private, no-cache"
    response = HTMLResponse(text, status, {"Cache-Control": keep, "Vary": "Cookie"})
    if cookie(request, FLASH):
        drop_cookie(request, response, FLASH)
    return shown(request, response, shows) if shows else response


def _chrome(request: Request, title: str, zone: str, *, known: bool, kept: bool) -> Chrome:
    """`known`: the address is one of ours. An error page never repeats its address: a mistyped secret would stand in it."""
    here, who, path = house(request), visitor(request), request.url.path
    nav = [("Events", "/"), ("My page", "/me")] if who.person_id else [("Events", "/")]
    said = flash(request)
    return Chrome(
        title=title,
        person=who if who.person_id else None,
        nav=tuple((label, address, address == path) for label, address in nav),
        manages=(("Organise", "/manage"),) if who.manages else (),
        zone=zone,
        zone_words=spoken_zone(now(request), zone),
        zone_chosen=who.zone_chosen or "zone" in request.query_params,
        path=_way_back(request) if known else "/",
        now="" if kept and not who.person_id else now(request).strftime("%Y-%m-%dT%H:%M:%SZ"),
        ahead=round(here.clock.offset.total_seconds()) if here.clock.offset else 0,
        rehearsal=_rehearsal_words(request) if here.clock.rehearsing else None,
        demo=here.settings.demo,
        flash=(said,) if said else (),
        canonical=here.settings.base_url + path if known else "",
    )


def _way_back(request: Request) -> str:
    """This page, or the page whose form this answers: some addresses take forms only."""
    if request.method in ("GET", "HEAD"):
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return own_path(re.sub(r"^https?://[^/]*", "", request.headers.get("referer", "/")) or "/")


def _rehearsal_words(request: Request) -> str:
    local = now(request).astimezone(zone_named(HOUSE_ZONE))
    return f"{long_date(local.date())}, {clock_time(local)} in {city_of(HOUSE_ZONE)} ({spoken_zone(local, HOUSE_ZONE)})"
