"""The addresses of calls, submissions, panels and what follows a decision; a list for each part."""

from starlette.routing import BaseRoute


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
    return []


def _offer_routes() -> list[BaseRoute]:
    return []


def _award_routes() -> list[BaseRoute]:
    return []
