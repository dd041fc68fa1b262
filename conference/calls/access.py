"""Who runs a call: organisers of its event, or of any event where it has none."""

from uuid import UUID

from sqlmodel import col, select
from starlette.requests import HTTPConnection

from conference.calls.tables import Call
from conference.errors import Forbidden, NotFound
from conference.people.access import require_person
from conference.people.tables import Person, Role, RoleKind
from conference.storage.database import Db


async def organises(db: Db, call: Call, person_id: UUID) -> bool:
    """Whether somebody runs this call: an organiser of its event, or of any event where it has none."""
    held = select(Role.id).where(Role.person_id == person_id, Role.kind == RoleKind.organiser, col(Role.ended_at).is_(None))
    here = held.where(Role.event_id == call.event_id) if call.event_id else held
    return (await db.exec(here.limit(1))).first() is not None


async def organised_call(db: Db, request: HTTPConnection) -> tuple[Call, Person]:
    """The call of `{call}` in the address, drafts too, and who runs it. Raises SignInNeeded, NotFound, Forbidden."""
    person = await require_person(db, request)
    call = (await db.exec(select(Call).where(Call.slug == request.path_params["call"]))).first()
    if not call:
        raise NotFound("There is no such call.")
    if not await organises(db, call, person.id):
        raise Forbidden("This is for the organisers of the call.")
    return call, person
