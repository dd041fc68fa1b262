"""The door: who comes in, by a ticket's code or by name; with plain forms, and for phones that lose their line."""

from starlette.requests import Request
from starlette.responses import Response

from conference.attendance.actions import perform_acts, see_flag, undo_check_in
from conference.attendance.door import helper_at, name_of, occasion_asked, with_camera
from conference.attendance.expected import (
    FOUND,
    MARKED,
    DoorPage,
    choices_at,
    expected_at,
    flags_at,
    latest_rows,
    rows_for,
)
from conference.attendance.forms import NO_CODE, act_of_form, id_typed
from conference.attendance.queries import guests_at
from conference.attendance.rules import SAID, Occasion, occasion_from
from conference.attendance.tickets import read_code
from conference.errors import Invalid
from conference.people.queries import has_role
from conference.people.tables import RoleKind
from conference.storage.ids import new_id
from conference.web.forms import Typed, typed_form
from conference.web.links import path_to, redirect_to
from conference.web.render import render
from conference.web.request import house, now, reading, real_now, writing


async def door(request: Request) -> Response:
    """GET /manage/events/{event}/door?for=&q=: the door of a day, or of a session."""
    return await _page(request, {}, {})


async def check_in(request: Request) -> Response:
    """POST /manage/events/{event}/door/check-ins: a code, or the button beside a name."""
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, person = await helper_at(db, request)
            act = act_of_form(typed, now(request))
            if act.code and not read_code(act.code):
                raise Invalid("code", NO_CODE)
            (scan,) = await perform_acts(db, event, [act], person, now(request), house(request).settings.secret_key)
            name = await name_of(db, scan)
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    return _back(request, act.occasion, f"{name}: {SAID[scan.outcome]}", typed)


async def undoing(request: Request) -> Response:
    """POST /manage/events/{event}/door/check-ins/{check_in}/undoing"""
    typed = await typed_form(request)
    async with writing(request) as db:
        event, person = await helper_at(db, request)
        row, guest = await undo_check_in(db, event, request.path_params["check_in"], person, now(request), real_now(request))
    return _back(request, Occasion(row.day, row.session_id), f"{guest.name} is not checked in any more.", typed)


async def flags_seen(request: Request) -> Response:
    """POST /manage/events/{event}/door/flags: somebody has looked at one of the acts that came to nothing."""
    typed = await typed_form(request)
    async with writing(request) as db:
        event, _ = await helper_at(db, request)
        await see_flag(db, event, id_typed(typed.get("scan", "")), now(request))
    return _back(request, occasion_from(typed.get("for", "")), "Taken off the list.", typed)


async def _page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event, person = await helper_at(db, request)
        occasion = await occasion_asked(db, request, event, typed.get("for", ""))
        choices = await choices_at(db, event)
        q = (typed or request.query_params).get("q", "").strip()[:100]
        everybody = bool(request.query_params.get("everybody"))
        expected = await expected_at(db, event, occasion)
        found = expected if everybody else await guests_at(db, event, occasion, q) if q else []
        limit = MARKED if everybody else FOUND
        page = DoorPage(
            event=event,
            organises=await has_role(db, person.id, event.id, RoleKind.organiser),
            occasion=occasion,
            choices=choices,
            there=sum(guest.check_in is not None for guest in expected),
            expected=len(expected),
            q=q,
            everybody=everybody,
            found=await rows_for(db, event, occasion, found[:limit], new_id),
            more=max(len(found) - limit, 0),
            latest=() if everybody else await latest_rows(db, event, occasion),
            flags=await flags_at(db, event, choices),
            key=str(new_id()),
            typed=typed or {"code": request.query_params.get("code", "")[:40]},
            errors=errors,
        )
    title, status = f"Door · {event.title}", 422 if errors else 200
    return with_camera(render(request, "attendance/door.html", page, title=title, status=status, zone=event.zone))


def _back(request: Request, occasion: Occasion, said: str, typed: Typed) -> Response:
    """To the door of the same occasion; where the whole list was open, to the same list."""
    more = "&everybody=1" if typed.get("everybody") else ""
    return redirect_to(request, f"{path_to(request, 'attendance:door', **_event(request))}?for={occasion.key}{more}", said)


def _event(request: Request) -> dict[str, str]:
    return {"event": request.path_params["event"]}
