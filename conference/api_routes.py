"""The addresses for programs, and the pages about them."""

from starlette.routing import BaseRoute, Route

from conference.api import open_data, own_data, pages
from conference.api.endpoint import Endpoint
from conference.api.rules import Scope
from conference.api.shapes import (
    BookingList,
    EventList,
    EventPage,
    OwnSessionList,
    Profile,
    RegistrationList,
    SessionList,
    SessionShape,
    SpeakerList,
)
from conference.api.telling import ADDRESS

EVENT, ME = ADDRESS + "/events/{event}", ADDRESS + "/me"


def api_routes() -> list[BaseRoute]:
    return [
        Route("/api", pages.about, name="api:about"),
        Route("/me/tokens", pages.tokens, methods=["GET", "POST"], name="api:tokens"),
        Route("/me/tokens/{token:uuid}/revocation", pages.revocation, methods=["POST"], name="api:revocation"),
        Route(ADDRESS + "/openapi.json", pages.openapi, name="api:openapi"),
        Route(ADDRESS + "/events", Endpoint(open_data.event_list, EventList), name="api:events"),
        Route(EVENT, Endpoint(open_data.one_event, EventPage), name="api:event"),
        Route(EVENT + "/sessions", Endpoint(open_data.session_list, SessionList), name="api:sessions"),
        Route(EVENT + "/sessions/{session}", Endpoint(open_data.one_session, SessionShape), name="api:session"),
        Route(EVENT + "/speakers", Endpoint(open_data.speaker_list, SpeakerList), name="api:speakers"),
        Route(ME, Endpoint(own_data.profile, Profile, Scope.profile), name="api:me"),
        Route(ME + "/registrations", Endpoint(own_data.registrations, RegistrationList, Scope.registrations), name="api:registrations"),
        Route(ME + "/bookings", Endpoint(own_data.bookings, BookingList, Scope.bookings), name="api:bookings"),
        Route(ME + "/sessions", Endpoint(own_data.sessions, OwnSessionList, Scope.sessions), name="api:own_sessions"),
    ]
