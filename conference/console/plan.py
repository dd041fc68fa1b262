"""Planning an event: its sessions as a list, as they will be after the next release."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from conference.people.access import require_role
from conference.people.tables import Person, RoleKind
from conference.programme.choices import room_words
from conference.programme.grid import mark_of
from conference.programme.planned import Planned, planned_programme
from conference.programme.queries import event_at
from conference.programme.rules import TYPE_WORDS
from conference.programme.tables import Event, Session
from conference.storage.database import Db
from conference.times import DASH, city_of, clock_time, long_date, spoken_zone, zone_named
from conference.web.render import render
from conference.web.request import reading


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A session in the organisers' list."""

    session: Session
    draft: str  # what waits to be released about it; empty: nothing
    public: bool  # people can see it
    times: str
    type_words: str
    place: str
    people: str
    audience: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """templates/console/plan.html"""

    event: Event
    clock_words: str
    waiting: int  # drafts
    days: Mapping[str, list[PlannedRow]]  # by the day in words


async def programme(request: Request) -> Response:
    """GET /manage/events/{event}/programme: every session, cancelled ones and drafts too."""
    async with reading(request) as db:
        event, _ = await organised(db, request)
        planned = await planned_programme(db, event)
    days: dict[str, list[PlannedRow]] = {}
    for one in planned:
        day = long_date(one.facts.session.starts_at.astimezone(zone_named(event.zone)).date())
        days.setdefault(day, []).append(_row(one))
    page = PlanPage(event, clock_words(event, event.starts_at), sum(one.draft is not None for one in planned), days)
    return render(request, "console/plan.html", page, title=f"Planning · {event.title}", zone=event.zone)


async def organised(db: Db, request: Request) -> tuple[Event, Person]:
    """The event of this address and its organiser, who makes this request."""
    event = await event_at(db, request.path_params["event"])
    return event, await require_role(db, request, event.id, RoleKind.organiser)


def clock_words(event: Event, moment: datetime) -> str:
    """`London’s clock (BST, UTC+1)`, as it is at that moment."""
    return f"{city_of(event.zone)}’s clock ({spoken_zone(moment, event.zone)})"


def _row(planned: Planned) -> PlannedRow:
    facts = planned.facts
    session, zone = facts.session, zone_named(facts.event.zone)
    return PlannedRow(
        session=session,
        draft=mark_of(planned.draft),
        public=planned.published is not None,
        times=DASH.join(clock_time(moment.astimezone(zone)) for moment in (session.starts_at, session.ends_at)),
        type_words=TYPE_WORDS[session.type],
        place=room_words(facts.room, facts.venue),
        people=", ".join(speaker.name for speaker in facts.speakers),
        audience="everybody" if session.for_everyone else "those who book it",
    )
