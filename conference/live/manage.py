"""The stage for moderators: the queue, and what is on the stage."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Invalid
from conference.live.cards import Card, here_words, hole, moderators_cards
from conference.live.commands import Moderation
from conference.live.floor import floor_of
from conference.live.forms import answered_from, approve_from, archive_from, dismiss_from
from conference.live.queries import MODERATING, cut_of, stage_session
from conference.live.rules import MAX_REASON
from conference.live.tables import QuestionState
from conference.people.access import require_role
from conference.programme.tables import Event, Session
from conference.storage.ids import new_id
from conference.times import TimeShown, clock_time, show, zone_named
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, visitor, zone_for


@dataclass(frozen=True, slots=True)
class ManagePage:
    """templates/live/manage.html"""

    event: Event
    session: Session
    time: TimeShown
    read_at: str
    pending: tuple[Card, ...]
    visible: tuple[Card, ...]
    answered: tuple[Card, ...]
    archived: tuple[Card, ...]
    dismissed: tuple[Card, ...]
    here_words: str  # who is on the stage now; empty: nobody
    seq: int
    key: str
    wrong: UUID | None = None  # the question whose dismissal needs another look
    typed: Typed = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    holes: dict[str, Card] = field(default_factory=lambda: {state.value: hole(state) for state in QuestionState})
    max_reason: int = MAX_REASON


async def manage(request: Request) -> Response:
    """GET /manage/events/{event}/sessions/{session}/stage"""
    return await _page(request)


async def approval(request: Request) -> Response:
    """POST .../stage/questions/{question}/approval"""
    return await _moderated(request, approve_from)


async def dismissal(request: Request) -> Response:
    """POST .../stage/questions/{question}/dismissal"""
    return await _moderated(request, dismiss_from)


async def answer(request: Request) -> Response:
    """POST .../stage/questions/{question}/answer"""
    return await _moderated(request, answered_from)


async def archiving(request: Request) -> Response:
    """POST .../stage/questions/{question}/archiving"""
    return await _moderated(request, archive_from)


async def _moderated(request: Request, command_from: Callable[[Typed, UUID], Moderation]) -> Response:
    typed = await typed_form(request)
    async with reading(request) as db:
        facts = await stage_session(db, request.path_params)
        await require_role(db, request, facts.event.id, *MODERATING)
    question_id: UUID = request.path_params["question"]
    try:
        done = await floor_of(request).carry_out(facts.session.id, visitor(request), command_from(typed, question_id))
    except Invalid as no:
        return await _page(request, typed, no.fields, question_id)
    return redirect(request, "live:manage", done.said, event=facts.event.slug, session=facts.session.slug)


async def _page(request: Request, typed: Typed | None = None, errors: dict[str, str] | None = None, wrong: UUID | None = None) -> Response:
    async with reading(request) as db:
        facts = await stage_session(db, request.path_params)
        await require_role(db, request, facts.event.id, *MODERATING)
        cut = await cut_of(db, facts.session.id, None)
    session, event, moment = facts.session, facts.event, now(request)
    zone = zone_for(request, event.zone)
    page = ManagePage(
        event=event,
        session=session,
        time=show(session.starts_at, session.ends_at, first=zone, second=event.zone, event_zone=event.zone, mine=zone),
        read_at=clock_time(moment.astimezone(zone_named(zone))),
        pending=moderators_cards(cut.state, QuestionState.pending, moment),
        visible=moderators_cards(cut.state, QuestionState.visible, moment),
        answered=moderators_cards(cut.state, QuestionState.answered, moment),
        archived=moderators_cards(cut.state, QuestionState.archived, moment),
        dismissed=moderators_cards(cut.state, QuestionState.dismissed, moment),
        here_words=here_words(floor_of(request).here(session.id)),
        seq=cut.heads.moderators,
        key=new_id().hex[-12:],
        wrong=wrong,
        typed=typed or {},
        errors=errors or {},
    )
    return render(request, "live/manage.html", page, title=f"Moderate · {session.title}", status=422 if errors else 200, zone=event.zone)
