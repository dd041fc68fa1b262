"""For people: what programs can read here, and one's own tokens."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from conference.api.actions import make_token, revoke_token
from conference.api.description import described, endpoints_in
from conference.api.endpoint import OPEN
from conference.api.forms import read_token_form
from conference.api.queries import tokens_of
from conference.api.rules import SCOPE_WORDS, Scope, state_words, works
from conference.errors import Conflict, Invalid
from conference.people.access import require_person
from conference.storage.database import Db
from conference.tags import has_tag, tag_of
from conference.times import spoken_moment
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import FORM_AGAIN, render
from conference.web.request import HOUSE_ZONE, house, reading, real_now, writing, zone_for

LENGTHS = (("30", "30 days"), ("90", "90 days"), ("365", "A year"))
SCOPES = tuple((f"scope-{scope.value}", scope.value, words) for scope, words in SCOPE_WORDS.items())


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token in the list; nothing in it is secret."""

    id: UUID
    name: str
    scopes: str
    state: str
    works: bool
    made: str
    used: str
    ends: str


@dataclass(frozen=True, slots=True)
class TokensPage:
    """templates/api/tokens.html"""

    tokens: tuple[TokenLine, ...]
    typed: Typed
    errors: dict[str, str]
    trouble: str
    new: str  # just made, shown this once
    scopes: tuple[tuple[str, str, str], ...] = SCOPES
    lengths: tuple[tuple[str, str], ...] = LENGTHS


@dataclass(frozen=True, slots=True)
class ApiPage:
    """templates/api/about.html"""

    base: str
    open: tuple[tuple[str, str], ...]  # address, what it tells
    own: tuple[tuple[str, str, str], ...]  # address, scope, what it tells


async def about(request: Request) -> Response:
    """GET /api"""
    found = [(route.path, endpoint.scope, _tells(endpoint.view.__doc__)) for route, endpoint in endpoints_in(request.app.routes)]
    page = ApiPage(
        house(request).settings.base_url,
        tuple((path, words) for path, scope, words in found if scope is None),
        tuple((path, scope.value, words) for path, scope, words in found if scope),
    )
    return render(request, "api/about.html", page, title="For programs")


async def openapi(request: Request) -> Response:
    """GET /api/v1/openapi.json"""
    body = _document(request.app, house(request).settings.base_url)
    headers = {"ETag": tag_of(body), "Cache-Control": "public, no-cache", **OPEN}
    if has_tag(headers["ETag"], request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


@lru_cache(maxsize=4)
def _document(app: object, base_url: str) -> bytes:
    return json.dumps(described(app.routes, base_url), ensure_ascii=False).encode()  # type: ignore[attr-defined]


async def tokens(request: Request) -> Response:
    """GET, POST /me/tokens: one's tokens; the form makes one, which the answer shows and nothing shows again."""
    if request.method != "POST":
        async with reading(request) as db:
            return render(request, "api/tokens.html", await _page(db, request), title="Tokens")
    typed = await typed_form(request)
    async with writing(request) as db:
        person = await require_person(db, request)
        try:
            form, scopes = read_token_form(typed)
            token = await make_token(db, person, form.name, scopes, form.length, real_now(request))
        except Invalid as wrong:
            page = await _page(db, request, typed, wrong.fields)
            return render(request, "api/tokens.html", page, title="Tokens", status=FORM_AGAIN)
        except Conflict as refusal:
            page = await _page(db, request, typed, trouble=refusal.sentence)
            return render(request, "api/tokens.html", page, title="Tokens", status=refusal.status)
        page = await _page(db, request, new=token)
    return render(request, "api/tokens.html", page, title="Tokens")


async def revocation(request: Request) -> Response:
    """POST /me/tokens/{token}/revocation"""
    async with writing(request) as db:
        person = await require_person(db, request)
        row = await revoke_token(db, person, request.path_params["token"], real_now(request))
    return redirect(request, "api:tokens", f"“{row.name}” does not work any more.")


async def _page(
    db: Db, request: Request, typed: Typed | None = None, errors: dict[str, str] | None = None, *, trouble: str = "", new: str = ""
) -> TokensPage:
    person, zone, moment = await require_person(db, request), zone_for(request, HOUSE_ZONE), real_now(request)

    def said(instant: datetime | None) -> str:
        return spoken_moment(instant, zone) if instant else ""

    lines = [
        TokenLine(
            id=row.id,
            name=row.name,
            scopes=", ".join(Scope(scope).value for scope in row.scopes),
            state=state_words(row, moment),
            works=works(row, moment),
            made=said(row.made_at),
            used=said(row.last_used_at) or "Never",
            ends=said(row.revoked_at or row.expires_at),
        )
        for row in await tokens_of(db, person)
    ]
    return TokensPage(tuple(lines), typed or {}, errors or {}, trouble, new)


def _tells(words: str | None) -> str:
    """What follows the address in a view's docstring."""
    told = (words or "").partition(": ")[2]
    return told[:1].upper() + told[1:]
