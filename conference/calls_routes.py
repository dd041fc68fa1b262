"""The addresses of calls, submissions, panels and what follows a decision; a list for each part."""

from starlette.routing import BaseRoute, Route

from conference.calls import applying, drafting, partner_pages, sending_pages, submission_desk
from conference.stage_routes import BOTH

POST = ["POST"]
CALL, MANAGE_CALL = "/calls/{call}", "/manage/calls/{call}"


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
    own, desk = CALL + "/submission/{number:int}", MANAGE_CALL + "/submissions"
    return [
        Route(CALL + "/submission", applying.start, methods=BOTH, name="calls:submission"),
        Route(own, applying.own, name="calls:own"),
        Route(own + "/withdrawal", applying.withdrawal, methods=POST, name="calls:withdrawal"),
        Route(own + "/parts/{part}", drafting.part, methods=BOTH, name="calls:part"),
        Route(own + "/parts/{part}/draft", drafting.draft, methods=POST, name="calls:draft"),
        Route(own + "/preview", sending_pages.preview, name="calls:preview"),
        Route(own + "/sending", sending_pages.sending, methods=POST, name="calls:sending"),
        Route(own + "/versions/{version:int}", sending_pages.version, name="calls:version"),
        Route(own + "/partners/{partner:uuid}/asking", partner_pages.asking, methods=POST, name="calls:asking"),
        Route(CALL + "/partners/{token}", partner_pages.partner, methods=BOTH, name="calls:partner"),
        Route(desk, submission_desk.submissions, methods=BOTH, name="calls:submissions"),
        Route(desk + "/{number:int}", submission_desk.submission, name="calls:submission_desk"),
        Route(
            desk + "/{number:int}/versions/{version:uuid}/acceptance",
            submission_desk.late_acceptance,
            methods=POST,
            name="calls:late_acceptance",
        ),
    ]


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
