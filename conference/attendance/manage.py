"""Who was there, for organisers: each day, each session, and what counts."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.attendance.actions import set_minutes
from conference.attendance.forms import MinutesForm
from conference.attendance.showing import PersonRow, WasThere, Whole, people_in, whole_of
from conference.errors import Invalid
from conference.people.access import require_role
from conference.people.tables import RoleKind
from conference.programme.queries import event_at, session_at
from conference.programme.tables import Event, Session
from conference.times import short_date
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, real_now, writing

A_PAGE = 100  # people


@dataclass(frozen=True, slots=True)
class AttendancePage:
    """templates/attendance/manage.html"""

    event: Event
    whole: Whole
    days: tuple[tuple[str, str, int], ...]  # its key at the door, in words, how many were there
    rows: tuple[PersonRow, ...]
    only_missing: bool
    page: int  # from 1
    pages: int
    typed: Typed
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class SessionAttendancePage:
    """templates/attendance/session.html"""

    event: Event
    session: Session
    over: bool
    limited: bool
    rows: tuple[WasThere, ...]


async def attendance(request: Request) -> Response:
    """GET, POST /manage/events/{event}/attendance?missing=&page=: the table; POST: how many minutes on a stage count."""
    if request.method != "POST":
        return await _page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event = await event_at(db, request.path_params["event"])
            organiser = await require_role(db, request, event.id, RoleKind.organiser)
            minutes = MinutesForm.read(typed).minutes
            await set_minutes(db, event, minutes, organiser, real_now(request))
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    said = f"{minutes} minute{'' if minutes == 1 else 's'} on a stage count as having attended."
    return redirect(request, "attendance:manage", said, event=event.slug)


async def session_attendance(request: Request) -> Response:
    """GET /manage/events/{event}/sessions/{session}/attendance: everybody who was there, or had a seat."""
    async with reading(request) as db:
        facts = await session_at(db, **request.path_params)
        await require_role(db, request, facts.event.id, RoleKind.organiser)
        rows = await people_in(db, facts)
    session = facts.session
    page = SessionAttendancePage(facts.event, session, now(request) >= session.ends_at, any(row.booked for row in rows), rows)
    return render(request, "attendance/session.html", page, title=f"Attendance · {session.title}", zone=facts.event.zone)


async def _page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        await require_role(db, request, event.id, RoleKind.organiser)
        whole = await whole_of(db, event, now(request))
    only_missing = bool(request.query_params.get("missing"))
    rows = whole.missing if only_missing else whole.people
    pages = max((len(rows) + A_PAGE - 1) // A_PAGE, 1)
    number = min(max(_number(request.query_params.get("page", "")), 1), pages)
    page = AttendancePage(
        event=event,
        whole=whole,
        days=tuple((f"day:{day.isoformat()}", short_date(day), there) for day, there in zip(whole.days, whole.there_by_day, strict=True)),
        rows=rows[(number - 1) * A_PAGE : number * A_PAGE],
        only_missing=only_missing,
        page=number,
        pages=pages,
        typed=typed or {"minutes": str(whole.minutes)},
        errors=errors,
    )
    title, status = f"Attendance · {event.title}", 422 if errors else 200
    return render(request, "attendance/manage.html", page, title=title, status=status, zone=event.zone)


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
