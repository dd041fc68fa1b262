"""Carrying registrations away as a table: whom, which columns, which format; and that it was done, in the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from conference.console.export_columns import COLUMNS, Known, cells_of, header_of
from conference.console.registrations import list_filter, organised
from conference.console.words import how_many
from conference.live.spreadsheets import csv_of, file_name
from conference.live.workbooks import XLSX, xlsx_of
from conference.programme.tables import Event
from conference.record.actions import note
from conference.registration.roll import roll_by_id, roll_of, seating_of
from conference.registration.roll_filter import RollRow
from conference.storage.database import Db
from conference.times import zone_named
from conference.web.forms import Typed, repeated, typed_form
from conference.web.render import FORM_AGAIN, render
from conference.web.request import apart, now, reading, real_now

USUAL = frozenset({"name", "email", "organisation", "country", "state", "seats"})


@dataclass(frozen=True, slots=True)
class ExportPage:
    """templates/console/export.html"""

    event: Event
    whom: str  # "12 registrations"
    columns: tuple[tuple[str, str], ...]
    chosen: frozenset[str]  # empty: the usual ones
    query: str  # of the list; empty: those of `who`, or all
    who: str  # ids
    errors: dict[str, str]

    @property
    def ticked(self) -> frozenset[str]:
        return self.chosen or USUAL


async def export(request: Request) -> Response:
    """GET, POST /manage/events/{event}/registrations/export (`?` what the list asks for)"""
    if request.method == "POST":
        return await _file(request)
    async with reading(request) as db:
        event, _ = await organised(db, request)
        typed = {"query": request.url.query}
        rows = await _rows(db, event, typed)
    page = ExportPage(event, how_many(len(rows), "registration", "registrations"), COLUMNS, frozenset(), request.url.query, "", {})
    return render(request, "console/export.html", page, title=f"Export · {event.title}", zone=event.zone)


async def _file(request: Request) -> Response:
    typed = await typed_form(request)
    asked = await repeated(request, "column")
    columns = [name for name, _ in COLUMNS if name in asked]
    async with apart(request) as db:  # noted, and kept for no second press: it is long, and full of people
        event, organiser = await organised(db, request)
        rows = await _rows(db, event, typed)
        if not columns or typed.get("format") not in ("csv", "xlsx"):
            whom = how_many(len(rows), "registration", "registrations")
            errors = {"column-1": "Choose at least one column."} if not columns else {"format-1": "Choose a format."}
            page = ExportPage(event, whom, COLUMNS, frozenset(columns), typed.get("query", ""), typed.get("who", ""), errors)
            return render(request, "console/export.html", page, title=f"Export · {event.title}", status=FORM_AGAIN, zone=event.zone)
        seating = await seating_of(db, event, {row.person_id for row in rows})
        details = {"rows": len(rows), "columns": columns, "format": typed["format"]}
        note(db, "registrations exported", f"event:{event.id}", real_now(request), person_id=organiser.id, event_id=event.id, **details)
    cells = [cells_of(columns, Known(row, seating, event.zone)) for row in rows]
    header, day = header_of(columns, event.zone), f"{now(request).astimezone(zone_named(event.zone)):%Y-%m-%d}"
    name = file_name("registrations", event.slug, day, ending=typed["format"])
    if typed["format"] == "csv":
        return _attached(csv_of(header, cells).encode(), "text/csv; charset=utf-8", name)
    return _attached(xlsx_of("Registrations", header, cells), XLSX, name)


async def _rows(db: Db, event: Event, typed: Typed) -> Sequence[RollRow]:
    """Those named one by one, else all that fit the list's filter now."""
    if who := typed.get("who", ""):
        return await roll_by_id(db, event, [UUID(word) for word in who.split() if len(word) == 32 and word.isalnum() and _is_hex(word)])
    return await roll_of(db, event, await list_filter(db, event, typed.get("query", "")))


def _is_hex(word: str) -> bool:
    return set(word) <= set("0123456789abcdef")


def _attached(body: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store", "Content-Security-Policy": "sandbox"}
    return Response(body, media_type=kind, headers=headers)
