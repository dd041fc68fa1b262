"""One's own data for one's own programs: each needs a token with its scope."""

from starlette.requests import Request

from conference.api.endpoint import Answer, allowed, origin_of
from conference.api.queries import own_sessions, places_of, seats_of
from conference.api.rules import Scope
from conference.api.shapes import BookingList, OwnSessionList, Profile, RegistrationList
from conference.api.telling import booking_shape, own_session_shape, registration_shape
from conference.web.request import reading


async def profile(request: Request) -> Answer:
    """GET /api/v1/me: whose token this is."""
    token, person = await allowed(request, Scope.profile)
    return Answer(
        Profile(
            name=person.name,
            email=person.email,
            organisation=person.organisation,
            country=person.country,
            zone=person.zone,
            scopes=token.scopes,
        )
    )


async def registrations(request: Request) -> Answer:
    """GET /api/v1/me/registrations: places at events, held or confirmed."""
    _, person = await allowed(request, Scope.registrations)
    async with reading(request) as db:
        found = [registration_shape(row, event, origin_of(request)) for row, event in await places_of(db, person)]
    return Answer(RegistrationList(registrations=found))


async def bookings(request: Request) -> Answer:
    """GET /api/v1/me/bookings: seats, and turns on waiting lists."""
    _, person = await allowed(request, Scope.bookings)
    async with reading(request) as db:
        found = [booking_shape(booking, origin_of(request)) for booking in await seats_of(db, person)]
    return Answer(BookingList(bookings=found))


async def sessions(request: Request) -> Answer:
    """GET /api/v1/me/sessions: what one speaks at, has a seat in, or takes part in as everybody does."""
    _, person = await allowed(request, Scope.sessions)
    async with reading(request) as db:
        found = [own_session_shape(own, origin_of(request)) for own in await own_sessions(db, person)]
    return Answer(OwnSessionList(sessions=found))
