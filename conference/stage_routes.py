"""The addresses of everything live: stages as each kind of person sees them, the desk, meetings."""

from starlette.routing import BaseRoute, Route, WebSocketRoute

from conference.live import desk as live_desk
from conference.live import exports, names, projector, speaking
from conference.live import manage as live_manage
from conference.live import pages as live
from conference.live.access import unless_banned
from conference.live.socket import stage_socket
from conference.meetings import desk
from conference.meetings import manage as meetings_manage
from conference.meetings import pages as meetings

BOTH = ["GET", "POST"]
EVENT = "/events/{event}"
SESSION = EVENT + "/sessions/{session}"
MANAGE = "/manage/events/{event}"
PLANNED = MANAGE + "/sessions/{session}"


def stage_routes() -> list[BaseRoute]:
    return [
        *_live_routes(),
        *_taking_part_routes(),
        *_view_routes(),
        *_desk_routes(),
        *_moderation_routes(),
        *_meeting_routes(),
    ]


def _live_routes() -> list[BaseRoute]:
    stage, question = SESSION + "/stage", SESSION + "/stage/questions/{question:uuid}"
    return [
        Route(stage, live.stage, name="live:stage"),
        WebSocketRoute(stage + "/socket", stage_socket, name="live:socket"),
        Route(stage + "/questions", live.ask, methods=["POST"], name="live:ask"),
        Route(question + "/votes", live.vote, methods=["POST"], name="live:vote"),
    ]


def _taking_part_routes() -> list[BaseRoute]:
    """What delegates do on a stage besides asking and voting."""
    stage = SESSION + "/stage"
    return [
        Route(stage + "/questions/{question:uuid}/withdrawal", live.withdrawal, methods=["POST"], name="live:withdrawal"),
        Route(stage + "/polls/{poll:uuid}/ballots", live.ballot, methods=["POST"], name="live:ballot"),
        Route(stage + "/messages", live.message, methods=["POST"], name="live:message"),
        Route(stage + "/reactions", live.reaction, methods=["POST"], name="live:reaction"),
        Route(stage + "/help", live.help_request, methods=["POST"], name="live:help"),
    ]


def _view_routes() -> list[BaseRoute]:
    """A stage as a hall, its speakers and its participants see it, and what is carried away from it."""
    stage = SESSION + "/stage"
    return [
        Route(stage + "/projector", projector.projector, name="live:projector"),
        Route(stage + "/join.svg", projector.join_code, name="live:join_code"),
        Route(stage + "/speaker", speaking.speaker, name="live:speaker"),
        Route(stage + "/speaker/answers", speaking.written_answer, methods=["POST"], name="live:written_answer"),
        Route(stage + "/speaker/notes", speaking.green_room, methods=["POST"], name="live:green_room"),
        Route(stage + "/questions.csv", exports.questions_csv, name="live:questions_csv"),
        Route(stage + "/polls.csv", exports.polls_csv, name="live:polls_csv"),
        Route(stage + "/transcript.txt", exports.transcript_txt, name="live:transcript_txt"),
        Route(stage + "/transcript.vtt", exports.transcript_vtt, name="live:transcript_vtt"),
        Route(stage + "/names", names.names, name="live:names"),
        Route(stage + "/names.json", names.names_json, name="live:names_json"),
        Route(EVENT + "/stage-name", names.stage_name, methods=["POST"], name="live:stage_name"),
    ]


def _desk_routes() -> list[BaseRoute]:
    """The organisers' desk on the day."""
    here, help_request = MANAGE + "/desk", MANAGE + "/desk/help/{help:uuid}"
    return [
        Route(here, live_desk.desk, name="live:desk"),
        Route(here + "/now", live_desk.desk_now, name="live:desk_now"),
        Route(here + "/announcements", live_desk.announcements, methods=["POST"], name="live:announce"),
        Route(here + "/announcements/preview", live_desk.preview, name="live:announce_preview"),
        Route(
            here + "/announcements/{announcement:uuid}/ending",
            live_desk.announcement_ending,
            methods=["POST"],
            name="live:announcement_ending",
        ),
        Route(help_request + "/resolution", live_desk.resolution, methods=["POST"], name="live:resolve_help"),
        Route(help_request + "/silence", live_desk.silence, methods=BOTH, name="live:silence_author"),
        Route(here + "/silences/{silence:uuid}/lifting", live_desk.lifting, methods=["POST"], name="live:lift_silence"),
    ]


def _moderation_routes() -> list[BaseRoute]:
    question = SESSION + "/stage/questions/{question:uuid}"
    return [
        Route(PLANNED + "/stage", live_manage.manage, name="live:manage"),
        Route(PLANNED + "/stage/acts", live_manage.act, methods=["POST"], name="live:acts"),
        Route(question + "/approval", live_manage.approval, methods=["POST"], name="live:approval"),
        Route(question + "/dismissal", live_manage.dismissal, methods=["POST"], name="live:dismissal"),
        Route(question + "/answer", live_manage.answer, methods=["POST"], name="live:answer"),
        Route(question + "/archiving", live_manage.archiving, methods=["POST"], name="live:archiving"),
    ]


def _meeting_routes() -> list[BaseRoute]:
    groups = PLANNED + "/groups"
    return [
        Route(SESSION + "/meeting", unless_banned(meetings.meeting), name="meetings:meeting"),
        Route(SESSION + "/meeting/group", unless_banned(meetings.group), methods=BOTH, name="meetings:group"),
        Route(MANAGE + "/meetings", meetings_manage.meetings, methods=BOTH, name="meetings:manage"),
        Route(MANAGE + "/meetings/removal", meetings_manage.removal, methods=["POST"], name="meetings:removal"),
        Route(PLANNED + "/meeting", meetings_manage.session_meeting, methods=["POST"], name="meetings:session_meeting"),
        Route(groups, desk.groups, methods=BOTH, name="meetings:groups"),
        Route(groups + "/draw", desk.draw, methods=["POST"], name="meetings:draw"),
        Route(groups + "/moves", desk.moves, methods=["POST"], name="meetings:moves"),
        Route(groups + "/opening", desk.opening, methods=["POST"], name="meetings:opening"),
        Route(groups + "/closing", desk.closing, methods=["POST"], name="meetings:closing"),
    ]
