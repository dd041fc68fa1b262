"""The addresses of calls, submissions, panels and what follows a decision; a list for each part."""

from starlette.routing import BaseRoute, Route

from conference.calls import definition_manage, manage, pages
from conference.stage_routes import BOTH

POST = ["POST"]
CALL = "/calls/{call}"
MANAGE_CALL = "/manage/calls/{call}"


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
    """`new` comes before the call that would swallow it."""
    return [
        Route("/calls", pages.calls, name="calls:calls"),
        Route(CALL, pages.call, name="calls:call"),
        Route(CALL + "/interest", pages.interest, methods=POST, name="calls:interest"),
        Route(CALL + "/interest/withdrawal", pages.interest_withdrawal, methods=POST, name="calls:interest_withdrawal"),
        Route("/manage/calls", manage.calls, name="calls:manage"),
        Route("/manage/calls/new", definition_manage.new, methods=BOTH, name="calls:new"),
        Route(MANAGE_CALL, manage.overview, name="calls:overview"),
        Route(MANAGE_CALL + "/state", manage.state, methods=POST, name="calls:state"),
        Route(MANAGE_CALL + "/settings", manage.settings, methods=BOTH, name="calls:settings"),
        Route(MANAGE_CALL + "/definition", definition_manage.definition, methods=BOTH, name="calls:definition"),
    ]


def _submission_routes() -> list[BaseRoute]:
    return []


def _file_routes() -> list[BaseRoute]:
    return []


def _panel_routes() -> list[BaseRoute]:
    return []


def _meeting_routes() -> list[BaseRoute]:
    return []


def _offer_routes() -> list[BaseRoute]:
    return []


def _award_routes() -> list[BaseRoute]:
    return []
