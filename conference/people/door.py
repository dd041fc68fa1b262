"""What a mailed link shows and does, whether it signs in or confirms a place."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.people.rules import SIGN_IN_LASTS, device_words
from conference.web.cookies import SIGN_IN, set_cookie


@dataclass(frozen=True, slots=True)
class SentPage:
    """templates/people/sent.html: the same words whether or not anybody has this address."""

    email: str
    minutes: int


@dataclass(frozen=True, slots=True)
class LinkPage:
    """templates/people/link.html: a button, since mail scanners open links and never press buttons."""

    action: str
    heading: str
    words: str
    button: str


def device_of(request: Request) -> str:
    """What kind of device makes this request."""
    return device_words(request.headers.get("user-agent", ""))


def kept_nowhere(response: Response) -> Response:
    """The page of a secret address."""
    response.headers["Cache-Control"] = "no-store"
    return response


def signed_in(request: Request, response: Response, token: str) -> Response:
    """The answer, with this device's sign-in cookie."""
    set_cookie(request, response, SIGN_IN, token, seconds=int(SIGN_IN_LASTS.total_seconds()))
    return response
