"""Addresses: of routes, of static files, and of where to go next."""

import hashlib
from contextlib import suppress
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse
from starlette.routing import NoMatchFound, Route

from conference.files import folder
from conference.web.cookies import leave_flash
from conference.web.request import house

SEE_OTHER = 303
MAX_PATH = 500  # characters of a way back


@cache
def static_version() -> str:
    """A hash over all static files: their addresses change when any of them does, so browsers may keep them for a year."""
    whole = hashlib.sha256()
    root = folder("static")
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        whole.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()[:12]


def asset(path: str) -> str:
    return f"/static/{static_version()}/{path}"


def path_to(request: HTTPConnection, name: str, **params: Any) -> str:
    """Starlette would try every route before the right one, for each link of a page."""
    app: Starlette = request.app
    for route in _named(app).get(name, ()):
        with suppress(NoMatchFound):
            return str(route.url_path_for(name, **params))
    return str(app.url_path_for(name, **params))


def _named(app: Starlette) -> dict[str, list[Route]]:
    """The routes of an application by their names, looked up once."""
    found: dict[str, list[Route]] | None = getattr(app.state, "named", None)
    if found is None:
        found = app.state.named = {}
        for route in app.routes:
            if isinstance(route, Route):
                found.setdefault(route.name, []).append(route)
    return found


def full_address(request: HTTPConnection, name: str, **params: Any) -> str:
    """The address with the house's own origin, for mails, feeds and QR codes; never the request's Host."""
    return house(request).settings.base_url + path_to(request, name, **params)


def redirect(request: Request, name: str, said: str = "", **params: Any) -> RedirectResponse:
    """303 to a route, with a sentence for the page there."""
    return redirect_to(request, path_to(request, name, **params), said)


def redirect_to(request: Request, path: str, said: str = "") -> RedirectResponse:
    """303 to a path of this site; anything else leads home."""
    response = RedirectResponse(own_path(path), SEE_OTHER)
    if said:
        leave_flash(request, response, said)
    return response


def own_path(path: str) -> str:
    """The path when it stays on this site, else `/`: no scheme, no host, no backslash tricks, no control characters, not endless."""
    try:
        parts = urlsplit(path)
    except ValueError:  # such as //[
        return "/"
    safe = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable() and len(path) <= MAX_PATH
    return path if safe and not parts.scheme and not parts.netloc else "/"
