"""The file of a call: every decision can be justified later by who saw, scored and decided what, and when."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from conference.calls.file_rules import TYPES
from conference.calls.file_tables import FileKind
from conference.calls.keeping import goes_at, leaves_at_last
from conference.calls.record_queries import record_of
from conference.calls.record_sheets import sheets_of
from conference.calls.rights import nameable_call
from conference.calls.sending_files import as_bytes
from conference.calls.tables import Call
from conference.documents.coverage import without_font
from conference.documents.render import pdf_of
from conference.live.spreadsheets import file_name
from conference.live.workbooks import XLSX, Sheet, book_of
from conference.record.actions import note
from conference.times import long_date, zone_named
from conference.web.forms import typed_form
from conference.web.render import render
from conference.web.request import apart, now, reading, real_now

KINDS = {"xlsx": "Workbook (XLSX)", "pdf": "Document (PDF)"}


@dataclass(frozen=True, slots=True)
class RecordPage:
    """templates/calls/record.html"""

    call: Call
    parts: tuple[tuple[str, str], ...]  # each table, and how many rows it has
    kept_from: int
    goes: str  # the day on which what came to nothing goes; empty: not decided yet
    keep_days: int
    leaving: int  # how many would go on that day, as things stand
    errors: dict[str, str]


async def record(request: Request) -> Response:
    """GET, POST /manage/calls/{call}/record: what is in the file; it is taken out by the button, which is written down."""
    if request.method != "POST":
        return await _page(request, {})
    kind = (await typed_form(request)).get("as", "")
    if kind not in KINDS:
        async with reading(request) as db:
            await nameable_call(db, request)
        return await _page(request, {"as": "Choose a workbook or a document."})
    async with apart(request) as db:  # it is not one of the answers that are kept: it is long, and full of data
        call, person = await nameable_call(db, request)
        note(db, "call record taken out", f"call:{call.id}", real_now(request), person_id=person.id, event_id=call.event_id, kind=kind)
    async with reading(request) as db:
        sheets = sheets_of(await record_of(db, call, person.id))
    name = file_name(call.slug, "record", f"{now(request):%Y-%m-%d}", ending=kind)
    if kind == "xlsx":
        return as_bytes(await asyncio.to_thread(book_of, sheets), XLSX, name)
    return as_bytes(await pdf_of("call_record.typ", facts_of(call, sheets, now(request))), TYPES[FileKind.pdf], name)


def facts_of(call: Call, sheets: list[Sheet], at: datetime) -> dict[str, Any]:
    """For templates/documents/call_record.typ"""
    local = at.astimezone(zone_named(call.zone)).date()
    tables = [
        {"title": sheet.title, "header": sheet.header, "rows": [["" if cell is None else str(cell) for cell in row] for row in sheet.rows]}
        for sheet in sheets
    ]
    words = {cell for table in tables for row in table["rows"] for cell in row}
    return {"title": call.title, "made": long_date(local), "tables": tables, "unset": sorted(without_font(words))[:20]}


async def _page(request: Request, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        call, person = await nameable_call(db, request)
        whole = await record_of(db, call, person.id)
        goes = goes_at(call, whole.definition)
        leaving = sum(leaves_at_last(row.state) for row in whole.submissions)
    parts = tuple((sheet.title, str(len(sheet.rows))) for sheet in sheets_of(whole)[1:])
    day = long_date(goes.astimezone(zone_named(call.zone)).date()) if goes else ""
    page = RecordPage(call, parts, whole.kept_from, day, whole.definition.keep_days, leaving, errors)
    return render(request, "calls/record.html", page, title=f"Record · {call.title}", zone=call.zone, status=422 if errors else 200)
