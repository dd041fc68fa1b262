"""The feeds themselves: an event's, open to all, and a person's own, behind a secret address. Their readers are programs."""

import logging
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from conference.calendars.freshness import has_it, http_date
from conference.calendars.kept import BuiltFeed, Shelf, build_feed
from conference.calendars.own import last_changed, own_calendar, own_entries
from conference.calendars.public import event_calendar, event_entries
from conference.calendars.queries import feed_owner, own_of, own_revision
from conference.errors import Refusal
from conference.programme.entry import Origin
from conference.programme.queries import event_at, key_dates_of, programme_of
from conference.web.request import HOUSE_ZONE, house, reading

MEDIA_TYPE = "text/calendar; charset=utf-8"
OPEN = {"Cache-Control": "public, no-cache"}  # keep it, and ask each time whether it is still so
SECRET = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}
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
    """GET /events/{event}/programme.ics"""
    shelf, origin = shelf_of(request), origin_of(request)
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        feed = shelf.find(event.id, event.revision)
        if feed is None:
            entries = event_entries(event, await programme_of(db, event), await key_dates_of(db, event), origin)
            feed = shelf.put(event.id, event.revision, build_feed(event_calendar(event, origin), entries, event.modified_at))
    return _answer(request, feed, f"{event.slug}.ics", OPEN)


@Feed
async def personal_feed(request: Request) -> Response:
    """GET /calendar/{token}.ics: what its owner booked, speaks at or takes part in."""
    shelf, origin = shelf_of(request), origin_of(request)
    async with reading(request) as db:
        row, person = await feed_owner(db, house(request).settings.secret_key, request.path_params["token"])
        revision = await own_revision(db, person)
        feed = shelf.find(row.id, revision)
        if feed is None:
            own = await own_of(db, person)
            calendar = own_calendar(person, origin, HOUSE_ZONE)
            feed = shelf.put(row.id, revision, build_feed(calendar, own_entries(own, origin), last_changed(own, row.made_at)))
    return _answer(request, feed, "my-sessions.ics", SECRET)


def shelf_of(request: HTTPConnection) -> Shelf:
    shelf: Shelf = request.app.state.shelf
    return shelf


def origin_of(request: HTTPConnection) -> Origin:
    settings = house(request).settings
    return Origin(settings.base_url, settings.uid_domain)


def _answer(request: Request, feed: BuiltFeed, file_name: str, keep: dict[str, str]) -> Response:
    """The feed, or 304 where the reader has it already. The name is what a browser saves it by, instead of its address."""
    asked = request.headers
    fresh = has_it(feed.etag, feed.modified_at, if_none_match=asked.get("if-none-match"), if_modified_since=asked.get("if-modified-since"))
    headers = {"ETag": feed.etag, "Last-Modified": http_date(feed.modified_at), **keep}
    if fresh:
        return Response(status_code=304, headers=headers | {"Vary": "Accept-Encoding"})
    return Response(feed.body, headers=headers | {"Content-Type": MEDIA_TYPE, "Content-Disposition": f'inline; filename="{file_name}"'})


def _no(status: int, sentence: str, **headers: str) -> Response:
    return PlainTextResponse(sentence + "\n", status, {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", **headers})
