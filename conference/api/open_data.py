"""The programme for programs: open to everybody, of what is published."""

from functools import partial

from starlette.requests import Request

from conference.api.endpoint import Answer, origin_of
from conference.api.queries import events_state, programme_state
from conference.api.shapes import EventList, SessionList, SpeakerList
from conference.api.telling import event_page, event_ref, event_shape, session_shape, speaker_shape
from conference.programme.queries import (
    event_at,
    events,
    programme_of,
    rooms_of,
    session_at,
    speakers_shown,
    tracks_shown,
    venues_of,
)
from conference.programme.tables import Event
from conference.storage.database import Db
from conference.web.kept import Showing
from conference.web.request import now, reading


async def event_list(request: Request) -> Answer:
    """GET /api/v1/events: all events, the latest first."""
    origin = origin_of(request)
    async with reading(request) as db:
        found = [event_shape(event, origin) for event in await events(db)]
        shows = Showing("events", await events_state(db), events_state, now(request))
    return Answer(EventList(events=found), shows)


async def one_event(request: Request) -> Answer:
    """GET /api/v1/events/{event}: one event, its places, rooms and tracks."""
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        shape = event_page(event, await venues_of(db, event), await rooms_of(db, event), await tracks_shown(db, event), origin_of(request))
        return Answer(shape, await _showing(db, request, event))


async def session_list(request: Request) -> Answer:
    """GET /api/v1/events/{event}/sessions: the whole published programme in order of time, cancelled sessions too."""
    origin = origin_of(request)
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        found = [session_shape(facts, origin) for facts in await programme_of(db, event)]
        shows = await _showing(db, request, event)
    return Answer(SessionList(event=event_ref(event, origin), revision=event.revision, sessions=found), shows)


async def one_session(request: Request) -> Answer:
    """GET /api/v1/events/{event}/sessions/{session}: one session."""
    async with reading(request) as db:
        facts = await session_at(db, **request.path_params)
        return Answer(session_shape(facts, origin_of(request)), await _showing(db, request, facts.event))


async def speaker_list(request: Request) -> Answer:
    """GET /api/v1/events/{event}/speakers: who speaks, by name, and at what."""
    origin = origin_of(request)
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        programme = await programme_of(db, event)
        found = [speaker_shape(event, speaker, programme, origin) for speaker in await speakers_shown(db, event)]
        shows = await _showing(db, request, event)
    return Answer(SpeakerList(event=event_ref(event, origin), revision=event.revision, speakers=found), shows)


async def _showing(db: Db, request: Request, event: Event) -> Showing:
    read = partial(programme_state, event_id=event.id)
    return Showing(("programme", event.id), await read(db), read, now(request))
