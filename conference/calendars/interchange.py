"""The programme for schedule apps: schedule.xml and schedule.json, open to all, as bytes kept for each revision."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from conference.calendars.conditional import fresh_answer
from conference.calendars.exchange import Exchange, exchange_of
from conference.calendars.exchange_json import exchange_json
from conference.calendars.exchange_kept import Schedules
from conference.calendars.exchange_xml import exchange_xml
from conference.programme.entry import Origin
from conference.programme.queries import event_at, latest_release, programme_of
from conference.programme.tables import Event
from conference.storage.database import Db
from conference.web.request import house, reading

XML, JSON = "text/xml; charset=utf-8", "application/json"
# Everybody's, to be asked for again each time; apps that run in a browser may read it from their own pages.
OPEN = {"Cache-Control": "public, no-cache", "Access-Control-Allow-Origin": "*"}


async def schedule_xml(request: Request) -> Response:
    """GET /events/{event}/schedule.xml"""
    return await _schedule(request, exchange_xml, XML)


async def schedule_json(request: Request) -> Response:
    """GET /events/{event}/schedule.json"""
    return await _schedule(request, exchange_json, JSON)


async def _schedule(request: Request, written: Callable[[Exchange], bytes], media_type: str) -> Response:
    schedules: Schedules = request.app.state.schedules
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        kept = schedules.find(event.id, media_type, event.revision)
        if kept is None:
            body = written(await _exchange(db, request, event))
            kept = schedules.put(event.id, media_type, event.revision, body, event.modified_at)
    return fresh_answer(request, kept.body, kept.etag, kept.modified_at, media_type, OPEN)


async def _exchange(db: Db, request: Request, event: Event) -> Exchange:
    settings = house(request).settings
    version = (await latest_release(db, event)).number if event.revision else 0
    return exchange_of(event, version, await programme_of(db, event), Origin(settings.base_url, settings.uid_domain))
