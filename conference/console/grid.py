"""The planning grid: the programme as it is planned, by rooms and hours. Every move becomes a draft, by hand, by keys or by form."""

from dataclasses import dataclass, replace
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from conference.console.forms import MoveForm
from conference.console.plan import clock_words, organised
from conference.console.plan_warnings import warnings_about
from conference.errors import Conflict, Invalid, Refusal
from conference.programme.choices import Choices, choices_of
from conference.programme.drafting import draft_change
from conference.programme.grid import Grid, grid_of
from conference.programme.planned import Planned, planned_at, planned_programme
from conference.programme.releases import SessionPlan, plan_of
from conference.programme.rules import Stale
from conference.programme.tables import DraftAct, Event
from conference.programme.warnings import PlanWarning
from conference.times import DASH, clock_time, local_instant, long_date, zone_named
from conference.web.forms import Typed, typed_form
from conference.web.links import path_to, redirect_to
from conference.web.render import render
from conference.web.request import now, reading, writing


@dataclass(frozen=True, slots=True)
class GridPage:
    """templates/console/grid.html"""

    event: Event
    clock_words: str
    grid: Grid
    warnings: tuple[PlanWarning, ...]
    moving: str  # the slug of the session whose form comes back
    typed: Typed
    errors: dict[str, str]
    stale: str  # the sentence, where somebody else saved meanwhile


async def grid(request: Request) -> Response:
    """GET /manage/events/{event}/grid"""
    return await _page(request)


async def moves(request: Request) -> Response:
    """POST /manage/events/{event}/sessions/{session}/moves: to another day, time or room, as a draft."""
    typed = await typed_form(request)
    try:
        said = await _move(request, typed)
    except (Invalid, Stale) as refusal:
        if _wants_json(request):
            raise
        return await _page(request, refusal, typed)
    if _wants_json(request):
        return JSONResponse({"said": said}, headers={"Cache-Control": "no-store"})
    here = path_to(request, "console:grid", event=request.path_params["event"])
    return redirect_to(request, f"{here}#session-{request.path_params['session']}", said)


async def _move(request: Request, typed: Typed) -> str:
    """The sentence about what became of it."""
    async with writing(request) as db:
        event, person = await organised(db, request)
        planned, choices = await planned_at(db, **request.path_params), await choices_of(db, event)
        if planned.draft and planned.draft.act in (DraftAct.cancel, DraftAct.restore):
            raise Conflict(
                f"A draft says what becomes of “{planned.facts.session.title}” as a whole. Drop it first, then move the session."
            )
        form = MoveForm.read(typed)
        before = plan_of(planned.facts.session)
        plan = _put_back(planned) if form.back and planned.published else _moved(before, form, event, choices)
        draft = await draft_change(db, event, planned, plan, planned.facts.speakers, now(request), by=person.id, seen=form.seen or None)
    if plan == before:
        return f"“{plan.title}” stays where it is."
    words = f"“{plan.title}” is moved to {_where(plan, event, choices)}"
    return f"{words}: a draft, until it is released." if draft else f"{words}, where it is published."


def _moved(before: SessionPlan, form: MoveForm, event: Event, choices: Choices) -> SessionPlan:
    """It keeps its length. Raises Invalid."""
    room = next((room for room in choices.rooms if room.slug == form.room), None)
    if room is None or form.day is None or form.starts is None:
        missing = {"day": form.day, "starts": form.starts, "room": room}
        wrong = {name: MoveForm.asks[name] for name, value in missing.items() if value is None}
        raise Invalid(*next(iter(wrong.items())), wrong)
    starts_at = local_instant(datetime.combine(form.day, form.starts), event.zone, where="starts")
    return replace(before, room_id=room.id, starts_at=starts_at, ends_at=starts_at + (before.ends_at - before.starts_at))


def _put_back(planned: Planned) -> SessionPlan:
    """Where it is published; what else is drafted for it stays."""
    assert planned.published
    published = planned.published.session
    before = plan_of(planned.facts.session)
    return replace(before, room_id=published.room_id, starts_at=published.starts_at, ends_at=published.ends_at)


def _where(plan: SessionPlan, event: Event, choices: Choices) -> str:
    zone = zone_named(event.zone)
    starts, ends = plan.starts_at.astimezone(zone), plan.ends_at.astimezone(zone)
    return f"{clock_time(starts)}{DASH}{clock_time(ends)} on {long_date(starts.date())}, {choices.names()[str(plan.room_id)]}"


async def _page(request: Request, refusal: Refusal | None = None, typed: Typed | None = None) -> Response:
    async with reading(request) as db:
        event, _ = await organised(db, request)
        planned, choices = await planned_programme(db, event), await choices_of(db, event)
        warnings = await warnings_about(db, event, planned)
    moving = request.path_params.get("session", "")
    page = GridPage(
        event=event,
        clock_words=clock_words(event, event.starts_at),
        grid=grid_of(event, planned, choices.room_words()),
        warnings=warnings,
        moving=moving,
        typed=typed or {},
        errors={f"session-{moving}": " ".join(dict.fromkeys(refusal.fields.values()))} if isinstance(refusal, Invalid) else {},
        stale=refusal.sentence if isinstance(refusal, Stale) else "",
    )
    status = refusal.status if refusal else 200
    return render(request, "console/grid.html", page, title=f"Planning grid · {event.title}", status=status, zone=event.zone)


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
