"""Cancelling a session, with what it does to those who have a seat said before; and letting it take place after all."""

from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from conference.console.forms import CancelForm
from conference.console.plan import organised
from conference.console.words import how_many
from conference.errors import Invalid
from conference.programme.drafting import draft_cancellation, draft_restoration
from conference.programme.planned import Planned, planned_at
from conference.programme.queries import SessionFacts
from conference.programme.rules import check_not_cancelled
from conference.programme.tables import Event, Session, SessionDraft
from conference.registration.publishing import publish
from conference.registration.queries import people_booked, place_counts
from conference.registration.waiting import people_waiting
from conference.storage.database import Db
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, real_now, writing


@dataclass(frozen=True, slots=True)
class CancelPage:
    """templates/console/cancel_session.html"""

    event: Event
    session: Session
    consequence: str
    public: bool
    typed: Typed
    errors: dict[str, str]


async def cancellation(request: Request) -> Response:
    """GET, POST /manage/events/{event}/sessions/{session}/cancellation: as a draft, or at once."""
    if request.method != "POST":
        return await _page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, person = await organised(db, request)
            planned = await planned_at(db, **request.path_params)
            reason = CancelForm.read(typed).reason
            draft = await draft_cancellation(db, event, planned, reason, now(request), by=person.id)
            said = await _done(request, db, event, planned, draft, typed, person.id)
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    return redirect(request, "programme:manage", said, event=event.slug)


async def restoration(request: Request) -> Response:
    """POST /manage/events/{event}/sessions/{session}/restoration: a cancelled session is to take place after all."""
    async with writing(request) as db:
        event, person = await organised(db, request)
        planned = await planned_at(db, **request.path_params)
        await draft_restoration(db, event, planned, now(request), by=person.id)
    title = planned.facts.session.title
    return redirect(request, "programme:session", f"“{title}” is to take place after all, once you release that.", **request.path_params)


async def _done(request: Request, db: Db, event: Event, planned: Planned, draft: SessionDraft | None, typed: Typed, by: UUID) -> str:
    """The sentence about what became of it."""
    title = planned.facts.session.title
    if draft is None:
        return f"“{title}” was only a draft, and is gone."
    if typed.get("then") != "release":
        return f"“{title}” is to be cancelled, once you release that."
    release = await publish(db, event, now(request), real_now(request), by=by, only={draft.session_id})
    return f"“{title}” is cancelled. Released as version {release.number}."


async def _page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        await organised(db, request)
        planned = await planned_at(db, **request.path_params)
        facts = planned.published or planned.facts
        check_not_cancelled(facts.session)
        consequence = await _consequence(db, facts) if planned.published else "It is only a draft: nobody else has seen it."
        page = CancelPage(facts.event, facts.session, consequence, planned.published is not None, typed, errors)
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
