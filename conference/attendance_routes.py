"""The addresses of tickets, of the door and its phones, and of the organisers' side: who was there, badges, lists."""

from starlette.routing import BaseRoute, Route

from conference.attendance import desk, exports, manage, needs, pages, phone
from conference.stage_routes import BOTH, EVENT, MANAGE, PLANNED

POST = ["POST"]


def attendance_routes() -> list[BaseRoute]:
    return [*_ticket_routes(), *_door_routes(), *_organisers_routes()]


def _ticket_routes() -> list[BaseRoute]:
    return [
        Route(EVENT + "/ticket", pages.ticket, name="attendance:ticket"),
        Route(EVENT + "/ticket.svg", pages.ticket_code, name="attendance:ticket_code"),
        Route(EVENT + "/tickets/{code}", pages.shown_ticket, name="attendance:shown_ticket"),
    ]


def _door_routes() -> list[BaseRoute]:
    door = MANAGE + "/door"
    return [
        Route(door, desk.door, name="attendance:door"),
        Route(door + "/check-ins", desk.check_in, methods=POST, name="attendance:check_in"),
        Route(door + "/check-ins/{check_in:uuid}/undoing", desk.undoing, methods=POST, name="attendance:undoing"),
        Route(door + "/flags", desk.flags_seen, methods=POST, name="attendance:flags_seen"),
        Route(door + "/scans", phone.scans, methods=POST, name="attendance:scans"),
        Route(door + "/list.json", phone.door_list, name="attendance:phone_list"),
        Route(door + "/shell", phone.shell, name="attendance:shell"),
        Route(door + "/worker.js", phone.worker, name="attendance:worker"),
        Route(door + "/list", exports.door_sheet, name="attendance:door_sheet"),
        Route(door + "/list.xlsx", exports.door_xlsx, name="attendance:door_xlsx"),
    ]


def _organisers_routes() -> list[BaseRoute]:
    return [
        Route(MANAGE + "/attendance", manage.attendance, methods=BOTH, name="attendance:manage"),
        Route(MANAGE + "/attendance.xlsx", exports.attendance_xlsx, name="attendance:xlsx"),
        Route(PLANNED + "/attendance", manage.session_attendance, name="attendance:session"),
        Route(MANAGE + "/needs", needs.needs, name="attendance:needs"),
        Route(MANAGE + "/badges", exports.badges, name="attendance:badges"),
        Route(MANAGE + "/badges.pdf", exports.badges_pdf, name="attendance:badges_pdf"),
    ]
