"""My data: what is kept, to take away, to have corrected, to agree to, and to erase."""

import asyncio
from dataclasses import dataclass

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from conference.calls.personal import files_of
from conference.errors import Invalid
from conference.live.floor import floor_of
from conference.people.access import require_person
from conference.people.consents import WORDINGS, Wording, choose_consents, consents_of
from conference.people.sure import again, is_sure
from conference.people.tables import ConsentPurpose, Person
from conference.privacy.erasing import clean_up, erase
from conference.privacy.exporting import chunks_of, write_export
from conference.privacy.forms import CorrectionForm, ErasureForm
from conference.privacy.gathering import KEPT, everything_about, whom
from conference.privacy.requests import ask_for_correction, events_of, requests_of
from conference.privacy.shown import erasure_shown
from conference.privacy.tables import DataRequest
from conference.privacy.words import KeptLine, lines_by_purpose
from conference.programme.queries import event_at
from conference.programme.tables import Event
from conference.record.actions import note
from conference.speaking.personal import files_of as slides_of
from conference.storage.database import Db
from conference.storage.personal import Purpose
from conference.times import spoken_moment
from conference.web.cookies import SIGN_IN, drop_cookie
from conference.web.forms import Typed, checked, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import HOUSE_ZONE, after_commit, apart, house, now, reading, real_now, writing, zone_for

Errors = dict[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to agree to at an event."""

    purpose: ConsentPurpose
    wording: Wording
    given: str  # since when; empty: not


@dataclass(frozen=True, slots=True)
class MyEvent:
    event: Event
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A correction that was asked for."""

    row: DataRequest
    made: str
    answered: str


@dataclass(frozen=True, slots=True)
class DataPage:
    """templates/privacy/data.html"""

    events: tuple[MyEvent, ...]
    asked: tuple[Asked, ...]
    kept: dict[Purpose, list[KeptLine]]
    typed: Typed
    errors: Errors


async def data(request: Request) -> Response:
    """GET /me/data"""
    return await _data_page(request, {}, {})


async def export(request: Request) -> Response:
    """POST /me/data/export: everything as one file."""
    if not await is_sure(request):
        return again(request, "privacy:data")
    async with apart(request) as db:  # it is not one of the answers that are kept: it is long, and full of data
        person = await require_person(db, request)
        note(db, "own data exported", f"person:{person.id}", real_now(request), person_id=person.id)
    async with reading(request) as db:
        someone = await whom(db, person)
        rows, files = await everything_about(db, person), await slides_of(db, someone) | await files_of(db, someone)
    written = await asyncio.to_thread(write_export, rows, files, house(request).settings.data)
    name = f"my-data-{real_now(request):%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(chunks_of(written), headers=headers, media_type="application/zip", background=BackgroundTask(written.close))


async def consents(request: Request) -> Response:
    """POST /me/data/consents/{event}: exactly what is ticked is agreed to from now on."""
    typed = await typed_form(request)
    async with writing(request) as db:
        person = await require_person(db, request)
        event = await event_at(db, request.path_params["event"])
        if event.id not in {mine.id for mine in await events_of(db, person)}:
            raise Invalid("event", "You take no part in this event.")
        given = {purpose for purpose in ConsentPurpose if checked(typed.get(purpose, ""))}
        await choose_consents(db, person, event.id, given, real_now(request))
    return redirect(request, "privacy:data", f"Saved for {event.title}.")


async def corrections(request: Request) -> Response:
    """POST /me/data/corrections: ask the organisers to correct what one can't change oneself."""
    typed = await typed_form(request)
    try:
        form = CorrectionForm.read(typed)
        async with writing(request) as db:
            person = await require_person(db, request)
            mine = {event.slug: event for event in await events_of(db, person)}
            if form.event not in mine:
                raise Invalid("event", "Choose one of your events.")
            await ask_for_correction(db, mine[form.event], person, form.text, real_now(request))
    except Invalid as wrong:
        return await _data_page(request, typed, wrong.fields)
    return redirect(request, "privacy:data", "The organisers are asked, and their answer will stand on this page.")


async def erasure(request: Request) -> Response:
    """GET, POST /me/data/erasure: first what goes and what stays; then it is done, at once and for good."""
    if not await is_sure(request):
        return again(request, "privacy:erasure")
    if request.method != "POST":
        return await _erasure_page(request, {}, {})
    typed = await typed_form(request)
    try:
        form = ErasureForm.read(typed)
    except Invalid as wrong:
        return await _erasure_page(request, typed, wrong.fields)
    here = house(request)
    async with writing(request) as db:
        person = await require_person(db, request)
        erasing = await erase(db, person.id, now(request), real_now(request), keep_words=form.words == "stay")
    await after_commit(request, floor_of(request).look_at_once)  # open pages are cut now, not with the next look
    await after_commit(request, lambda: clean_up(here.database, here.settings.data, here.settings.mail_folder, [erasing]))
    response = redirect(request, "site:home", "It is done: nothing here leads to you any more.")
    drop_cookie(request, response, SIGN_IN)
    return response


async def _data_page(request: Request, typed: Typed, errors: Errors) -> Response:
    zone = zone_for(request, HOUSE_ZONE)
    async with reading(request) as db:
        person = await require_person(db, request)
        events = [await _my_event(db, person, event, zone) for event in await events_of(db, person)]
        asked = [
            Asked(row, spoken_moment(row.made_at, zone), spoken_moment(row.answered_at, zone) if row.answered_at else "")
            for row in await requests_of(db, person)
        ]
    page = DataPage(tuple(events), tuple(asked), lines_by_purpose(KEPT), typed, errors)
    return render(request, "privacy/data.html", page, title="My data", status=422 if errors else 200)


async def _my_event(db: Db, person: Person, event: Event, zone: str) -> MyEvent:
    given = await consents_of(db, person.id, event.id)

    def since(purpose: ConsentPurpose) -> str:
        row = given.get(purpose)
        return spoken_moment(row.given_at, zone) if row else ""

    return MyEvent(event, tuple(Choice(purpose, wording, since(purpose)) for purpose, wording in WORDINGS.items()))


async def _erasure_page(request: Request, typed: Typed, errors: Errors) -> Response:
    async with reading(request) as db:
        person = await require_person(db, request)
        page = await erasure_shown(db, person, now(request), typed, errors)
    return render(request, "privacy/erasure.html", page, title="Erase my data", status=422 if errors else 200)
