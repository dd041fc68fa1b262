"""Who runs a call: organisers of its event; where it has none, whoever organises any event."""

from uuid import UUID

from starlette.requests import HTTPConnection

from conference.calls.listing import find_call
from conference.calls.queries import conflicted, definition_of, member_of
from conference.calls.tables import Call, CallState
from conference.errors import Forbidden, NotFound
from conference.people.access import require_person
from conference.people.queries import roles_of
from conference.people.tables import Person, RoleKind
from conference.storage.database import Db

NO_PART = "There is no such submission, or you have no part in it."
DECIDED = (CallState.decided, CallState.archived)
BLIND = "You sit on this call’s panel, which reads without names: until it is decided, somebody else looks at this."


async def require_call_organiser(db: Db, request: HTTPConnection, call: Call) -> Person:
    """Raises SignInNeeded, Forbidden; NotFound for a draft, of which nobody else may know."""
    person = await require_person(db, request)
    if not runs(call, await organised_events(db, person.id)):
        raise NotFound("There is no such call.") if call.state == CallState.draft else Forbidden("This is for those who run the call.")
    return person


async def require_any_organiser(db: Db, request: HTTPConnection) -> tuple[Person, set[UUID]]:
    """Whoever organises an event, and which events those are. Raises SignInNeeded, Forbidden."""
    person = await require_person(db, request)
    mine = await organised_events(db, person.id)
    if not mine:
        raise Forbidden("This is for those who organise an event.")
    return person, mine


async def managed_call(db: Db, request: HTTPConnection) -> tuple[Call, Person]:
    """The call of this address, for those who run it; drafts too."""
    await require_person(db, request)  # before anything is said of what there is
    call = await find_call(db, request.path_params["call"])
    return call, await require_call_organiser(db, request, call)


async def nameable_call(db: Db, request: HTTPConnection) -> tuple[Call, Person]:
    """`managed_call`, for pages that name applicants: until a blind call is decided, not for organisers who sit on its panel."""
    call, person = await managed_call(db, request)
    if call.state not in DECIDED and await member_of(db, call.id, person.id) and (await definition_of(db, call)).panel.blind:
        raise Forbidden(BLIND)
    return call, person


async def check_has_part(db: Db, call: Call, submission_id: UUID, person: Person) -> None:
    """Raises NotFound for organisers too: about what they applied with, or have a conflict with, somebody else acts."""
    if submission_id in await conflicted(db, call.id, person.id):
        raise NotFound(NO_PART)


async def organised_events(db: Db, person_id: UUID) -> set[UUID]:
    return {role.event_id for role in await roles_of(db, person_id) if role.kind == RoleKind.organiser}


def runs(call: Call, organised: set[UUID]) -> bool:
    """Whether who organises these events runs this call."""
    return call.event_id in organised if call.event_id else bool(organised)


async def organises(db: Db, call: Call, person_id: UUID) -> bool:
    """Whether somebody runs this call."""
    return runs(call, await organised_events(db, person_id))
