"""The organisers' side: what their event keeps of people and why, what people ask about it, and erasing one of them."""

from dataclasses import dataclass

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Forbidden, Invalid, NotFound
from conference.live.floor import floor_of
from conference.people.access import require_role
from conference.people.consents import WORDINGS, consent_counts
from conference.people.queries import people_by_id, roles_of
from conference.people.tables import Person, RoleKind
from conference.privacy.erasing import clean_up, erase
from conference.privacy.forms import AnswerForm, BasisForm, ErasureForm
from conference.privacy.gathering import KEPT
from conference.privacy.requests import answer_request, events_of, requests_at
from conference.privacy.shown import ErasurePage, erasure_shown
from conference.privacy.tables import DataRequest, ProcessingBasis, RetentionSweep
from conference.privacy.words import BASES, KeptLine, lines_by_purpose
from conference.programme.queries import event_at
from conference.programme.tables import Event, Speaker
from conference.record.actions import note
from conference.record.tables import AuditEntry
from conference.registration.queries import registration_at
from conference.storage.database import Db
from conference.storage.personal import Purpose
from conference.times import spoken_moment
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import after_commit, house, now, reading, real_now, writing, zone_for

Errors = dict[str, str]
EXPORTS_SHOWN = 50
NOT_YOURS = "{name} also takes part in events that you don’t organise. They can erase their data themselves, under My data."


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that somebody asks."""

    row: DataRequest
    person: Person
    speaker: Speaker | None
    made: str


@dataclass(frozen=True, slots=True)
class Ground:
    """One purpose: on which ground, and what is kept for it."""

    purpose: Purpose
    basis: str
    lines: tuple[KeptLine, ...]


@dataclass(frozen=True, slots=True)
class ProcessingPage:
    """templates/privacy/processing.html"""

    event: Event
    waiting: tuple[Waiting, ...]
    grounds: tuple[Ground, ...]
    agreed: tuple[tuple[str, int], ...]  # words, how many
    exports: tuple[tuple[str, str, str], ...]  # when, who, what
    swept: str  # when the last sweep was; empty: never
    typed: Typed
    errors: Errors
    about: str  # the request whose form came back


@dataclass(frozen=True, slots=True)
class PersonErasurePage:
    """templates/privacy/person_erasure.html"""

    event: Event
    registration: str
    shown: ErasurePage


async def processing(request: Request) -> Response:
    """GET /manage/events/{event}/processing: the record of what is kept of people, why, who sees it and how long."""
    return await _processing_page(request, {}, {})


async def ground(request: Request) -> Response:
    """POST /manage/events/{event}/processing/grounds/{purpose}: the organisers' own words for a legal ground."""
    if request.path_params["purpose"] not in list(Purpose):
        raise NotFound("There is no such purpose.")
    purpose, typed = Purpose(request.path_params["purpose"]), await typed_form(request)
    try:
        form = BasisForm.read(typed)
    except Invalid as wrong:
        return await _processing_page(request, typed, wrong.fields, about=purpose)
    async with writing(request) as db:
        event, organiser = await _organised(db, request)
        await db.refresh(event, with_for_update={"key_share": True})
        one = select(ProcessingBasis).where(ProcessingBasis.event_id == event.id, ProcessingBasis.purpose == purpose)
        row = (await db.exec(one)).first() or ProcessingBasis(event_id=event.id, purpose=purpose, words="", modified_at=real_now(request))
        row.words, row.by_id, row.modified_at = form.words, organiser.id, real_now(request)
        db.add(row)
        note(db, "legal ground changed", f"event:{event.slug}", real_now(request), person_id=organiser.id, event_id=event.id)
    return redirect(request, "privacy:processing", f"Saved: {purpose.words.lower()}.", event=event.slug)


async def answer(request: Request) -> Response:
    """POST /manage/events/{event}/processing/requests/{asked}/answer"""
    typed = await typed_form(request)
    try:
        form = AnswerForm.read(typed)
    except Invalid as wrong:
        return await _processing_page(request, typed, wrong.fields, about=str(request.path_params["asked"]))
    await _answer(request, form.answer)
    return redirect(request, "privacy:processing", "Answered: they read it on their own page.", event=request.path_params["event"])


async def credit_removal(request: Request) -> Response:
    """POST /manage/events/{event}/processing/requests/{asked}/credit-removal: take an erased speaker's name out of the programme."""
    await _answer(request, "", take_out=True)
    return redirect(request, "privacy:processing", "The programme says “A speaker” there now.", event=request.path_params["event"])


async def erasure(request: Request) -> Response:
    """GET, POST /manage/events/{event}/registrations/{registration}/erasure: erase somebody who takes part in one's own events only."""
    if request.method != "POST":
        return await _person_page(request, {}, {})
    typed = await typed_form(request)
    try:
        form = ErasureForm.read(typed)
    except Invalid as wrong:
        return await _person_page(request, typed, wrong.fields)
    here = house(request)
    async with writing(request) as db:
        event, organiser = await _organised(db, request)
        person = await _person_at(db, request, event, organiser)
        keep = form.words == "stay"
        erasing = await erase(db, person.id, now(request), real_now(request), keep_words=keep, by=organiser.id)
    await after_commit(request, floor_of(request).look_at_once)
    await after_commit(request, lambda: clean_up(here.database, here.settings.data, here.settings.mail_folder, [erasing]))
    return redirect(request, "registration:registrations", "It is done: nothing here leads to that person any more.", event=event.slug)


async def _answer(request: Request, words: str, *, take_out: bool = False) -> None:
    async with writing(request) as db:
        event, organiser = await _organised(db, request)
        which = request.path_params["asked"]
        await answer_request(db, event, which, words, now(request), real_now(request), by=organiser.id, take_out=take_out)


async def _person_at(db: Db, request: Request, event: Event, organiser: Person) -> Person:
    """Who is registered there. Raises NotFound, and Forbidden where they have a part in somebody else's event too."""
    _, person = await registration_at(db, event.id, request.path_params["registration"])
    mine = {role.event_id for role in await roles_of(db, organiser.id) if role.kind == RoleKind.organiser}
    if not {each.id for each in await events_of(db, person)} <= mine:
        raise Forbidden(NOT_YOURS.format(name=person.name))
    return person


async def _person_page(request: Request, typed: Typed, errors: Errors) -> Response:
    async with reading(request) as db:
        event, organiser = await _organised(db, request)
        person = await _person_at(db, request, event, organiser)
        shown = await erasure_shown(db, person, now(request), typed, errors)
    page = PersonErasurePage(event, str(request.path_params["registration"]), shown)
    title = f"Erase somebody · {event.title}"
    return render(request, "privacy/person_erasure.html", page, title=title, status=422 if errors else 200, zone=event.zone)


async def _processing_page(request: Request, typed: Typed, errors: Errors, *, about: str = "") -> Response:
    async with reading(request) as db:
        event, _ = await _organised(db, request)
        zone = zone_for(request, event.zone)
        waiting = [Waiting(row, person, speaker, spoken_moment(row.made_at, zone)) for row, person, speaker in await requests_at(db, event)]
        own = {row.purpose: row.words for row in await db.exec(select(ProcessingBasis).where(ProcessingBasis.event_id == event.id))}
        counts = await consent_counts(db, event.id)
        swept = (await db.exec(select(RetentionSweep.swept_at).order_by(col(RetentionSweep.id).desc()).limit(1))).first()
        page = ProcessingPage(
            event=event,
            waiting=tuple(waiting),
            grounds=tuple(
                Ground(purpose, own.get(purpose, BASES[purpose]), tuple(lines)) for purpose, lines in lines_by_purpose(KEPT).items()
            ),
            agreed=tuple((WORDINGS[purpose].label, count) for purpose, count in counts.items()),
            exports=await _exports(db, event, zone),
            swept=spoken_moment(swept, zone) if swept else "",
            typed=typed,
            errors=errors,
            about=about,
        )
    title = f"People’s data · {event.title}"
    return render(request, "privacy/processing.html", page, title=title, status=422 if errors else 200, zone=event.zone)


async def _exports(db: Db, event: Event, zone: str) -> tuple[tuple[str, str, str], ...]:
    """Who took what out of this event, by the audit trail, the newest first."""
    taken = select(AuditEntry).where(AuditEntry.event_id == event.id, col(AuditEntry.act).contains("exported"))
    rows = (await db.exec(taken.order_by(col(AuditEntry.id).desc()).limit(EXPORTS_SHOWN))).all()
    people = await people_by_id(db, {row.person_id for row in rows if row.person_id})
    return tuple((spoken_moment(row.at, zone), people[row.person_id].name if row.person_id else "", row.act) for row in rows)


async def _organised(db: Db, request: Request) -> tuple[Event, Person]:
    event = await event_at(db, request.path_params["event"])
    return event, await require_role(db, request, event.id, RoleKind.organiser)
