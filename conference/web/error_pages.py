"""One calm page for every no and every fault."""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from conference.errors import Refusal, SignInNeeded
from conference.web.links import SEE_OTHER
from conference.web.render import render

log = logging.getLogger("conference.errors")
BUSY = (PoolTimeout, OperationalError)

TITLES = {
    400: ("This request could not be read", "Go back and try again."),
    401: ("Sign in first", "Nothing was changed."),
    403: ("You may not do this", "If you think you should, ask the organisers of the event."),
    404: ("Nothing here", "The address may be mistyped, or what was here is gone."),
    405: ("This page does not take that", "Go back and use the button or form there."),
    409: ("That was not possible", "Nothing was changed."),
    413: ("That was too much at once", "Shorten what you sent and try again. Nothing was changed."),
    422: ("Something needs another look", "Nothing was lost: go back to correct it."),
    429: ("Too many at once", "Wait a little and try again. Nothing was changed."),
    500: (
        "Something went wrong on our side",
        "Nothing that was already confirmed is lost. Try again; if it stays, tell the organisers this reference.",
    ),
    503: ("Very busy right now", "Nothing was changed. Wait a moment and try again."),
}


@dataclass(frozen=True, slots=True)
class ErrorPage:
    status: int
    heading: str
    sentence: str
    advice: str
    reference: str


async def refused(request: Request, refusal: Exception) -> Response:
    """An expected no, in the sentence it carries."""
    assert isinstance(refusal, Refusal)
    request.scope["refused"] = refusal
    if isinstance(refusal, SignInNeeded) and request.method == "GET" and not _wants_json(request):
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?next={quote(here)}", SEE_OTHER)
    return _answer(request, refusal.status, refusal.sentence, refusal.code)


async def http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = _answer(request, error.status_code, "", "http")
    answer.headers.update(error.headers or {})
    return answer


async def gone_away(request: Request, error: Exception) -> Response:
    """The client left while it was still sending: nobody reads the answer."""
    return Response(status_code=HTTPStatus.BAD_REQUEST)


async def busy(request: Request, error: Exception) -> Response:
    """The database is taken up by others, or away: nothing was changed."""
    log.warning("busy %s: %s", request.scope.get("reference", "-"), type(error).__name__)
    return _answer(request, 503, "", "busy")


async def fault(request: Request, error: Exception) -> Response:
    """A bug: the person gets a reference, the log gets the rest. A busy database can show before the routes are reached."""
    if isinstance(error, BUSY):
        return await busy(request, error)
    reference = str(request.scope.get("reference", "-"))
    log.error("fault %s", reference, exc_info=error)
    try:
        return _answer(request, 500, "", "fault")
    except Exception:  # the page itself is broken: words without a page
        log.exception("fault %s: no page for it", reference)
        return PlainTextResponse(f"{TITLES[500][0]}. {TITLES[500][1]} Reference: {reference}", 500, {"Cache-Control": "no-store"})


def _answer(request: Request, status: int, sentence: str, code: str) -> Response:
    heading, advice = TITLES.get(status, (HTTPStatus(status).phrase, "Go back and try again."))
    if _wants_json(request):
        return JSONResponse({"error": code, "sentence": sentence or heading}, status, {"Cache-Control": "no-store"})
    page = ErrorPage(status, heading, sentence, advice, str(request.scope.get("reference", "")))
    return render(request, "error.html", page, title=heading, status=status)


def _wants_json(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return request.url.path.startswith("/api/v1/") or ("application/json" in accept and "text/html" not in accept)


HANDLERS = {Refusal: refused, HTTPException: http_error, ClientDisconnect: gone_away, **dict.fromkeys(BUSY, busy), Exception: fault}
