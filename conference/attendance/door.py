"""Who stands at a door, and for what; what its pages may use."""

from starlette.requests import Request
from starlette.responses import Response

from conference.attendance.expected import choices_at
from conference.attendance.rules import Occasion, day_for, occasion_from
from conference.attendance.tables import DoorScan
from conference.people.access import require_role
from conference.people.tables import Person, RoleKind
from conference.programme.queries import event_at
from conference.programme.tables import Event
from conference.registration.tables import Registration
from conference.storage.database import Db
from conference.web.request import now

AT_DOOR = (RoleKind.door, RoleKind.organiser)
CAMERA = "camera=(self), microphone=(), geolocation=()"


async def helper_at(db: Db, request: Request) -> tuple[Event, Person]:
    event = await event_at(db, request.path_params["event"])
    return event, await require_role(db, request, event.id, *AT_DOOR)


async def occasion_asked(db: Db, request: Request, event: Event, asked: str = "") -> Occasion:
    """What was asked for, where this event has it; today otherwise."""
    known = {choice.key for choice in await choices_at(db, event)}
    for key in (asked, request.query_params.get("for", "")):
        if key in known:
            return occasion_from(key)
    return Occasion(day=day_for(event, now(request)))


async def name_of(db: Db, scan: DoorScan) -> str:
    place = await db.get(Registration, scan.registration_id) if scan.registration_id else None
    return (await db.get_one(Person, place.person_id)).name if place else "This code"


def with_camera(response: Response) -> Response:
    response.headers["Permissions-Policy"] = CAMERA
    return response
