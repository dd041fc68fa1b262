"""The organisers' front door: the events that somebody looks after, with their numbers and where the day stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.console.words import how_many
from conference.errors import Forbidden
from conference.live.robots import robot_counts
from conference.live.rules import has_stage
from conference.people.access import MANAGING, require_person, require_role
from conference.people.queries import roles_of
from conference.people.tables import RoleKind
from conference.programme.queries import SessionFacts, event_at, events_by_id, programme_of
from conference.programme.rules import next_up, on_now
from conference.programme.tables import Event
from conference.registration.queries import PlaceCounts, place_counts, pool_of_event, session_pools
from conference.registration.tables import CapacityPool
from conference.registration.waiting import waiting_counts
from conference.speaking.queries import review_count
from conference.storage.database import Db
from conference.times import TimeShown, show
from conference.web.render import render
from conference.web.request import house, now, reading, zone_for


@dataclass(frozen=True, slots=True)
class StageRow:
    """A session that is on now, or next."""

    title: str
    slug: str
    time: TimeShown
    on_now: bool
    has_stage: bool


@dataclass(frozen=True, slots=True)
class SeatsRow:
    """A session with limited seats."""

    title: str
    slug: str
    taken: int
    capacity: int
    waiting: int


@dataclass(frozen=True, slots=True)
class EventCard:
    """One event and its numbers."""

    event: Event
    organises: bool
    counts: PlaceCounts
    places_words: str
    stages: tuple[StageRow, ...]
    seats: tuple[SeatsRow, ...]
    to_review: int  # what speakers propose


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """templates/console/overview.html"""

    cards: tuple[EventCard, ...]
    rehearses: bool  # leads to the rehearsal's page: the clock is moved, or robots are there


async def overview(request: Request) -> Response:
    """GET /manage: the events where I am organiser or moderator, the latest first."""
    async with reading(request) as db:
        person = await require_person(db, request)
        mine = [role for role in await roles_of(db, person.id) if role.kind in MANAGING]
        if not mine:
            raise Forbidden("This is for those who organise or moderate an event.")
        organised = {role.event_id for role in mine if role.kind == RoleKind.organiser}
        events = sorted((await events_by_id(db, (role.event_id for role in mine))).values(), key=lambda event: event.starts_at)
        cards = [await _card(db, request, event, event.id in organised) for event in reversed(events)]
        rehearses = bool(organised) and (house(request).clock.rehearsing or bool(await robot_counts(db, organised)))
    return render(request, "console/overview.html", OverviewPage(tuple(cards), rehearses), title="Organise")


async def event_overview(request: Request) -> Response:
    """GET /manage/events/{event}: one of them."""
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        person = await require_role(db, request, event.id, RoleKind.moderator)
        kinds = {role.kind for role in await roles_of(db, person.id) if role.event_id == event.id}
        page = await _card(db, request, event, RoleKind.organiser in kinds)
    return render(request, "console/overview_event.html", page, title=f"Organise · {event.title}", zone=event.zone)


async def _card(db: Db, request: Request, event: Event, organises: bool) -> EventCard:
    programme = await programme_of(db, event)
    counts = await place_counts(db, event.id)
    pools = await session_pools(db, event.id)
    waiting = await waiting_counts(db, (pool.id for pool in pools.values()))
    limited = [(facts.session, pools[facts.session.id]) for facts in programme if facts.session.id in pools]
    return EventCard(
        event=event,
        organises=organises,
        counts=counts,
        places_words=_places_words(counts, await pool_of_event(db, event.id)),
        stages=_stages(request, event, programme),
        seats=tuple(SeatsRow(session.title, session.slug, pool.taken, pool.capacity, waiting.get(pool.id, 0)) for session, pool in limited),
        to_review=await review_count(db, event),
    )


def _places_words(counts: PlaceCounts, pool: CapacityPool | None) -> str:
    if pool:
        return f"{pool.taken} of {how_many(pool.capacity, 'place', 'places')} taken"
    return "Places are not limited"


def _stages(request: Request, event: Event, programme: Sequence[SessionFacts]) -> tuple[StageRow, ...]:
    sessions, moment = [facts.session for facts in programme], now(request)
    current = {session.id for session in on_now(sessions, moment)}
    ahead = {session.id for session in next_up(sessions, moment)}
    return tuple(_stage(request, event, facts, facts.session.id in current) for facts in programme if facts.session.id in current | ahead)


def _stage(request: Request, event: Event, facts: SessionFacts, on_now: bool) -> StageRow:
    session, zone = facts.session, zone_for(request, event.zone)
    time = show(session.starts_at, session.ends_at, first=event.zone, second=zone, event_zone=event.zone, mine=zone)
    return StageRow(session.title, session.slug, time, on_now, has_stage(event, session))
