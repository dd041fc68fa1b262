"""The addresses of calls, submissions, panels and what follows a decision; a list for each part."""

from starlette.routing import BaseRoute, Route

from conference.calls import panel, panel_calibration, panel_conflicts, panel_manage, panel_offline
from conference.stage_routes import BOTH
from conference.web.uploads import UPLOAD_BODY

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
    one, managed = "/panel/{call}", "/manage/calls/{call}/panel"
    return [
        Route("/panel", panel.panels, name="calls:panels"),
        Route(one, panel.panel, name="calls:panel"),
        Route(one + "/calibration", panel_calibration.own, name="calls:panel_calibration"),
        Route(one + "/pack.pdf", panel_offline.pack, name="calls:panel_pack"),
        Route(one + "/scores.xlsx", panel_offline.sheet, name="calls:panel_sheet"),
        Route(one + "/scores", panel_offline.scores, methods=BOTH, name="calls:panel_scores", max_body_size=UPLOAD_BODY),
        Route(one + "/{number:int}", panel.submission, methods=BOTH, name="calls:panel_submission"),
        Route(one + "/{number:int}/draft", panel.draft, methods=POST, name="calls:panel_draft"),
        Route(one + "/{number:int}/conflict", panel.conflict, methods=POST, name="calls:panel_conflict"),
        Route(managed, panel_manage.members, methods=BOTH, name="calls:members"),
        Route(managed + "/members/{member:uuid}/ending", panel_manage.ending, methods=POST, name="calls:member_ending"),
        Route(managed + "/split", panel_manage.split, methods=POST, name="calls:split"),
        Route(managed + "/reminder", panel_manage.reminder, methods=POST, name="calls:panel_reminder"),
        Route(managed + "/readings", panel_manage.readings, methods=BOTH, name="calls:readings"),
        Route(managed + "/readings/{assignment:uuid}/ending", panel_manage.reading_ending, methods=POST, name="calls:reading_ending"),
        Route(managed + "/reviews/{review:uuid}/return", panel_manage.review_return, methods=POST, name="calls:review_return"),
        Route(managed + "/conflicts", panel_conflicts.conflicts, methods=BOTH, name="calls:conflicts"),
        Route(managed + "/conflicts/{declaration:uuid}/ending", panel_conflicts.ending, methods=POST, name="calls:conflict_ending"),
        Route(managed + "/calibration", panel_calibration.whole, name="calls:calibration"),
    ]


def _meeting_routes() -> list[BaseRoute]:
    return []


def _offer_routes() -> list[BaseRoute]:
    return []


def _award_routes() -> list[BaseRoute]:
    return []
