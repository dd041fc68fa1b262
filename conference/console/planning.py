"""Cancelling a session, with what it does to those who have a seat said before."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.console.forms import CancelForm
from conference.console.words import how_many
from conference.errors import Invalid
from conference.people.access import require_role
from conference.people.tables import RoleKind
from conference.programme.actions import cancel_session
from conference.programme.queries import SessionFacts, latest_release, session_at
from conference.programme.rules import check_not_cancelled
from conference.programme.tables import Event, Session
from conference.registration.queries import people_booked, people_waiting, place_counts
from conference.storage.database import Db
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, writing


@dataclass(frozen=True, slots=True)
class CancelPage:
    """templates/console/cancel_session.html"""

    event: Event
    session: Session
    consequence: str
    typed: Typed
    errors: dict[str, str]


async def cancellation(request: Request) -> Response:
    """GET, POST /manage/events/{event}/sessions/{session}/cancellation"""
    if request.method != "POST":
        return await _page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            facts = await session_at(db, **request.path_params)
            person = await require_role(db, request, facts.event.id, RoleKind.organiser)
            reason = CancelForm.read(typed).reason
            await cancel_session(db, facts.event, facts.session, reason, now(request), by=person.id)
            number = (await latest_release(db, facts.event)).number
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    said = f"“{facts.session.title}” is cancelled. Released as version {number}."
    return redirect(request, "programme:manage", said, event=facts.event.slug)


async def _page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        facts = await session_at(db, **request.path_params)
        await require_role(db, request, facts.event.id, RoleKind.organiser)
        check_not_cancelled(facts.session)
        page = CancelPage(facts.event, facts.session, await _consequence(db, facts), typed, errors)
    title, status = f"Cancel · {facts.session.title}", 422 if errors else 200
    return render(request, "console/cancel_session.html", page, title=title, status=status, zone=facts.event.zone)


async def _consequence(db: Db, facts: SessionFacts) -> str:
    """Whom it concerns, in numbers."""
    booked, waiting = len(await people_booked(db, facts.session.id)), len(await people_waiting(db, facts.session.id))
    if booked or waiting:
        waits = f", and {how_many(waiting, 'waits', 'wait')} for one" if waiting else ""
        return f"{how_many(booked, 'person has', 'people have')} a seat{waits}."
    if not facts.session.for_everyone:
        return "Nobody has a seat in it yet."
    counts = await place_counts(db, facts.event.id)
    return f"It is in the calendar of everybody who takes part: {how_many(counts.confirmed, 'person is', 'people are')} registered."
