"""Conflicts of a panel, for those who run the call: what was found and waits for a word, and what was ever declared.

Members are never shown what was found: in a blind call it would tell them where somebody works.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from conference.calls.panel_actions import (
    declarations_of,
    declare_conflict,
    dismiss_conflict,
    end_conflict,
    likely_conflicts,
)
from conference.calls.panel_queries import members_of, sent_submission
from conference.calls.panel_tables import ConflictDeclaration, ConflictKind
from conference.calls.queries import conflicted, definition_of
from conference.calls.rights import check_has_part, nameable_call
from conference.calls.tables import Call
from conference.calls.words import reference_of
from conference.errors import Invalid, NotFound
from conference.storage.database import Db
from conference.times import spoken_moment
from conference.web.forms import Form, Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, writing, zone_for

KINDS = {
    ConflictKind.declared: "Declared",
    ConflictKind.same_institution: "The same institution",
    ConflictKind.same_domain: "The same house’s e-mail addresses",
}


class ConflictForm(Form):
    """templates/calls/panel_conflicts.html"""

    asks: ClassVar[dict[str, str]] = {
        "number": "Type the submission’s number, like 42.",
        "member": "Choose somebody of the panel.",
        "decision": "Decide.",
    }

    number: int = Field(ge=1, le=1_000_000)
    member: UUID
    kind: ConflictKind = ConflictKind.declared
    decision: str = Field(pattern="^(apart|none)$")
    words: str = Field(default="", max_length=1000)


@dataclass(frozen=True, slots=True)
class Found:
    number: int
    reference: str
    member: str
    member_id: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Declared:
    declaration: ConflictDeclaration
    reference: str
    member: str
    kind: str
    when: str
    ended: str


@dataclass(frozen=True, slots=True)
class ConflictsPage:
    """templates/calls/panel_conflicts.html"""

    call: Call
    blind: bool
    found: tuple[Found, ...]
    declared: tuple[Declared, ...]
    people: tuple[tuple[str, str], ...]
    typed: Typed
    errors: Mapping[str, str]


async def conflicts(request: Request) -> Response:
    """GET, POST /manage/calls/{call}/panel/conflicts: what was found and declared; say that there is one, or that there is none."""
    if request.method != "POST":
        return await _page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            call, organiser = await nameable_call(db, request)
            form = ConflictForm.read(typed)
            if not form.words and form.kind == ConflictKind.declared:
                raise Invalid("words", "Say in a few words why.")
            found = await sent_submission(db, call.id, form.number)
            if not found or found.id in await conflicted(db, call.id, organiser.id):
                raise Invalid("number", "There is no submission of this number, or it was not sent.")
            if form.member not in {person.id for _, person in await members_of(db, call.id)}:
                raise Invalid("member", "Choose somebody of the panel.")
            act = declare_conflict if form.decision == "apart" else dismiss_conflict
            await act(db, call, found, form.member, form.kind, form.words, now(request), by=organiser.id)
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    reference = reference_of(call, form.number)
    said = f"{reference} is kept from them." if form.decision == "apart" else f"Noted: no conflict with {reference}."
    return redirect(request, "calls:conflicts", said, call=call.slug)


async def ending(request: Request) -> Response:
    """POST /manage/calls/{call}/panel/conflicts/{declaration:uuid}/ending"""
    async with writing(request) as db:
        call, organiser = await nameable_call(db, request)
        rows = await declarations_of(db, call.id)
        found = next((each for each, _, _ in rows if each.id == request.path_params["declaration"] and each.ended_at is None), None)
        if not found:
            raise NotFound("There is no such conflict in this call, or it has ended.")
        await check_has_part(db, call, found.submission_id, organiser)
        await end_conflict(db, call, found, now(request), by=organiser.id)
    return redirect(request, "calls:conflicts", "It has ended: they may read the submission again.", call=call.slug)


async def _page(request: Request, typed: Typed, errors: Mapping[str, str]) -> Response:
    async with reading(request) as db:
        call, organiser = await nameable_call(db, request)
        hidden = await conflicted(db, call.id, organiser.id)
        page = await _conflicts(db, request, call, hidden, typed, errors)
    title = f"{'Error: ' if errors else ''}Conflicts · {call.title}"
    return render(request, "calls/panel_conflicts.html", page, title=title, status=422 if errors else 200, zone=call.zone)


async def _conflicts(
    db: Db, request: Request, call: Call, hidden: Collection[UUID], typed: Typed, errors: Mapping[str, str]
) -> ConflictsPage:
    """`hidden`: what the reader has no part in."""
    zone = zone_for(request, call.zone)
    return ConflictsPage(
        call=call,
        blind=(await definition_of(db, call)).panel.blind,
        found=tuple(
            Found(each.number, reference_of(call, each.number), who.name, str(who.id), kind.value, KINDS[kind])
            for each, who, kind in await likely_conflicts(db, call)
            if each.id not in hidden
        ),
        declared=tuple(
            Declared(
                each,
                reference_of(call, where.number),
                who.name,
                KINDS[each.kind],
                spoken_moment(each.declared_at, zone),
                _ended(each, zone),
            )
            for each, where, who in await declarations_of(db, call.id)
            if where.id not in hidden
        ),
        people=tuple((str(person.id), person.name) for _, person in await members_of(db, call.id)),
        typed=typed,
        errors=errors,
    )


def _ended(declaration: ConflictDeclaration, zone: str) -> str:
    if declaration.ended_at is None:
        return ""
    return "No conflict, it was decided" if declaration.ended_at == declaration.declared_at else spoken_moment(declaration.ended_at, zone)
