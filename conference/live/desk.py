"""The organisers' desk on the day: what is on, who needs help, what is announced, who is silenced."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from conference.errors import Conflict, Invalid, NotFound
from conference.live.announcements import announce, end_announcement, end_meant
from conference.live.commands import Command
from conference.live.desk_forms import AnnounceForm
from conference.live.desk_page import Again, clocks_of, desk_page, foreseen, moderated, place_meant, show_desk
from conference.live.desk_queries import HelpAt, announcement_at, help_at, silence_at
from conference.live.desk_words import HelpCard, help_card, until_words
from conference.live.floor import floor_of
from conference.live.forms import command_from
from conference.live.rules import MAX_REASON, MAX_SILENCE, has_stage
from conference.programme.queries import programme_of
from conference.programme.tables import Event
from conference.storage.database import Db
from conference.storage.ids import new_id
from conference.tags import tag_of
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import after_commit, now, reading, real_now, visitor, writing

USUAL_SILENCE = {"minutes": "30"}


@dataclass(frozen=True, slots=True)
class SilencePage:
    """templates/live/desk_silence.html"""

    event: Event
    card: HelpCard
    key: str
    typed: Typed
    errors: Mapping[str, str]
    max_minutes: int = MAX_SILENCE
    max_reason: int = MAX_REASON


async def desk(request: Request) -> Response:
    """GET /manage/events/{event}/desk"""
    return await show_desk(request)


async def desk_now(request: Request) -> Response:
    """GET .../desk/now: what of it changes by itself, for its script; 304 while nothing did."""
    page = await desk_page(request, Again())
    response = render(request, "live/desk_now.html", page, title="The desk", zone=page.event.zone)
    tag = tag_of(bytes(response.body))
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-store"})
    response.headers["ETag"] = tag
    del response.headers["set-cookie"]  # a sentence that waits for the next page still waits
    return response


async def announcements(request: Request) -> Response:
    """POST .../desk/announcements: announce something; with `preview`, only say who would see it."""
    typed = await typed_form(request)
    try:
        if typed.get("preview"):
            await _foreseen(request, typed)
            return await show_desk(request, Again(typed))
        async with writing(request) as db:
            event, person = await moderated(db, request)
            form = AnnounceForm.read(typed)
            session = await place_meant(db, event, form.place)
            until = end_meant(form.minutes, form.clock, event.zone, now(request))
            moments = now(request), real_now(request)
            made = await announce(db, event, session, form.text, until, *moments, by=person.id, announcement_id=form.id)
    except (Invalid, Conflict) as no:
        return await show_desk(request, _again(typed, no, "text"))
    await after_commit(request, floor_of(request).look_at_once)
    where = f"on the stage of “{session.title}”" if session else "on all stages"
    until_said = until_words(made.until, clocks_of(request, event))
    return redirect(request, "live:desk", f"Announced {where} until {until_said}.", event=event.slug)


async def preview(request: Request) -> Response:
    """GET .../desk/announcements/preview?place=&minutes=&clock=: what announcing that would bring about, in words."""
    try:
        said, status = await _foreseen(request, dict(request.query_params)), 200
    except Invalid as no:
        said, status = no.sentence, no.status
    return PlainTextResponse(said, status, {"Cache-Control": "no-store"})


async def announcement_ending(request: Request) -> Response:
    """POST .../desk/announcements/{announcement}/ending: before its time."""
    try:
        async with writing(request) as db:
            event, person = await moderated(db, request)
            announcement = await announcement_at(db, event.id, request.path_params["announcement"])
            await end_announcement(db, announcement, now(request), real_now(request), by=person.id)
    except Conflict as no:
        return await show_desk(request, _again({}, no, "announcements"))
    await after_commit(request, floor_of(request).look_at_once)
    return redirect(request, "live:desk", "The announcement has ended: it goes from every stage now.", event=event.slug)


async def resolution(request: Request) -> Response:
    """POST .../desk/help/{help}/resolution: what was done, for whoever asked."""
    typed, help_id = await typed_form(request), request.path_params["help"]

    async def session_of(db: Db, event: Event) -> UUID:
        return (await help_at(db, event.id, help_id)).session.id

    command = command_from({**typed, "type": "resolve_help", "help_id": str(help_id), "done": typed.get("done", "")})
    try:
        return await _carried_out(request, session_of, command)
    except Invalid as no:
        return await show_desk(request, Again(typed, {f"done-{help_id.hex}": no.sentence}, help_id, no.status))
    except Conflict as no:
        return await show_desk(request, _again({}, no, "help"))


async def lifting(request: Request) -> Response:
    """POST .../desk/silences/{silence}/lifting: a silence or a ban, before its time."""
    typed, silence_id = await typed_form(request), request.path_params["silence"]

    async def session_of(db: Db, event: Event) -> UUID:
        return (await silence_at(db, event.id, silence_id))[1]

    try:
        return await _carried_out(request, session_of, command_from({**typed, "type": "lift", "silence_id": str(silence_id)}))
    except Conflict as no:
        return await show_desk(request, _again({}, no, "silences"))


async def silence(request: Request) -> Response:
    """GET, POST .../desk/help/{help}/silence: silence whoever wrote what was reported."""
    if request.method != "POST":
        return await _silence_page(request, Again(USUAL_SILENCE))
    typed = await typed_form(request)
    async with reading(request) as db:
        event, _ = await moderated(db, request)
        report = await _report(db, request, event)

    async def session_of(_db: Db, _event: Event) -> UUID:
        return report.session.id

    try:
        return await _carried_out(request, session_of, command_from({**typed, "type": "silence", "about_id": str(report.request.about_id)}))
    except (Invalid, Conflict) as no:
        return await _silence_page(request, _again(typed, no, "reason"))


async def _foreseen(request: Request, typed: Typed) -> str:
    """Raises Invalid, and what `moderated` does."""
    async with reading(request) as db:
        event, _ = await moderated(db, request)
        stages = [facts.session for facts in await programme_of(db, event) if has_stage(event, facts.session)]
    return foreseen(request, event, stages, typed)


async def _carried_out(request: Request, session_of: Callable[[Db, Event], Awaitable[UUID]], command: Command) -> Response:
    """Done on its stage, so that every page of that stage hears it; then back to the desk. Raises Refusal."""
    async with reading(request) as db:
        event, _ = await moderated(db, request)
        session_id = await session_of(db, event)
    done = await floor_of(request).carry_out(session_id, visitor(request), command)
    if command.type == "silence":
        floor_of(request).look_at_once()  # it may be a ban
    return redirect(request, "live:desk", done.said, event=event.slug)


async def _silence_page(request: Request, again: Again) -> Response:
    async with reading(request) as db:
        event, _ = await moderated(db, request)
        card = help_card(await _report(db, request, event), now(request))
    page = SilencePage(event, card, again.typed.get("client_id") or new_id().hex, again.typed, again.errors)
    return render(request, "live/desk_silence.html", page, title=f"Silence · {event.title}", status=again.status, zone=event.zone)


async def _report(db: Db, request: Request, event: Event) -> HelpAt:
    """The request of the address, which must report something that is still there. Raises NotFound."""
    found = await help_at(db, event.id, request.path_params["help"])
    if not found.author:
        raise NotFound("Nothing that somebody wrote is reported here.")
    return found


def _again(typed: Typed, no: Invalid | Conflict, field: str) -> Again:
    """`field`: beside which a refusal without fields is shown."""
    return Again(typed, no.fields if isinstance(no, Invalid) else {field: no.sentence}, status=no.status)
