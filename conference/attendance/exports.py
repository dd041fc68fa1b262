"""What is carried to the door and away from it: lists to print, workbooks, badges."""

import asyncio
import io
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import segno
from starlette.requests import Request
from starlette.responses import Response

from conference.attendance.door import helper_at, occasion_asked
from conference.attendance.expected import choices_at, expected_at, said_at
from conference.attendance.queries import Guest, guests_at
from conference.attendance.rules import Occasion, day_for
from conference.attendance.showing import whole_of
from conference.attendance.tickets import code_of_place
from conference.documents.coverage import without_font
from conference.documents.render import pdf_of
from conference.errors import NotFound
from conference.people.access import require_role
from conference.people.forms import COUNTRIES
from conference.people.roles import roles_at
from conference.people.tables import RoleKind
from conference.programme.importing_xlsx import xlsx_of
from conference.programme.queries import event_at, speakers_of
from conference.programme.tables import Event
from conference.storage.database import Db
from conference.times import DASH, long_date, short_date, zone_named
from conference.web.links import full_address
from conference.web.render import render
from conference.web.request import house, now, reading

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A_FILE = 400  # badges in one file
SHEETS = {"a6": "A6, one badge on a page", "a4": "A4, four badges on a sheet"}
BADGE_WORDS = {RoleKind.organiser: "Organiser", RoleKind.speaker: "Speaker", RoleKind.moderator: "Moderator"}


@dataclass(frozen=True, slots=True)
class SheetRow:
    name: str
    organisation: str
    at: str


@dataclass(frozen=True, slots=True)
class DoorSheet:
    """templates/attendance/door_sheet.html"""

    event: Event
    words: str  # the day or session
    key: str
    rows: tuple[SheetRow, ...]
    printed: str


@dataclass(frozen=True, slots=True)
class BadgesPage:
    """templates/attendance/badges.html"""

    event: Event
    count: int
    parts: tuple[tuple[int, str], ...]  # number, and from whom to whom
    sheets: dict[str, str]
    boxes: tuple[str, ...]  # names with signs for which there is no font


async def door_sheet(request: Request) -> Response:
    """GET /manage/events/{event}/door/list?for=: names to tick off on paper."""
    async with reading(request) as db:
        event, words, occasion, guests = await _expected(db, request)
    rows = tuple(SheetRow(guest.name, guest.person.organisation, said_at(guest.check_in, event.zone)) for guest in guests)
    local = now(request).astimezone(zone_named(event.zone))
    page = DoorSheet(event, words, occasion.key, rows, f"{short_date(local.date())}, {local:%H:%M}")
    return render(request, "attendance/door_sheet.html", page, title=f"Door list · {event.title}", zone=event.zone)


async def door_xlsx(request: Request) -> Response:
    """GET /manage/events/{event}/door/list.xlsx?for=: the same as a workbook, every cell of it text."""
    async with reading(request) as db:
        event, _, _, guests = await _expected(db, request)
    rows = [[guest.name, guest.person.organisation, country(guest), said_at(guest.check_in, event.zone)] for guest in guests]
    made = xlsx_of("Door list", ["Name", "Organisation", "Country", f"Checked in ({event.zone})"], rows)
    return _file(made, XLSX, f"door-{event.slug}.xlsx")


async def attendance_xlsx(request: Request) -> Response:
    """GET /manage/events/{event}/attendance.xlsx: who was there on which day, and at how many sessions."""
    async with reading(request) as db:
        event = await _organised(db, request)
        whole = await whole_of(db, event, now(request))
    heading = ["Name", "Organisation", *(short_date(day) for day in whole.days), "Sessions attended", "Was there"]
    rows = [
        [
            row.person.name,
            row.person.organisation,
            *(f"{cell.at} (by hand: {cell.by_hand})" if cell.by_hand else cell.at for cell in row.cells),
            str(row.sessions),
            "yes" if row.came else "no" if whole.over else "",
        ]
        for row in whole.people
    ]
    return _file(xlsx_of("Attendance", heading, rows), XLSX, f"attendance-{event.slug}.xlsx")


async def badges(request: Request) -> Response:
    """GET /manage/events/{event}/badges: which sheets, and whose names the fonts here can't set."""
    async with reading(request) as db:
        event = await _organised(db, request)
        guests = await _holders(db, event, request)
    words = [text for guest in guests for text in (guest.name, guest.person.organisation)]
    boxes = await asyncio.to_thread(without_font, words)
    parts = [
        (start // A_FILE + 1, f"{guests[start].name} {DASH} {guests[min(start + A_FILE, len(guests)) - 1].name}")
        for start in range(0, len(guests), A_FILE)
    ]
    page = BadgesPage(event, len(guests), tuple(parts), SHEETS, tuple(dict.fromkeys(boxes)))
    return render(request, "attendance/badges.html", page, title=f"Badges · {event.title}", zone=event.zone)


async def badges_pdf(request: Request) -> Response:
    """GET /manage/events/{event}/badges.pdf?sheet=&part=&place=: badges by name, or one person's alone."""
    sheet = request.query_params.get("sheet", "a6")
    async with reading(request) as db:
        event = await _organised(db, request)
        guests = await _holders(db, event, request)
        roles = await _roles(db, event)
    only = request.query_params.get("place")
    part = request.query_params.get("part", "1")
    start = (int(part) - 1) * A_FILE if part.isascii() and part.isdigit() and 0 < len(part) < 6 else -1
    chosen = [guest for guest in guests if str(guest.place.id) == only] if only else guests[start : start + A_FILE] if start >= 0 else []
    if sheet not in SHEETS or not chosen:
        raise NotFound("There are no such badges.")
    given = [_badge(request, event, each, roles) for each in chosen]
    made = await pdf_of("badges.typ", {"sheet": sheet, "event": event.title, "dates": _dates(event), "badges": given})
    return _file(made, "application/pdf", f"badges-{event.slug}-{sheet}.pdf")


def country(guest: Guest) -> str:
    """In English; empty where the person said none."""
    return dict(COUNTRIES).get(guest.person.country or "", "")


async def _organised(db: Db, request: Request) -> Event:
    event = await event_at(db, request.path_params["event"])
    await require_role(db, request, event.id, RoleKind.organiser)
    return event


async def _expected(db: Db, request: Request) -> tuple[Event, str, Occasion, list[Guest]]:
    event, _ = await helper_at(db, request)
    occasion = await occasion_asked(db, request, event)
    words = next((choice.words for choice in await choices_at(db, event) if choice.key == occasion.key), "")
    return event, words, occasion, await expected_at(db, event, occasion)


async def _holders(db: Db, event: Event, request: Request) -> list[Guest]:
    """Everybody with a confirmed place, by name."""
    return [guest for guest in await guests_at(db, event, Occasion(day=day_for(event, now(request)))) if guest.place.confirmed_at]


async def _roles(db: Db, event: Event) -> dict[UUID, str]:
    """What stands on whose badge; everybody else is a participant."""
    words = {speaker.person_id: "Speaker" for speaker in await speakers_of(db, event) if speaker.person_id}
    for role, person in reversed(await roles_at(db, event.id)):
        if role.kind in BADGE_WORDS:
            words[person.id] = BADGE_WORDS[role.kind]
    return words


def _badge(request: Request, event: Event, guest: Guest, roles: dict[UUID, str]) -> dict[str, Any]:
    code = code_of_place(house(request).settings.secret_key, guest.place.id, guest.person.id)
    drawn = io.BytesIO()
    address = full_address(request, "attendance:shown_ticket", event=event.slug, code=code)
    segno.make_qr(address, error="m").save(drawn, kind="svg", xmldecl=False, omitsize=True, nl=False)
    return {
        "name": guest.name,
        "organisation": guest.person.organisation,
        "country": country(guest),
        "role": roles.get(guest.person.id, "Participant"),
        "code": drawn.getvalue().decode(),
    }


def _dates(event: Event) -> str:
    first, last = (moment.astimezone(zone_named(event.zone)).date() for moment in (event.starts_at, event.ends_at))
    return long_date(first) if first == last else f"{short_date(first)} {DASH} {short_date(last)} {last.year}"


def _file(made: bytes, kind: str, name: str) -> Response:
    return Response(made, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})
