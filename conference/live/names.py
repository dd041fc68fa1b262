"""Who is here, by consent: the list on a stage, and one's own consent for an event."""

from dataclasses import asdict, dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from conference.errors import Forbidden
from conference.live.floor import floor_of
from conference.live.part import actor_at
from conference.live.queries import check_may_watch, moderators_among, stage_session
from conference.live.showing import HereNow, hide_name, names_here, show_name, shows_name
from conference.live.state import Actor
from conference.people.access import require_person
from conference.programme.queries import SessionFacts, event_at
from conference.programme.tables import Event, Session
from conference.registration.queries import confirmed_among
from conference.storage.database import Db
from conference.web.forms import checked, typed_form
from conference.web.links import path_to, redirect_to
from conference.web.render import render
from conference.web.request import now, reading, real_now, writing

FOR_THOSE_WHO_TAKE_PART = "Who is here is shown to people who are registered."


@dataclass(frozen=True, slots=True)
class NamesPage:
    """templates/live/names.html"""

    event: Event
    session: Session
    here: HereNow
    shows: bool  # whether this person's own name is shown
    may_show: bool


async def names(request: Request) -> Response:
    """GET /events/{event}/sessions/{session}/stage/names"""
    async with reading(request) as db:
        facts, actor = await _insider(db, request)
        here = await names_here(db, floor_of(request).presences, facts.session, real_now(request))
        shows = await shows_name(db, facts.event.id, actor.person_id)
    page = NamesPage(facts.event, facts.session, here, shows, actor.takes_part or actor.moderates)
    return render(request, "live/names.html", page, title=f"Who is here · {facts.session.title}", zone=facts.event.zone)


async def names_json(request: Request) -> Response:
    """GET /events/{event}/sessions/{session}/stage/names.json: `{"names": [...], "words": "And 12 more ...", "shows": true}`"""
    async with reading(request) as db:
        facts, actor = await _insider(db, request)
        here = await names_here(db, floor_of(request).presences, facts.session, real_now(request))
        shows = await shows_name(db, facts.event.id, actor.person_id)
    return JSONResponse({**asdict(here), "shows": shows}, headers={"Cache-Control": "no-store"})


async def stage_name(request: Request) -> Response:
    """POST /events/{event}/stage-name: `show` on or off, and `next`, where to go then."""
    typed = await typed_form(request)
    async with writing(request) as db:
        event = await event_at(db, request.path_params["event"])
        person = await require_person(db, request)
        if checked(typed.get("show", "")):
            if not (await confirmed_among(db, event.id, {person.id}) or await moderators_among(db, event.id, {person.id})):
                raise Forbidden(FOR_THOSE_WHO_TAKE_PART)
            await show_name(db, event, person, now(request), real_now(request))
            said = "Your name is shown to those who are registered, while you have a stage open."
        else:
            await hide_name(db, event, person, real_now(request))
            said = "Your name is not shown any more."
    return redirect_to(request, typed.get("next") or path_to(request, "site:event", event=event.slug), said)


async def _insider(db: Db, request: Request) -> tuple[SessionFacts, Actor]:
    """The session, and whoever is signed in and may see who is there. Raises a Refusal."""
    facts = await stage_session(db, request.path_params)
    person = await require_person(db, request)
    actor = await actor_at(db, person, facts.event.id, facts.session.id)
    if not (actor.takes_part or actor.moderates or actor.speaks):
        raise Forbidden(FOR_THOSE_WHO_TAKE_PART)
    await check_may_watch(db, facts.event, person.id, now(request))
    return facts, actor
