"""The addresses of calls, submissions, panels and what follows a decision; a list for each part."""

from starlette.routing import BaseRoute, Route, WebSocketRoute

from conference.calls import (
    announcing_pages,
    applying,
    award_manage,
    award_pages,
    decision_pages,
    definition_manage,
    drafting,
    feedback_pages,
    files,
    invitation_pdf,
    manage,
    meeting_pages,
    offer_manage,
    offer_pages,
    pages,
    panel,
    panel_calibration,
    panel_conflicts,
    panel_downloads,
    panel_manage,
    panel_offline,
    partner_pages,
    records,
    sending_pages,
    submission_desk,
)
from conference.calls.meeting_socket import meeting_socket
from conference.stage_routes import BOTH
from conference.web.numbers import take_short_numbers
from conference.web.uploads import UPLOAD_BODY

POST = ["POST"]
CALL = "/calls/{call}"
MANAGE_CALL = "/manage/calls/{call}"


def calls_routes() -> list[BaseRoute]:
    take_short_numbers()
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
    own, desk = CALL + "/submission/{number:int}", MANAGE_CALL + "/submissions"
    return [
        Route(CALL + "/submission", applying.start, methods=BOTH, name="calls:submission"),
        Route(own, applying.own, name="calls:own"),
        Route(own + "/withdrawal", applying.withdrawal, methods=POST, name="calls:withdrawal"),
        Route(own + "/parts/{part}", drafting.part, methods=BOTH, name="calls:part", max_body_size=UPLOAD_BODY),
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
    own = "/calls/{call}/submission/{number:int}/files/{question}"
    return [
        Route(own, files.file, methods=["GET", "POST"], name="calls:file", max_body_size=UPLOAD_BODY),
        Route(own + "/removal", files.removal, methods=["POST"], name="calls:file_removal"),
        Route("/calls/{call}/files/{file:uuid}", files.download, name="calls:file_download"),
        Route("/panel/{call}/{number:int}/files/{question}", panel_downloads.panel_file, name="calls:panel_file"),
        Route("/manage/calls/{call}/record", records.record, methods=["GET", "POST"], name="calls:record"),
    ]


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
    own, desk = "/calls/{call}/offers/{number:int}", "/manage/calls/{call}/offers/{number:int}"
    return [
        Route("/calls/{call}/offer", offer_pages.newest, name="calls:newest_offer"),
        Route(own, offer_pages.offer, name="calls:offer"),
        Route(f"{own}/acceptance", offer_pages.acceptance, methods=["POST"], name="calls:offer_acceptance"),
        Route(f"{own}/refusal", offer_pages.refusal, methods=["POST"], name="calls:offer_refusal"),
        Route(f"{own}/departure", offer_pages.departure, methods=["POST"], name="calls:offer_departure"),
        Route(f"{own}/invitation", offer_pages.invitation, methods=BOTH, name="calls:offer_invitation"),
        Route(f"{own}/invitation.pdf", invitation_pdf.own, name="calls:invitation_pdf"),
        Route("/calls/{call}/feedback/{number:int}", feedback_pages.feedback, methods=BOTH, name="calls:feedback"),
        Route("/manage/calls/{call}/offers", offer_manage.offers, methods=BOTH, name="calls:offers"),
        Route(desk, offer_manage.offer, name="calls:managed_offer"),
        Route(f"{desk}/withdrawal", offer_manage.withdrawal, methods=["POST"], name="calls:offer_withdrawal"),
        Route(f"{desk}/deadline", offer_manage.more_time, methods=["POST"], name="calls:offer_deadline"),
        Route(f"{desk}/invitation", offer_manage.letter, methods=BOTH, name="calls:managed_letter"),
        Route(f"{desk}/invitation.pdf", invitation_pdf.managed, name="calls:managed_invitation_pdf"),
        Route("/manage/calls/{call}/feedback/{number:int}", feedback_pages.answering, methods=BOTH, name="calls:managed_feedback"),
    ]


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
