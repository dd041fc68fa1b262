"""The cookies of the house, by name, with the right flags."""

from urllib.parse import quote, unquote

from starlette.requests import HTTPConnection
from starlette.responses import Response

from conference.web.request import house

YEAR = 365 * 24 * 3600  # seconds
SIGN_IN = "sign_in"
ZONE = "zone"  # chosen by the person
BROWSER_ZONE = "browser_zone"  # told by the browser's script
FLASH = "flash"  # one sentence for the next page


def cookie(request: HTTPConnection, name: str) -> str:
    return request.cookies.get(_full(request, name), "")


def set_cookie(request: HTTPConnection, response: Response, name: str, value: str, *, seconds: int) -> None:
    """HttpOnly, SameSite=Lax, host-only; under TLS Secure, with the __Host- prefix."""
    secure = house(request).settings.secure
    response.set_cookie(_full(request, name), value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax")


def drop_cookie(request: HTTPConnection, response: Response, name: str) -> None:
    response.delete_cookie(_full(request, name), path="/", secure=house(request).settings.secure, httponly=True, samesite="lax")


def leave_flash(request: HTTPConnection, response: Response, sentence: str) -> None:
    set_cookie(request, response, FLASH, quote(sentence), seconds=60)


def flash(request: HTTPConnection) -> str:
    """What the act before this page wanted to say. It is text of the visitor's own browser: shown escaped, like any other."""
    return unquote(cookie(request, FLASH))[:300]


def _full(request: HTTPConnection, name: str) -> str:
    return f"__Host-{name}" if house(request).settings.secure else name
