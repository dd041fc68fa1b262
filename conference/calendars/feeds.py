"""The feeds themselves: an event's, open to all, and a person's own, behind a secret address. Their readers are programs."""

import logging
from collections.abc import Awaitable, Callable
from urllib.parse import quote
from uuid import UUID

from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from conference.calendars.actions import note_fetch
from conference.calendars.door import feeds_of
from conference.calendars.freshness import has_it
from conference.calendars.parts import Part
from conference.calendars.rules import app_family, is_worth_noting
from conference.calendars.serving import WHOLE
from conference.calendars.shelves import BuiltFeed
from conference.errors import Refusal
from conference.programme.filters import filter_from
from conference.web.request import real_now, writing
from conference.web.straight import Head, Ready, takes_gzip

MEDIA_TYPE = b"text/calendar; charset=utf-8"
CONDITIONS = NONE_MATCH, MODIFIED_SINCE, ENCODING = b"if-none-match", b"if-modified-since", b"accept-encoding"
VARY = (b"vary", b"Accept-Encoding")
OPEN: Head = [(b"cache-control", b"public, no-cache"), VARY]  # keep it, and ask each time whether it is still so
SECRET: Head = [
    (b"cache-control", b"private, no-cache"),
    (b"x-robots-tag", b"noindex, nofollow"),
    (b"referrer-policy", b"no-referrer"),
    VARY,
]
ASKED_BUSY = "Very busy right now: ask again in a minute."
ASKED_FAULT = "Something went wrong on our side: ask again later. Reference: "
log = logging.getLogger("conference.errors")


class Feed:
    """The route of a feed: GET and HEAD, and every no in plain text. An error page would be of no use, and repeat a secret address."""

    def __init__(self, view: Callable[[Request], Awaitable[Response]]) -> None:
        self.view = view

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self.answer(Request(scope, receive))
        await response(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            return _no(405, "A feed can only be read.", Allow="GET, HEAD")
        try:
            return await self.view(request)
        except Refusal as refusal:
            return _no(refusal.status, refusal.sentence)
        except PoolTimeout:
            return _no(503, ASKED_BUSY)
        except Exception as error:  # what the house's own handler does, without its page
            reference = str(request.scope.get("reference", "-"))
            log.error("fault %s", reference, exc_info=error)
            return _no(500, ASKED_FAULT + reference)


@Feed
async def event_feed(request: Request) -> Response:
    """GET /events/{event}/programme.ics; a part of it with ?day=, ?track=, ?type=, ?venue=, each as often as wanted."""
    if not request.scope["query_string"]:
        return await _public(request, WHOLE)
    wanted = filter_from(request.query_params.multi_items())
    return await _public(request, Part(filter=wanted) if wanted else WHOLE)


@Feed
async def track_feed(request: Request) -> Response:
    """GET /events/{event}/tracks/{track}.ics"""
    return await _public(request, Part(track=request.path_params["track"]))


@Feed
async def session_feed(request: Request) -> Response:
    """GET /events/{event}/sessions/{session}.ics"""
    return await _public(request, Part(session=request.path_params["session"]))


@Feed
async def speaker_feed(request: Request) -> Response:
    """GET /events/{event}/speakers/{speaker}.ics: all that this person speaks at."""
    return await _public(request, Part(speaker=request.path_params["speaker"]))


@Feed
async def personal_feed(request: Request) -> Response:
    """GET /calendar/{token}.ics: what its owner booked, put a star on, speaks at or takes part in."""
    asked, feed = await feeds_of(request).own(request.path_params["token"])
    answer = _answer(request, feed, "my-sessions.ics", SECRET)
    if is_worth_noting(asked.last_fetched_at, real_now(request)):
        by = app_family(request.headers.get("user-agent", ""))
        answer.background = BackgroundTask(_note_fetch, request, asked.token_id, by)
    return answer


async def _public(request: Request, part: Part) -> Response:
    slug = request.path_params["event"]
    name = part.track or part.session or part.speaker
    return _answer(request, await feeds_of(request).public(slug, part), f"{slug}-{name}.ics" if name else f"{slug}.ics", OPEN)


async def _note_fetch(request: Request, token_id: UUID, by: str) -> None:
    """After the answer: whoever reads never waits for it, and nothing is lost where it fails."""
    try:
        async with writing(request) as db:
            await note_fetch(db, token_id, by, real_now(request))
    except Exception as fault:
        log.warning("a feed's reading was not noted (%s)", type(fault).__name__)


def _answer(request: Request, feed: BuiltFeed, file_name: str, keep: Head) -> Response:
    """The feed, or 304 where the reader has it already. The name is what a browser saves it by, instead of its address."""
    asked = {name: value.decode("latin-1") for name, value in request.scope["headers"] if name in CONDITIONS}
    fresh = has_it(feed.etag, feed.modified_at, if_none_match=asked.get(NONE_MATCH), if_modified_since=asked.get(MODIFIED_SINCE))
    head = [*feed.head, *keep]
    if fresh:
        return Ready(304, head)
    head += [(b"content-type", MEDIA_TYPE), (b"content-disposition", b'inline; filename="%s"' % quote(file_name).encode())]
    if takes_gzip(asked.get(ENCODING, "")):
        return Ready(200, [*head, (b"content-encoding", b"gzip")], feed.small)
    return Ready(200, head, feed.body)


def _no(status: int, sentence: str, **headers: str) -> Response:
    return PlainTextResponse(sentence + "\n", status, {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", **headers})
