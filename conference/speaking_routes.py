"""The addresses of speakers: their invitations, their talks, what they leave to read; and the organisers' side of them."""

from starlette.routing import BaseRoute, Route

from conference.speaking import answering, manage, own_profile, pages, review, slides
from conference.stage_routes import BOTH, EVENT, MANAGE, SESSION
from conference.web.uploads import UPLOAD_BODY

POST = ["POST"]


def speaking_routes() -> list[BaseRoute]:
    return [*_talk_routes(), *_profile_routes(), *_organisers_routes()]


def _talk_routes() -> list[BaseRoute]:
    talk = SESSION + "/talk"
    return [
        Route("/speaking/invitations/{token}", answering.invitation, methods=BOTH, name="speaking:invitation"),
        Route("/speaking/invitations/{token}/decline", answering.declining, methods=POST, name="speaking:declining"),
        Route("/me/talks", pages.talks, name="speaking:talks"),
        Route(talk, pages.talk, methods=BOTH, name="speaking:talk"),
        Route(talk + "/proposals/{proposal:uuid}/withdrawal", pages.withdrawal, methods=POST, name="speaking:withdrawal"),
        Route(talk + "/co-speakers", pages.co_speakers, methods=POST, name="speaking:co_speakers"),
        Route(talk + "/resources", slides.resources, methods=POST, name="speaking:resources", max_body_size=UPLOAD_BODY),
        Route(talk + "/resources/{resource:uuid}/removal", slides.resource_removal, methods=POST, name="speaking:resource_removal"),
        Route(SESSION + "/resources/{resource:uuid}", slides.resource, name="speaking:resource"),
    ]


def _profile_routes() -> list[BaseRoute]:
    speaker = EVENT + "/speakers/{speaker}"
    profile = speaker + "/profile"
    return [
        Route(speaker + "/photo/{photo:uuid}", slides.photo, name="speaking:photo"),
        Route(profile, own_profile.profile, methods=BOTH, name="speaking:profile"),
        Route(profile + "/photo", own_profile.photo, methods=POST, name="speaking:own_photo", max_body_size=UPLOAD_BODY),
        Route(profile + "/photo/removal", own_profile.photo_removal, methods=POST, name="speaking:photo_removal"),
        Route(profile + "/times", own_profile.times, methods=POST, name="speaking:times"),
        Route(profile + "/times/{time:uuid}/removal", own_profile.time_removal, methods=POST, name="speaking:time_removal"),
    ]


def _organisers_routes() -> list[BaseRoute]:
    speaker = MANAGE + "/speaking/{speaker}"
    return [
        Route(MANAGE + "/speaking", manage.speakers, methods=BOTH, name="speaking:speakers"),
        Route(speaker, manage.speaker, methods=BOTH, name="speaking:speaker"),
        Route(speaker + "/reminder", manage.reminder, methods=POST, name="speaking:reminder"),
        Route(speaker + "/withdrawal", manage.withdrawal, methods=POST, name="speaking:take_back"),
        Route(MANAGE + "/proposals", review.proposals, name="speaking:proposals"),
        Route(MANAGE + "/proposals/{proposal:uuid}", review.proposal, methods=BOTH, name="speaking:proposal"),
    ]
