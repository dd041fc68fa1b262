"""What every page of an event needs to know: the reader, the moment, who has what, and how one takes part now."""

from starlette.requests import Request

from conference.calls.listing import calls_of_event
from conference.calls.tables import CallKind
from conference.programme.entry import Origin
from conference.programme.tables import Event, RegistrationKind
from conference.registration.clashes import mine_of
from conference.registration.queries import pool_of_event, session_pools, standing_of
from conference.registration.rules import state_of
from conference.registration.turn_rules import mine_in_short
from conference.registration.waiting import waiting_counts
from conference.site.view import Frame
from conference.site.way import Way, way_of
from conference.storage.database import Db
from conference.web.request import house, now, visitor, zone_for


async def frame_for(db: Db, request: Request, event: Event) -> Frame:
    """What rows of this event need to know about this visitor and this moment."""
    pools = await session_pools(db, event.id)
    return Frame(
        zone=zone_for(request, event.zone),
        now=now(request),
        standing=await standing_of(db, visitor(request).person_id, event.id),
        pools=pools,
        waiting=await waiting_counts(db, (pool.id for pool in pools.values())),
        seats=await mine_of(db, visitor(request).person_id, seats_only=True),
        signed_in=visitor(request).person_id is not None,
    )


def origin_of(request: Request) -> Origin:
    settings = house(request).settings
    return Origin(settings.base_url, settings.uid_domain)


async def way_in(db: Db, event: Event, frame: Frame, stage: str = "") -> Way:
    """The event's one main act. `stage`: the address of a stage whose door is open, if any is."""
    turn, zone = frame.standing.place_turn, frame.zone or event.zone
    waits = mine_in_short(turn, "place", frame.now, zone) + "." if turn else ""
    standing, pool = state_of(frame.standing.registration), await pool_of_event(db, event.id)
    call = await _call_for_places(db, event) if event.registration == RegistrationKind.application else ""
    return way_of(event, standing, pool, frame.now, frame.zone, stage, waits, call)


async def _call_for_places(db: Db, event: Event) -> str:
    """The address of the call by which the event's places are given; empty where there is none."""
    return next((f"/calls/{call.slug}" for call in await calls_of_event(db, event.id) if call.kind == CallKind.place), "")
