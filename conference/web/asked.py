"""What in a request decides about an answer that is everybody's: its address, the reader's zone, what may be compressed how."""

from collections.abc import Hashable
from dataclasses import dataclass

from starlette.requests import cookie_parser
from starlette.types import Scope

from conference.web.cookies import BROWSER_ZONE, FLASH, SIGN_IN, ZONE

OPEN_TO_ALL = ("/events/", "/api/v1/")
READS = ("GET", "HEAD")
LONG = 300  # bytes of a query, a zone or a list of encodings that nobody's browser sends
HOST = "__Host-"  # before a cookie's name under TLS


@dataclass(frozen=True, slots=True)
class Asked:
    key: Hashable
    if_none_match: str


def asked_of(scope: Scope) -> Asked | None:
    """None where the answer is one person's, or no answer to a reader."""
    if scope["type"] != "http" or scope["method"] not in READS or not scope["path"].startswith(OPEN_TO_ALL):
        return None
    cookies, encodings, tags = b"", b"", b""
    for name, value in scope["headers"]:
        if name == b"cookie":
            if cookies:
                return None
            cookies = value
        elif name == b"accept-encoding":
            encodings = value if not encodings else encodings + b"," + value
        elif name == b"if-none-match":
            tags = value if not tags else tags + b"," + value
        elif name == b"authorization":
            return None
    zones = _zones(cookies) if cookies else ()
    if zones is None or len(scope["query_string"]) > LONG or len(encodings) > LONG:
        return None
    return Asked((scope["path"], scope["query_string"], zones, encodings), tags.decode("latin-1"))


def _zones(cookies: bytes) -> tuple[str, ...] | None:
    """What names a zone, each cookie apart: of the two that say which was chosen a house reads only one.

    None for somebody who may be signed in or is being told something.
    """
    given = cookie_parser(cookies.decode("latin-1"))
    if any(given.get(name) for name in (SIGN_IN, HOST + SIGN_IN, FLASH, HOST + FLASH)):
        return None
    zones = tuple(given.get(name, "") for name in (ZONE, HOST + ZONE, BROWSER_ZONE))
    if sum(map(len, zones)) > LONG:
        return None
    return zones if any(zones) else ()
