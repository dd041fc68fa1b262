"""The stage for everybody: read, ask, vote; with plain forms, which a script makes live."""

from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Conflict, Invalid
from conference.live.cards import NOBODY, Card, here_words, hole, moderators_cards, public_cards
from conference.live.floor import floor_of
from conference.live.forms import ask_from, upvote_from
from conference.live.messages import Mine
from conference.live.part import actor_at
from conference.live.queries import cut_of, stage_session
from conference.live.rules import MAX_TEXT, Door, door_at, opens_at
from conference.live.stage import Actor
from conference.live.tables import QuestionState
from conference.live.views import mine_of
from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.storage.ids import new_id
from conference.times import TimeShown, clock_time, show, spoken_zone, zone_named
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, visitor, zone_for

NO_ACTOR = Actor(NOBODY, "", takes_part=False, moderates=False)


@dataclass(frozen=True, slots=True)
class StagePage:
    """templates/live/stage.html"""

    event: Event
    session: Session
    time: TimeShown
    door: Door
    door_words: str  # when it opens; empty once it is open
    opens_at: str  # ISO 8601 UTC
    ends_at: str
    read_at: str  # clock time of these words
    signed_in: bool
    takes_part: bool
    moderates: bool
    waiting: int  # questions in the queue, for moderators; for others 0
    visible: tuple[Card, ...]
    answered: tuple[Card, ...]
    archived: tuple[Card, ...]
    mine: Mine
    here_words: str  # who is on the stage now; empty: nobody
    seq: int
    key: str  # what this rendering's forms begin their client_id with
    typed: Typed = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    holes: dict[str, Card] = field(default_factory=lambda: {state.value: hole(state) for state in QuestionState})
    max_text: int = MAX_TEXT


async def stage(request: Request) -> Response:
    """GET /events/{event}/sessions/{session}/stage"""
    return await _page(request)


async def ask(request: Request) -> Response:
    """POST /events/{event}/sessions/{session}/stage/questions"""
    typed = await typed_form(request)
    async with reading(request) as db:
        facts = await stage_session(db, request.path_params)
    try:
        done = await floor_of(request).carry_out(facts.session.id, visitor(request), ask_from(typed))
    except (Invalid, Conflict) as no:
        return await _page(request, typed, {"text": no.sentence}, no.status)
    return redirect(request, "live:stage", done.said, **request.path_params)


async def vote(request: Request) -> Response:
    """POST /events/{event}/sessions/{session}/stage/questions/{question}/votes"""
    typed = await typed_form(request)
    async with reading(request) as db:
        facts = await stage_session(db, request.path_params)
    question_id = request.path_params["question"]
    done = await floor_of(request).carry_out(facts.session.id, visitor(request), upvote_from(typed, question_id))
    return redirect(request, "live:stage", done.said, event=facts.event.slug, session=facts.session.slug)


async def _page(request: Request, typed: Typed | None = None, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    async with reading(request) as db:
        facts = await stage_session(db, request.path_params)
        person_id = visitor(request).person_id
        person = await db.get(Person, person_id) if person_id else None
        actor = await actor_at(db, person, facts.event.id) if person else NO_ACTOR
        cut = await cut_of(db, facts.session.id, actor.person_id)
    session, event, moment = facts.session, facts.event, now(request)
    zone = zone_for(request, event.zone)
    door = door_at(session, moment)
    page = StagePage(
        event=event,
        session=session,
        time=show(session.starts_at, session.ends_at, first=zone, second=event.zone, event_zone=event.zone, mine=zone),
        door=door,
        door_words=_opening_words(session, zone) if door == Door.not_yet else "",
        opens_at=_iso(opens_at(session)),
        ends_at=_iso(session.ends_at),
        read_at=clock_time(moment.astimezone(zone_named(zone))),
        signed_in=person is not None,
        takes_part=actor.takes_part,
        moderates=actor.moderates,
        waiting=len(moderators_cards(cut.state, QuestionState.pending, moment)) if actor.moderates else 0,
        visible=public_cards(cut.state, QuestionState.visible, actor.person_id, moment),
        answered=public_cards(cut.state, QuestionState.answered, actor.person_id, moment),
        archived=public_cards(cut.state, QuestionState.archived, actor.person_id, moment),
        mine=mine_of(cut.state, actor.person_id),
        here_words=here_words(floor_of(request).here(session.id)),
        seq=cut.heads.public,
        key=new_id().hex[-12:],
        typed=typed or {},
        errors=errors or {},
    )
    return render(request, "live/stage.html", page, title=f"Stage · {session.title}", status=status, zone=event.zone)


def _opening_words(session: Session, zone: str) -> str:
    opens = opens_at(session).astimezone(zone_named(zone))
    return f"Asking and voting open 10 minutes before the start, at {clock_time(opens)} ({spoken_zone(opens, zone)})."


def _iso(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
