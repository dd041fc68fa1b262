"""The addresses of calls, submissions, panels and what follows a decision; a list for each part."""

from starlette.routing import BaseRoute, Route, WebSocketRoute

from conference.calls import announcing_pages, decision_pages, meeting_pages
from conference.calls.meeting_socket import meeting_socket
from conference.stage_routes import BOTH

POST = ["POST"]


def calls_routes() -> list[BaseRoute]:
    return [
        *_call_routes(),
        *_submission_routes(),
        *_file_routes(),
        *_panel_routes(),
        *_meeting_routes(),
        *_offer_routes(),
        *_award_routes(),
    ]


def _call_routes() -> list[BaseRoute]:
    return []


def _submission_routes() -> list[BaseRoute]:
    return []


def _file_routes() -> list[BaseRoute]:
    return []


def _panel_routes() -> list[BaseRoute]:
    return []


def _meeting_routes() -> list[BaseRoute]:
    """The selection meeting, and announcing what was decided there."""
    meeting = "/panel/{call}/meeting"
    one = meeting + "/submissions/{number:int}"
    return [
        Route(meeting, meeting_pages.meeting, methods=BOTH, name="calls:meeting"),
        Route(meeting + "/now", meeting_pages.meeting_now, name="calls:meeting_now"),
        WebSocketRoute(meeting + "/socket", meeting_socket, name="calls:meeting_socket"),
        Route(meeting + "/attendance", meeting_pages.coming_in, methods=POST, name="calls:meeting_attendance"),
        Route(meeting + "/item", meeting_pages.item, methods=POST, name="calls:meeting_item"),
        Route(meeting + "/closing", meeting_pages.closing, methods=POST, name="calls:meeting_closing"),
        Route(meeting + "/rest", decision_pages.rest, methods=BOTH, name="calls:rest"),
        Route(one + "/notes", meeting_pages.notes, methods=POST, name="calls:meeting_notes"),
        Route(one + "/conflict", meeting_pages.conflict, methods=POST, name="calls:meeting_conflict"),
        Route(one + "/decision", decision_pages.decision, methods=BOTH, name="calls:decision"),
        Route(one + "/decision/undoing", decision_pages.undoing, methods=POST, name="calls:decision_undoing"),
        Route(one + "/decision/earlier", decision_pages.earlier, methods=POST, name="calls:decision_earlier"),
        Route("/panel/{call}/minutes", decision_pages.minutes, name="calls:minutes"),
        Route("/manage/calls/{call}/announcement", announcing_pages.announcement, methods=BOTH, name="calls:announcement"),
    ]


def _offer_routes() -> list[BaseRoute]:
    return []


def _award_routes() -> list[BaseRoute]:
    return []
