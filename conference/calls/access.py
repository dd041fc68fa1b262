"""Who may see what of a call: organisers run it, members of its panel read what they have no conflict with. Nothing else decides it."""

from uuid import UUID

from sqlmodel import col, select
from starlette.requests import HTTPConnection

from conference.calls.panel_tables import PanelMember
from conference.calls.queries import conflicted, member_of
from conference.calls.submission_tables import Submission, SubmissionState
from conference.calls.tables import Call
from conference.errors import Forbidden, NotFound
from conference.people.access import require_person
from conference.people.tables import Person, Role, RoleKind
from conference.storage.database import Db

UNSENT = (SubmissionState.draft, SubmissionState.withdrawn)
NO_PANEL = "There is no such panel, or you are not on it."
NO_SUBMISSION = "There is no such submission, or it is not yours to read."


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


async def require_member(db: Db, request: HTTPConnection, call: Call) -> tuple[Person, PanelMember]:
    """Whoever is signed in, who sits on the panel of this call. Raises SignInNeeded, and NotFound for everybody else."""
    person = await require_person(db, request)
    member = await member_of(db, call.id, person.id)
    if not member:
        raise NotFound(NO_PANEL)
    return person, member


async def readable_submission(db: Db, request: HTTPConnection, call: Call, number: int) -> Submission:
    """A submission that was sent, by its number. The one way to it for a panel.

    Raises NotFound alike for what is not there, for strangers to the panel, and for whoever has a conflict.
    """
    person = await require_person(db, request)
    sent = select(Submission).where(
        Submission.call_id == call.id,
        Submission.number == number,
        col(Submission.state).not_in(UNSENT),
        col(Submission.counted_id).is_not(None),
    )
    found = (await db.exec(sent)).first()
    if not found or found.id in await conflicted(db, call.id, person.id):
        raise NotFound(NO_SUBMISSION)
    if not await member_of(db, call.id, person.id) and not await organises(db, call, person.id):
        raise NotFound(NO_SUBMISSION)
    return found
