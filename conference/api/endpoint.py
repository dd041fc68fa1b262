"""One address of the API: it can only be read, says every no as JSON, and knows enough of itself to be described."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from conference.api.actions import note_use
from conference.api.queries import token_owner
from conference.api.rules import Scope as TokenScope
from conference.api.rules import ScopeNeeded, TokenNeeded, check_scope, use_is_old
from conference.api.shapes import Refused, Shape
from conference.api.tables import ApiToken
from conference.errors import Refusal
from conference.people.tables import Person
from conference.programme.entry import Origin
from conference.tags import has_tag, tag_of
from conference.web.kept import Showing, shown
from conference.web.request import house, reading, real_now, writing

OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag"}
READS = "GET, HEAD, OPTIONS"
PREFLIGHT = {**OPEN, "Access-Control-Allow-Methods": "GET, HEAD", "Access-Control-Allow-Headers": "If-None-Match", "Allow": READS}
log = logging.getLogger("conference.errors")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view found. `shows`: what of the programme that is, where it is everybody's."""

    shape: Shape
    shows: Showing | None = None


View = Callable[[Request], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`scope`: what its reader's token must allow; None: it is open to everybody, from any page of any site."""

    view: View
    shape: type[Shape]
    scope: TokenScope | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._respond(Request(scope, receive))
        if self.scope is None:
            response.headers.update(OPEN)
        else:
            response.headers["Vary"] = "Authorization"
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if request.method == "OPTIONS" and self.scope is None:
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=PREFLIGHT)
        if request.method not in ("GET", "HEAD"):
            return no(405, "method", "This can only be read.", Allow="GET, HEAD" if self.scope else READS)
        try:
            return _response(request, await self.view(request))
        except Refusal as refusal:
            return no(refusal.status, refusal.code, refusal.sentence, **_challenge(refusal))
        except (PoolTimeout, OperationalError):
            return no(503, "busy", "Very busy right now: ask again in a minute.")
        except Exception as error:  # what the house's own handler does, as JSON
            reference = str(request.scope.get("reference", "-"))
            log.error("fault %s", reference, exc_info=error)
            return no(500, "fault", f"Something went wrong on our side: ask again later. Reference: {reference}")


def origin_of(request: Request) -> Origin:
    settings = house(request).settings
    return Origin(settings.base_url, settings.uid_domain)


async def allowed(request: Request, scope: TokenScope) -> tuple[ApiToken, Person]:
    """Whose token came with the request (`Authorization: Bearer`), if it may read this. Raises TokenNeeded, ScopeNeeded."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise TokenNeeded("This needs a token: send it as “Authorization: Bearer …”. You make one on your own page, at /me/tokens.")
    moment = real_now(request)
    async with reading(request) as db:
        row, person = await token_owner(db, token.strip(), moment)
    check_scope(row, scope)
    if use_is_old(row, moment):
        async with writing(request) as db:
            await note_use(db, row, moment)
    return row, person


def no(status: int, code: str, sentence: str, **headers: str) -> Response:
    body = Refused(error=code, sentence=sentence).model_dump(mode="json")
    return JSONResponse(body, status, {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", **headers})


def _response(request: Request, answer: Answer) -> Response:
    """An open answer may be kept, and asked for again; one's own too, by nobody else."""
    keep = "public, no-cache" if answer.shows else "private, no-cache"
    response = Response(answer.shape.model_dump_json(), 200, {"Cache-Control": keep, "Content-Type": "application/json"})
    if answer.shows:
        return shown(request, response, answer.shows)
    tag = tag_of(bytes(response.body))
    if has_tag(tag, request.headers.get("if-none-match", "")):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag, "Cache-Control": keep})
    response.headers["ETag"] = tag
    return response


def _challenge(refusal: Refusal) -> dict[str, str]:
    """RFC 6750 3: which scheme is wanted, and what is wrong with what came."""
    if isinstance(refusal, TokenNeeded | ScopeNeeded):
        return {"WWW-Authenticate": f'Bearer realm="conference", error="{refusal.code}"'}
    return {}
