"""The calm page for whoever waits in a long line: the form keeps its turn; the page looks again by itself, without a script."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import time
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from conference.record.under_way import Doing, UnderWay
from conference.web.cookies import SIGN_IN, cookie
from conference.web.links import own_path, path_to
from conference.web.render import render
from conference.web.sent import Answer

SOONEST, LATEST = 3, 20  # seconds until the page looks again
LOST_AFTER = 90  # seconds: a line is never so long that a form still waits in another process
NAME = "waiting:waiting"


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """templates/waiting.html"""

    state: str  # waiting, done, lost
    ahead: int  # forms that come first; 0 where nobody knows
    look: str  # the address to look at again
    back: str  # the page to go back to
    action: str  # where the form was sent; empty where its data are not here any more
    fields: Sequence[tuple[str, str]]  # what was typed, with its key


async def waiting_answer(request: Request, doing: Doing) -> Answer:
    """What answers the form itself."""
    answer = Answer()
    back = own_path(request.headers.get("referer", "").removeprefix(request.headers.get("origin", "") or "-") or "/")
    page = _page(request, doing, path_to(request, NAME, ticket=doing.ticket) + f"?since={int(time())}&back={back}", back)
    await page(request.scope, request.receive, answer)
    return answer


async def waiting(request: Request) -> Response:
    """GET /waiting/{ticket}: the answer, once there is one; who looks from another device is told nothing."""
    here: UnderWay = request.app.state.under_way
    ticket, back = request.path_params["ticket"], own_path(request.query_params.get("back", "/"))
    doing = here.found(ticket)
    if doing and cookie(doing.key.request, SIGN_IN) == cookie(request, SIGN_IN):
        if not doing.work.done():
            return _page(request, doing, _here(request), back)
        answer = doing.work.result()
        response = Response(b"".join(answer.parts), answer.status)
        response.raw_headers = list(answer.headers)
        return response
    since = request.query_params.get("since", "")
    young = since.isdigit() and len(since) < 12 and time() - int(since) < LOST_AFTER
    state = "done" if await here.is_done(ticket) else "waiting" if young else "lost"
    return _answer(request, WaitingPage(state, 0, _here(request), back, "", ()))


def _page(request: Request, doing: Doing, look: str, back: str) -> Response:
    fields = parse_qsl(doing.sent.body.decode("utf-8", "replace"), keep_blank_values=True)
    return _answer(request, WaitingPage("waiting", doing.ahead, look, back, doing.key.request.url.path, fields))


def _answer(request: Request, page: WaitingPage) -> Response:
    if page.state != "waiting":
        return render(request, "waiting.html", page, title="What became of it", status=200 if page.state == "done" else 404)
    seconds = min(max(SOONEST, page.ahead // 100), LATEST)
    response = render(request, "waiting.html", page, title="Your turn is coming", status=202)
    response.headers.update({"Retry-After": str(seconds), "Refresh": f"{seconds}; url={page.look}", "Cache-Control": "no-store"})
    return response


def _here(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
