"""Who may come in where a stage is only next door."""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from conference.live.queries import check_may_watch
from conference.programme.queries import place_of
from conference.web.request import now, reading, visitor

Page = Callable[[Request], Awaitable[Response]]


def unless_banned(page: Page) -> Page:
    """This page of a session, but for whom a moderator has closed the event's stages: they are told why, and until when."""

    @wraps(page)
    async def guarded(request: Request) -> Response:
        async with reading(request) as db:
            event, _ = await place_of(db, **request.path_params)
            await check_may_watch(db, event, visitor(request).person_id, now(request))
        return await page(request)

    return guarded
