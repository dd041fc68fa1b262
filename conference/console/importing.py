"""Importing a programme: a file, a preview of what it would change, then drafts. And the programme as a table to work on elsewhere."""

import json
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.console.forms import CancelForm
from conference.console.import_files import kept, read_file, sent
from conference.console.import_page import answers_from, preview_page
from conference.console.plan import clock_words, organised
from conference.console.words import how_many
from conference.errors import Invalid
from conference.live.spreadsheets import csv_of, file_name
from conference.programme.choices import choices_of
from conference.programme.importing import refused
from conference.programme.importing_columns import COLUMNS, HELP
from conference.programme.importing_drafts import ChangedMeanwhile, TakenOver, propose, take_over, venues_for
from conference.programme.importing_names import Answers
from conference.programme.importing_writing import HEADING, rows_of
from conference.programme.importing_xlsx import xlsx_of
from conference.programme.planned import planned_programme
from conference.programme.tables import Event
from conference.web.forms import Typed
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, writing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class ImportPage:
    """templates/console/import.html"""

    event: Event
    clock_words: str
    columns: tuple[tuple[str, str], ...]
    errors: dict[str, str]


async def import_programme(request: Request) -> Response:
    """GET, POST /manage/events/{event}/import: choose a file; see what it would change. Nothing is kept by that."""
    async with reading(request) as db:
        event, _ = await organised(db, request)
    if request.method != "POST":
        return _form(request, event, {})
    try:
        _, data = await sent(request)
        return await _preview(request, event, data)
    except Invalid as wrong:
        return _form(request, event, wrong.fields)


async def confirmation(request: Request) -> Response:
    """POST /manage/events/{event}/import/confirmation: what was previewed becomes drafts, all of it or nothing."""
    async with reading(request) as db:
        event, _ = await organised(db, request)
    try:
        typed, data = await sent(request)
        read, seen = await read_file(data, event.zone), _seen(typed)
    except Invalid as wrong:
        return _form(request, event, wrong.fields)
    try:
        answers = _checked(typed)
        async with writing(request) as db:
            locked, person = await organised(db, request)
            done = await take_over(db, locked, read, answers, seen, now(request), by=person.id)
    except Invalid as wrong:
        return await _preview(request, event, data, typed, wrong.fields, status=422)
    except ChangedMeanwhile as stale:
        return await _preview(request, event, data, typed, stale=stale.sentence, status=stale.status)
    return redirect(request, "programme:manage", _said(done), event=event.slug)


async def template_csv(request: Request) -> Response:
    """GET /manage/events/{event}/import/template.csv: only the columns, and what goes into them is on the page."""
    return await _table(request, "csv", empty=True)


async def template_xlsx(request: Request) -> Response:
    """GET /manage/events/{event}/import/template.xlsx"""
    return await _table(request, "xlsx", empty=True)


async def programme_csv(request: Request) -> Response:
    """GET /manage/events/{event}/programme.csv: the programme as it is planned, drafts too."""
    return await _table(request, "csv")


async def programme_xlsx(request: Request) -> Response:
    """GET /manage/events/{event}/programme.xlsx"""
    return await _table(request, "xlsx")


def _form(request: Request, event: Event, errors: dict[str, str]) -> Response:
    columns = tuple(zip(COLUMNS.values(), HELP, strict=True))
    page = ImportPage(event, clock_words(event, event.starts_at), columns, errors)
    status = 422 if errors else 200
    return render(request, "console/import.html", page, title=f"Import · {event.title}", status=status, zone=event.zone)


async def _preview(
    request: Request,
    event: Event,
    data: bytes,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    *,
    stale: str = "",
    status: int = 200,
) -> Response:
    read = await read_file(data, event.zone)
    async with reading(request) as db:
        proposal = await propose(db, event, read)
        venues = await venues_for(db, proposal.names.choices)
    page = preview_page(proposal, venues, clock_words(event, event.starts_at), kept(data), typed or {}, errors or {}, stale)
    title = f"What the file would change · {event.title}"
    return render(request, "console/import_preview.html", page, title=title, status=status, zone=event.zone)


def _checked(typed: Typed) -> Answers:
    """Raises Invalid: who cancels says why, as everywhere."""
    answers = answers_from(typed)
    if answers.cancel:
        CancelForm.read({"reason": answers.reason})
    return answers


def _seen(typed: Typed) -> dict[str, str]:
    try:
        seen = json.loads(typed.get("seen", ""))
    except ValueError:
        seen = None
    if not isinstance(seen, dict):
        raise refused("The preview did not come back whole. Choose the file again.")
    return {str(name): str(value) for name, value in seen.items()}


def _said(done: TakenOver) -> str:
    counts = {"added": done.added, "changed": done.changed, "to be cancelled": done.cancelled}
    said = [f"{how_many(count, 'session', 'sessions')} {words}" for words, count in counts.items() if count]
    if not said:
        return "Nothing was to be changed, so nothing was."
    return f"{', '.join(said)}, as drafts. Nobody else sees them until you release them."


async def _table(request: Request, ending: str, *, empty: bool = False) -> Response:
    async with reading(request) as db:
        event, _ = await organised(db, request)
        rows = [] if empty else rows_of(await planned_programme(db, event), await choices_of(db, event))
    name = file_name("template" if empty else "programme", event.slug, ending=ending)
    body = csv_of(HEADING, rows).encode() if ending == "csv" else xlsx_of("Programme", HEADING, rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type="text/csv; charset=utf-8" if ending == "csv" else XLSX, headers=headers)
