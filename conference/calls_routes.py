"""The addresses of calls, submissions, panels and what follows a decision; a list for each part."""

from starlette.routing import BaseRoute, Route

from conference.calls import files, panel_downloads, records
from conference.web.uploads import UPLOAD_BODY


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
    own = "/calls/{call}/submission/{number:int}/files/{question}"
    return [
        Route(own, files.file, methods=["GET", "POST"], name="calls:file", max_body_size=UPLOAD_BODY),
        Route(own + "/removal", files.removal, methods=["POST"], name="calls:file_removal"),
        Route("/calls/{call}/files/{file:uuid}", files.download, name="calls:file_download"),
        Route("/panel/{call}/{number:int}/files/{question}", panel_downloads.panel_file, name="calls:panel_file"),
        Route("/manage/calls/{call}/record", records.record, methods=["GET", "POST"], name="calls:record"),
    ]


def _panel_routes() -> list[BaseRoute]:
    return []


def _meeting_routes() -> list[BaseRoute]:
    return []


def _offer_routes() -> list[BaseRoute]:
    return []


def _award_routes() -> list[BaseRoute]:
    return []
