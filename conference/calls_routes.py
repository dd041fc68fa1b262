"""The addresses of calls, submissions, panels and what follows a decision; a list for each part."""

from starlette.routing import BaseRoute, Route

from conference.calls import award_manage, award_pages
from conference.stage_routes import BOTH


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
    own, managed = "/calls/{call}/submission/{number:int}/award", "/manage/calls/{call}"
    milestone = managed + "/awards/{number:int}/milestones/{milestone:uuid}"
    return [
        Route(own, award_pages.award, name="calls:award"),
        Route(own + "/milestones/{milestone:uuid}", award_pages.milestone, methods=BOTH, name="calls:milestone"),
        Route(managed + "/awards", award_manage.awards, name="calls:awards"),
        Route(milestone, award_manage.milestone, name="calls:held_milestone"),
        Route(milestone + "/acceptance", award_manage.milestone_acceptance, methods=["POST"], name="calls:milestone_acceptance"),
        Route(milestone + "/return", award_manage.milestone_return, methods=["POST"], name="calls:milestone_return"),
        Route(
            managed + "/submissions/{number:int}/session",
            award_manage.submission_session,
            methods=BOTH,
            name="calls:submission_session",
        ),
    ]
