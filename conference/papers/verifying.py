"""Whether a paper is what it says: anybody with its code may ask, and is told no more than stands on it."""

import asyncio
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.attendance.tickets import read_code
from conference.errors import TooMany
from conference.papers.queries import paper_with_code
from conference.papers.rules import day_of, shown_of
from conference.papers.setting import ZONE
from conference.people.tries import network_of
from conference.web.links import path_to, redirect_to
from conference.web.render import FORM_AGAIN, render
from conference.web.request import reading
from conference.wire.limits import Buckets

AT_ONCE = 30  # questions from one network
A_SECOND = 0.5  # in the long run
NOT_A_CODE = "Enter the code that stands beside the picture: 16 letters and digits."


@dataclass(frozen=True, slots=True)
class VerifyPage:
    """templates/papers/verify.html"""

    typed: str
    errors: dict[str, str]
    code: str  # that was asked for; empty: none yet
    genuine: bool
    revoked: str  # since when; empty: it stands
    shown: tuple[tuple[str, str], ...]


async def verify(request: Request) -> Response:
    """GET /verify?code=: the form; with a code it leads to the answer."""
    typed = request.query_params.get("code", "").strip()[:100]
    if code := read_code(typed):
        return redirect_to(request, path_to(request, "papers:verified", paper=code))
    page = VerifyPage(typed, {"code": NOT_A_CODE} if typed else {}, "", False, "", ())
    return render(request, "papers/verify.html", page, title="Verify a paper", status=FORM_AGAIN if typed else 200)


async def verified(request: Request) -> Response:
    """GET /verify/{paper}: what this paper says, that it was revoked, or that there is none. Raises TooMany."""
    _count(request)
    code = read_code(request.path_params["paper"])
    async with reading(request) as db:
        paper = await paper_with_code(db, code)
    if paper is None:
        return render(request, "papers/verify.html", VerifyPage("", {}, code, False, "", ()), title="No such paper", status=404)
    revoked = day_of(paper.revoked_at, ZONE) if paper.revoked_at else ""
    shown = () if revoked else tuple(shown_of(paper))
    title = "Revoked paper" if revoked else "Genuine paper"
    response = render(request, "papers/verify.html", VerifyPage("", {}, code, True, revoked, shown), title=title)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _count(request: Request) -> None:
    state = request.app.state
    if not hasattr(state, "verifying"):
        state.verifying = Buckets(burst=AT_ONCE, per_second=A_SECOND)
    network = network_of(request.client.host if request.client else "")
    if not state.verifying.take(network, asyncio.get_running_loop().time()):
        raise TooMany("Many papers were verified from your network just now. Wait a minute, then ask again.")
