"""What a call asks and promises, as those who run it write it: TOML that is checked, with every fault and its place."""

import hashlib
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from conference.calls.call_file import CallFile, typed_call, typed_definition
from conference.calls.definition import Definition
from conference.calls.opening import add_call, has_answers, publish_definition
from conference.calls.queries import lock_call, newest_version
from conference.calls.rights import managed_call, require_any_organiser
from conference.calls.tables import Call, CallState, CallVersion
from conference.calls.toml_text import toml_of
from conference.errors import Conflict, Invalid
from conference.programme.queries import events_by_id
from conference.storage.database import Db
from conference.web.forms import Form, Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, writing

CHANGED = "Somebody else has changed this call since you opened the page. Your text is below: compare it with theirs, and save again."


class DefinitionForm(Form):
    asks: ClassVar[dict[str, str]] = {"definition": "Write what the call says."}
    definition: str
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class DefinitionPage:
    """templates/calls/definition.html"""

    call: Call
    number: int  # of the newest version
    new_version: bool  # something was sent: what is saved is another version
    typed: Typed
    stamp: str
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class NewPage:
    """templates/calls/new.html"""

    typed: Typed
    errors: dict[str, str]


async def new(request: Request) -> Response:
    """GET, POST /manage/calls/new: a call from a text like the files of seed_data/calls/. It begins as a draft."""
    if request.method != "POST":
        return await _new_page(request, {"definition": ""})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            person, organised = await require_any_organiser(db, request)
            made = await _add(db, request, typed_call(DefinitionForm.read(typed).definition), organised, person.id)
    except Invalid as wrong:
        return await _new_page(request, typed, wrong.fields)
    return redirect(request, "calls:overview", f"“{made.title}” is there, as a draft.", call=made.slug)


async def definition(request: Request) -> Response:
    """GET, POST /manage/calls/{call}/definition"""
    if request.method != "POST":
        return await _page(request, None)
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            call, person = await managed_call(db, request)
            form = DefinitionForm.read(typed)
            asked = typed_definition(form.definition)
            await lock_call(db, call.id)
            was = await newest_version(db, call)
            if form.stamp != _stamp(was):
                raise Invalid("definition", CHANGED)
            same = asked.as_json() == Definition.model_validate(was.definition).as_json()
            saved = was if same else await publish_definition(db, call, asked, now(request), by=person.id)
            said = "Nothing was changed." if same else f"Version {saved.number} is saved, and shown."
    except Invalid as wrong:
        return await _page(request, typed, {"definition": next(iter(wrong.fields.values()))})
    return redirect(request, "calls:definition", said, call=call.slug)


async def _add(db: Db, request: Request, given: CallFile, organised: set[UUID], by: UUID) -> Call:
    events = await events_by_id(db, organised)
    event = next((event for event in events.values() if event.slug == given.event), None)
    if given.event and not event:
        raise Invalid(
            "definition", f"event: you organise no event “{given.event}”. Yours: {', '.join(one.slug for one in events.values())}."
        )
    try:
        return await add_call(db, given.plan(event.id if event else None), given.definition(), now(request), state=CallState.draft, by=by)
    except Conflict as taken:
        raise Invalid("definition", f"slug: {taken.sentence}") from taken


async def _new_page(request: Request, typed: Typed, errors: dict[str, str] | None = None) -> Response:
    async with reading(request) as db:
        await require_any_organiser(db, request)
    status = 422 if errors else 200
    return render(request, "calls/new.html", NewPage(typed, errors or {}), title="A new call", status=status)


async def _page(request: Request, typed: Typed | None, errors: dict[str, str] | None = None) -> Response:
    """`typed` None: what is saved."""
    async with reading(request) as db:
        call, _ = await managed_call(db, request)
        newest, answered = await newest_version(db, call), await has_answers(db, call)
    if typed is None:
        typed = {"definition": toml_of(Definition.model_validate(newest.definition))}
    page = DefinitionPage(call, newest.number, answered, typed, _stamp(newest), errors or {})
    status = 422 if errors else 200
    return render(request, "calls/definition.html", page, title=f"What it asks · {call.title}", status=status, zone=call.zone)


def _stamp(version: CallVersion) -> str:
    """Changes with what is saved: an older page never overwrites it silently."""
    text = toml_of(Definition.model_validate(version.definition))
    return f"{version.number}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
