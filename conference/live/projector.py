"""The stage for a hall: in large type what is being asked and answered, and how to join. It shows what everybody may see, no more."""

from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from conference.live.announcing import announcements_on
from conference.live.cards import NOBODY
from conference.live.charts import Chart
from conference.live.player import Phase, Player, player_for
from conference.live.poll_tables import PollState
from conference.live.projecting import Big, Projected, projected
from conference.live.queries import check_may_watch, cut_of, stage_session
from conference.live.rules import Door, door_at, ends_at, opens_at
from conference.programme.queries import SessionFacts
from conference.programme.tables import Event, Session
from conference.times import clock_time, zone_named
from conference.web.codes import code_of
from conference.web.links import full_address
from conference.web.render import render
from conference.web.request import now, reading, visitor

DAY = 24 * 3600  # seconds that a code may be kept: it changes with the address alone
NOTHING = Chart(NOBODY, "", PollState.open, "", "", "", (), "")
EMPTY = Big(NOBODY, "", "", 0, 1)


@dataclass(frozen=True, slots=True)
class ProjectorPage:
    """templates/live/projector.html"""

    event: Event
    session: Session
    speakers: str
    shown: Projected
    standing: Player
    is_before: bool
    door: Door
    nothing_words: str  # where there is nothing to show
    join_parts: tuple[str, ...]  # the address to join, where a line may break
    opens_at: str  # ISO 8601 UTC
    ends_at: str  # with the delay where there is one
    lingers_until: str  # ISO 8601 UTC; empty while no closed poll is shown
    read_at: str
    no_chart: Chart = field(default=NOTHING)  # the markup that live messages fill
    no_question: Big = field(default=EMPTY)


async def projector(request: Request) -> Response:
    """GET /events/{event}/sessions/{session}/stage/projector"""
    async with reading(request) as db:
        facts = await stage_session(db, request.path_params)
        await check_may_watch(db, facts.event, visitor(request).person_id, now(request))
        cut = await cut_of(db, facts.session.id, None)
        announced = await announcements_on(db, {facts.session.id: facts.event.id}, now(request))
    moment, session = now(request), facts.session
    late = cut.state.run.late_minutes
    door = door_at(session, moment, late)
    shown = projected(cut.state, announced[session.id], moment)
    standing = player_for(session, door, moment, late_minutes=late)
    page = ProjectorPage(
        event=facts.event,
        session=session,
        speakers=_names(facts),
        shown=shown,
        standing=standing,
        is_before=standing.phase == Phase.before,
        door=door,
        nothing_words=_nothing_words(facts, door),
        join_parts=_parts(_join_address(request, facts)),
        opens_at=_iso(opens_at(session)),
        ends_at=_iso(ends_at(session, late)),
        lingers_until=_iso(shown.lingers_until),
        read_at=clock_time(moment.astimezone(zone_named(facts.event.zone))),
    )
    return render(request, "live/projector.html", page, title=f"Projector · {session.title}", zone=facts.event.zone)


async def join_code(request: Request) -> Response:
    """GET /events/{event}/sessions/{session}/stage/join.svg: a QR code of the stage's address."""
    async with reading(request) as db:
        facts = await stage_session(db, request.path_params)
    return code_of(_join_address(request, facts), f"public, max-age={DAY}")


def _join_address(request: Request, facts: SessionFacts) -> str:
    return full_address(request, "live:stage", event=facts.event.slug, session=facts.session.slug)


def _parts(address: str) -> tuple[str, ...]:
    """`conference.example/`, `events/`, ...: without what a browser adds by itself."""
    *ways, last = address.split("://", 1)[-1].split("/")
    return (*(f"{part}/" for part in ways), last)


def _nothing_words(facts: SessionFacts, door: Door) -> str:
    opening = opens_at(facts.session).astimezone(zone_named(facts.event.zone))
    return {
        Door.not_yet: f"Questions open at {clock_time(opening)}.",
        Door.open: "Ask the first question.",
        Door.over: "The questions stay on the session’s page.",
        Door.cancelled: facts.session.cancel_reason or "It will not take place.",
    }[door]


def _names(facts: SessionFacts) -> str:
    return ", ".join(speaker.name for speaker in facts.speakers)


def _iso(instant: datetime | None) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ") if instant else ""
