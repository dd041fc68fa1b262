"""The stage for its speakers: time left, cues, questions in order, answers in writing, notes for the green room."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Forbidden, Invalid
from conference.live.cards import NOBODY
from conference.live.floor import floor_of
from conference.live.forms import command_from, typed_command
from conference.live.green_room import MOST, keep_note, notes_of
from conference.live.green_room_tables import GreenRoomNote, Recording
from conference.live.part import actor_at
from conference.live.queries import check_may_watch, cut_of, stage_session
from conference.live.rules import MAX_ANSWER, door_at
from conference.live.speakers_cards import CueCard, SpeakersCard, cue_cards, speakers_cards
from conference.live.state import Actor
from conference.live.time_left import TimeLeft, time_left
from conference.people.access import require_person
from conference.people.tables import Person
from conference.programme.queries import SessionFacts
from conference.programme.tables import Event, Session, Speaker
from conference.storage.database import Db
from conference.storage.ids import new_id
from conference.times import TimeShown, clock_time, show, zone_named
from conference.web.forms import Form, Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, real_now, visitor, writing, zone_for

SPEAKERS_ONLY = "This page is for the session's speakers and the moderators."
EMPTY = SpeakersCard(NOBODY, "", "", 0, pinned=False, state="visible", answered_words="", answer="")


class NotesForm(Form):
    asks: ClassVar[dict[str, str]] = {"recording": "Choose one."}
    name_said: str = Field(default="", max_length=MOST["name_said"])
    introduction: str = Field(default="", max_length=MOST["introduction"])
    recording: Recording = Recording.not_said
    to_moderators: str = Field(default="", max_length=MOST["to_moderators"])


@dataclass(frozen=True, slots=True)
class SpeakerPage:
    """templates/live/speaking.html"""

    event: Event
    session: Session
    time: TimeShown
    left: TimeLeft
    late_minutes: int
    starts_at: str  # ISO 8601 UTC, as planned
    ends_at: str
    read_at: str
    speaks: bool
    moderates: bool
    cues: tuple[CueCard, ...]  # the newest first
    open: tuple[SpeakersCard, ...]
    answered: tuple[SpeakersCard, ...]
    note: Mapping[str, str]  # one's own, as typed or as kept
    notes: tuple[tuple[Speaker, GreenRoomNote | None], ...]  # everybody's, for moderators
    key: str
    wrong: str = ""  # the question whose answer needs another look
    typed: Typed = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    empty: SpeakersCard = EMPTY  # the markup that live messages fill
    max_answer: int = MAX_ANSWER
    most: Mapping[str, int] = field(default_factory=lambda: MOST)


async def speaker(request: Request) -> Response:
    """GET /events/{event}/sessions/{session}/stage/speaker"""
    return await _page(request)


async def written_answer(request: Request) -> Response:
    """POST .../stage/speaker/answers: of a question that was shown, during the session or afterwards."""
    typed = await typed_command(request) | {"type": "write_answer"}
    async with reading(request) as db:
        facts, _ = await _speaking_at(db, request)
    try:
        done = await floor_of(request).carry_out(facts.session.id, visitor(request), command_from(typed))
    except Invalid as no:
        return await _page(request, typed, no.fields, wrong=typed.get("question_id", ""))
    return redirect(request, "live:speaker", done.said, event=facts.event.slug, session=facts.session.slug)


async def green_room(request: Request) -> Response:
    """POST .../stage/speaker/notes: one's own, as a speaker of this session."""
    typed = await typed_form(request)
    try:
        form = NotesForm.read(typed)
        async with writing(request) as db:
            facts, actor = await _speaking_at(db, request)
            if not actor.speaks:
                raise Forbidden("Notes for the green room are written by the session's speakers.")
            person = await db.get_one(Person, actor.person_id)
            words = form.model_dump(include=set(MOST))
            await keep_note(db, facts.session, person, words, form.recording, now(request), real_now(request))
    except Invalid as no:
        return await _page(request, typed, no.fields)
    said = "Your notes are kept: the moderators and organisers read them."
    return redirect(request, "live:speaker", said, event=facts.event.slug, session=facts.session.slug)


async def _speaking_at(db: Db, request: Request) -> tuple[SessionFacts, Actor]:
    """Raises a Refusal for whoever neither speaks in this session nor moderates."""
    facts = await stage_session(db, request.path_params)
    person = await require_person(db, request)
    actor = await actor_at(db, person, facts.event.id, facts.session.id)
    if not (actor.speaks or actor.moderates):
        raise Forbidden(SPEAKERS_ONLY)
    await check_may_watch(db, facts.event, person.id, now(request))
    return facts, actor


async def _page(request: Request, typed: Typed | None = None, errors: Mapping[str, str] | None = None, wrong: str = "") -> Response:
    async with reading(request) as db:
        facts, actor = await _speaking_at(db, request)
        cut = await cut_of(db, facts.session.id, actor.person_id)
        notes = {each.person_id: each for each in await notes_of(db, facts.session.id)}
    session, event, moment = facts.session, facts.event, now(request)
    zone, late = zone_for(request, event.zone), timedelta(minutes=cut.state.run.late_minutes)
    page = SpeakerPage(
        event=event,
        session=session,
        time=show(session.starts_at, session.ends_at, first=zone, second=event.zone, event_zone=event.zone, mine=zone),
        left=time_left(door_at(session, moment, cut.state.run.late_minutes), session.starts_at + late, session.ends_at + late, moment),
        late_minutes=cut.state.run.late_minutes,
        starts_at=f"{session.starts_at:%Y-%m-%dT%H:%M:%SZ}",
        ends_at=f"{session.ends_at:%Y-%m-%dT%H:%M:%SZ}",
        read_at=clock_time(moment.astimezone(zone_named(zone))),
        speaks=actor.speaks,
        moderates=actor.moderates,
        cues=cue_cards(cut.state, moment),
        open=speakers_cards(cut.state, zone, answered=False),
        answered=speakers_cards(cut.state, zone, answered=True),
        note=_as_typed(notes.get(actor.person_id)) | (typed if typed and not wrong else {}),
        notes=_of_all(facts, notes) if actor.moderates else (),
        key=new_id().hex[-12:],
        wrong=wrong,
        typed=typed or {},
        errors=errors or {},
    )
    return render(request, "live/speaking.html", page, title=f"Speaker · {session.title}", status=422 if errors else 200, zone=event.zone)


def _of_all(facts: SessionFacts, notes: Mapping[UUID, GreenRoomNote]) -> tuple[tuple[Speaker, GreenRoomNote | None], ...]:
    """Each speaker of the session, with what they wrote."""
    return tuple((each, notes.get(each.person_id) if each.person_id else None) for each in facts.speakers)


def _as_typed(note: GreenRoomNote | None) -> dict[str, str]:
    return {name: str(getattr(note, name)) if note else "" for name in MOST} | {"recording": note.recording if note else Recording.not_said}
