"""Slides and other things to read beside a talk: speakers add and remove them, others fetch what they may have."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from conference.errors import Forbidden, Invalid, NotFound, Refusal, SignInNeeded
from conference.people.access import require_person
from conference.people.tables import Person
from conference.programme.queries import session_at
from conference.speaking.actions import add_resource, drop_resource
from conference.speaking.forms import ResourceForm
from conference.speaking.queries import Talk, own_talk, photo_at, resource_at
from conference.speaking.rules import ENDINGS, MAX_FILE, check_address, file_name, is_shown, size_words
from conference.speaking.shelf import keeping, place_of, throw_away
from conference.speaking.showing import standing_at
from conference.speaking.sniffing import kind_of
from conference.speaking.tables import Audience, ResourceKind, TalkResource
from conference.speaking.talk_page import talk_page
from conference.storage.database import Db
from conference.storage.ids import new_id
from conference.web.forms import Typed
from conference.web.links import redirect
from conference.web.request import after_commit, house, now, reading, visitor, writing
from conference.web.uploads import Upload, typed_upload

TOO_BIG = f"This file is too big: it may have at most {size_words(MAX_FILE)}. A PDF with smaller pictures often fits; or give a link."
CLOSED = "default-src 'none'; sandbox"  # should a browser show a download after all, it runs nothing


async def resources(request: Request) -> Response:
    """POST /events/{event}/sessions/{session}/talk/resources: a file, or a link."""
    async with reading(request) as db:  # before anything is read
        await _published_talk(db, request)
    async with typed_upload(request, "file", MAX_FILE) as (typed, upload):
        try:
            await _add(request, typed, upload)
        except Invalid as wrong:
            return await talk_page(request, typed, _and_choose_again(wrong.fields, upload))
    return redirect(request, "speaking:talk", "Added. You see below who may have it.", **request.path_params)


async def _add(request: Request, typed: Typed, upload: Upload | None) -> None:
    form, wrong = _read(typed)
    kind = ResourceKind.link
    try:
        if upload and upload.too_big:
            raise Invalid("file", TOO_BIG)
        if upload and typed.get("url", "").strip():
            raise Invalid("url", "Choose a file or give a link, not both: add the other one afterwards.")
        if upload:
            kind = await asyncio.to_thread(kind_of, upload.file)
        elif address := typed.get("url", "").strip():
            check_address(address, "url")
        else:
            raise Invalid("file", "Choose a file, or give a link below.")
    except Invalid as no:
        wrong |= no.fields
    if wrong or form is None:
        first = next(iter(wrong))
        raise Invalid(first, wrong[first], wrong)
    facts: dict[str, Any] = {"title": form.what, "kind": kind, "audience": form.audience, "shown_from": form.shown_from}
    if not upload:
        await _keep(request, {**facts, "id": new_id(), "url": form.url})
        return
    async with keeping(house(request).settings.data, upload.file) as file_id:
        await _keep(request, {**facts, "id": file_id, "size": upload.size})


def _read(typed: Typed) -> tuple[ResourceForm | None, dict[str, str]]:
    """The form, or what is wrong with it: the file's own sentence is to stand beside the others'."""
    try:
        return ResourceForm.read(typed), {}
    except Invalid as no:
        return None, no.fields


def _and_choose_again(errors: dict[str, str], upload: Upload | None) -> dict[str, str]:
    """A browser forgets the chosen file: say so where the file was all right."""
    return errors if not upload or "file" in errors else {**errors, "file": "Choose the file again: browsers don’t keep it."}


async def _keep(request: Request, facts: dict[str, Any]) -> None:
    async with writing(request) as db:
        talk, person = await _published_talk(db, request)
        resource = TalkResource(session_id=talk.session.id, person_id=person.id, made_at=now(request), **facts)
        await add_resource(db, talk.event, talk.session, resource, now(request))


async def _published_talk(db: Db, request: Request) -> tuple[Talk, Person]:
    person = await require_person(db, request)
    talk = await own_talk(db, request.path_params["event"], request.path_params["session"], person)
    if not talk.is_published:
        raise NotFound("Slides can be added once the session is published.")
    return talk, person


async def resource_removal(request: Request) -> Response:
    """POST .../talk/resources/{resource:uuid}/removal: by any of the session's speakers."""
    async with writing(request) as db:
        talk, person = await _published_talk(db, request)
        resource = await resource_at(db, talk.session, request.path_params["resource"])
        gone = await drop_resource(db, talk.event, resource, now(request), by=person.id)
    await after_commit(request, lambda: throw_away(house(request).settings.data, [gone]))
    return redirect(request, "speaking:talk", f"“{resource.title}” is removed.", event=talk.event.slug, session=talk.session.slug)


async def resource(request: Request) -> Response:
    """GET /events/{event}/sessions/{session}/resources/{resource:uuid}: always as a download, never shown in the page."""
    async with reading(request) as db:
        facts = await session_at(db, request.path_params["event"], request.path_params["session"])
        found = await resource_at(db, facts.session, request.path_params["resource"])
        registered, insider = await standing_at(db, facts, visitor(request).person_id)
    if not is_shown(found, facts.session, now(request), registered=registered, insider=insider):
        raise _why_not(found, visitor(request).person_id is not None, registered)
    path = place_of(house(request).settings.data, found.id)
    if found.kind is ResourceKind.link or not path.is_file():
        raise NotFound("This file is not here any more. Tell the organisers.")
    name, headers = file_name(facts.session, found), {"Cache-Control": "private, no-store", "Content-Security-Policy": CLOSED}
    return FileResponse(path, media_type=ENDINGS[found.kind], filename=name, content_disposition_type="attachment", headers=headers)


def _why_not(resource: TalkResource, signed_in: bool, registered: bool) -> Refusal:
    if resource.audience is Audience.registered and not registered:
        return Forbidden("This is for people who are registered.") if signed_in else SignInNeeded("This is for people who are registered.")
    return NotFound("This is here once the session is over.")


async def photo(request: Request) -> Response:
    """GET /events/{event}/speakers/{speaker}/photo/{photo:uuid}: for everybody; what we painted ourselves, so its type is known."""
    async with reading(request) as db:
        await photo_at(db, request.path_params["event"], request.path_params["speaker"], request.path_params["photo"])
    path = place_of(house(request).settings.data, request.path_params["photo"])
    if not path.is_file():
        raise NotFound("There is no photo at this address.")
    return FileResponse(path, media_type="image/jpeg", headers={"Cache-Control": "public, max-age=3600", "Content-Security-Policy": CLOSED})
