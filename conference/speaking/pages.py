"""One's own talks: the list, and what one changes about each."""

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Invalid, NotFound
from conference.people.access import require_person
from conference.people.rules import clean_name, email_key
from conference.programme.drafting import draft_change
from conference.programme.releases import plan_of
from conference.programme.rules import Stale
from conference.programme.tables import Event, Speaker
from conference.speaking.actions import propose_co_speaker, propose_text, withdraw
from conference.speaking.forms import CoSpeakerForm, TextForm
from conference.speaking.queries import Talk, own_talk, profiles_of, proposals_of, resources_of, speaker_rows_of, talks_of
from conference.speaking.tables import ProposalKind, SpeakerProfile
from conference.speaking.talk_page import talk_page
from conference.storage.database import Db
from conference.times import TimeShown, show
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, writing, zone_for

SAVED_SHOWN = 2000  # characters of a text that a co-speaker saved


@dataclass(frozen=True, slots=True)
class TalkCard:
    talk: Talk
    time: TimeShown
    over: bool
    resources: int
    waits: bool  # something of it is under review


@dataclass(frozen=True, slots=True)
class SpeakerCard:
    """Oneself at one event."""

    event: Event
    speaker: Speaker
    profile: SpeakerProfile | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TalksPage:
    """templates/speaking/talks.html"""

    speakers: tuple[SpeakerCard, ...]
    talks: tuple[TalkCard, ...]


async def talks(request: Request) -> Response:
    """GET /me/talks"""
    async with reading(request) as db:
        person = await require_person(db, request)
        rows = await speaker_rows_of(db, person.id)
        profiles = await profiles_of(db, [speaker.id for speaker, _ in rows])
        cards = [await _card(db, request, talk) for talk in await talks_of(db, person)]
    mine = [SpeakerCard(event, speaker, profiles.get(speaker.id), _missing(speaker, profiles.get(speaker.id))) for speaker, event in rows]
    page = TalksPage(tuple(mine), tuple(sorted(cards, key=lambda card: card.over)))
    return render(request, "speaking/talks.html", page, title="My talks")


async def talk(request: Request) -> Response:
    """GET, POST /events/{event}/sessions/{session}/talk: read it; save its title and abstract, or propose them once it is published."""
    if request.method != "POST":
        return await talk_page(request)
    typed = await typed_form(request)
    try:
        said = await _save(request, typed)
    except Invalid as wrong:
        return await talk_page(request, typed, wrong.fields)
    except Stale as late:
        return await _too_late(request, typed, late)
    return redirect(request, "speaking:talk", said, **request.path_params)


async def _save(request: Request, typed: Typed) -> str:
    """The sentence about what became of it."""
    async with writing(request) as db:
        person = await require_person(db, request)
        mine = await own_talk(db, person=person, **request.path_params)
        form = TextForm.read(typed)
        if mine.is_published:
            waits = await propose_text(db, mine.event, mine.session, person, form.title, form.abstract, now(request), seen=form.seen)
            return "Proposed: the organisers review it." if waits else "That is what is published, so nothing waits for review."
        plan = replace(plan_of(mine.session), title=form.title, abstract=form.abstract)
        await draft_change(db, mine.event, mine.planned, plan, mine.speakers, now(request), by=person.id, seen=form.seen)
    return "Saved. The organisers publish it with the programme."


async def _too_late(request: Request, typed: Typed, late: Stale) -> Response:
    """What was typed, and beside each field that differs what is saved now."""
    async with reading(request) as db:
        mine = await own_talk(db, person=await require_person(db, request), **request.path_params)
        open_ones = [each for each in await proposals_of(db, mine.session.id) if not each.decided_at and not each.withdrawn_at]
    waiting = next((each for each in open_ones if each.kind is ProposalKind.text), None)
    saved = {"title": (waiting or mine.session).title, "abstract": (waiting or mine.session).abstract.strip()}
    differs = {
        name: f"As saved now: {text[:SAVED_SHOWN] or 'nothing'}" for name, text in saved.items() if typed.get(name, "").strip() != text
    }
    return await talk_page(request, typed, differs, stale=late.sentence, status=late.status)


async def withdrawal(request: Request) -> Response:
    """POST .../talk/proposals/{proposal:uuid}/withdrawal: by any of the session's speakers."""
    async with writing(request) as db:
        person = await require_person(db, request)
        mine = await own_talk(db, request.path_params["event"], request.path_params["session"], person)
        found = [each for each in await proposals_of(db, mine.session.id) if each.id == request.path_params["proposal"]]
        if not found:
            raise NotFound("There is no such proposal.")
        await withdraw(db, found[0], person, now(request))
    return redirect(request, "speaking:talk", "Withdrawn: what is published stays.", event=mine.event.slug, session=mine.session.slug)


async def co_speakers(request: Request) -> Response:
    """POST .../talk/co-speakers: propose somebody to speak too."""
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            person = await require_person(db, request)
            mine = await own_talk(db, person=person, **request.path_params)
            if not mine.is_published:
                raise NotFound("Co-speakers can be proposed once the session is published.")
            form = CoSpeakerForm.read(typed)
            await propose_co_speaker(
                db, mine.event, mine.session, person, clean_name(form.name), email_key(form.email), form.word, now(request)
            )
    except Invalid as wrong:
        return await talk_page(request, typed, wrong.fields)
    return redirect(request, "speaking:talk", "Proposed: the organisers decide, and invite them by mail.", **request.path_params)


async def _card(db: Db, request: Request, talk: Talk) -> TalkCard:
    session, event, zone = talk.session, talk.event, zone_for(request, talk.event.zone)
    waits = any(not each.decided_at and not each.withdrawn_at for each in await proposals_of(db, session.id))
    time = show(session.starts_at, session.ends_at, first=zone, second=event.zone, event_zone=event.zone, mine=zone)
    return TalkCard(talk, time, now(request) >= session.ends_at, len(await resources_of(db, [session.id])), waits)


def _missing(speaker: Speaker, profile: SpeakerProfile | None) -> tuple[str, ...]:
    wanted = (("a biography", bool(speaker.biography.strip())), ("a photo", bool(profile and profile.photo_id)))
    return tuple(words for words, there in wanted if not there)
