"""Who may see what of a call: organisers run it, members of its panel read what they have no conflict with. Nothing else decides."""

from uuid import UUID

from sqlmodel import col, select
from starlette.requests import HTTPConnection

from conference.calls.panel_queries import sent_submission, sent_submissions
from conference.calls.panel_rules import panel_may_begin
from conference.calls.panel_tables import PanelMember
from conference.calls.queries import conflicted, member_of
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.errors import Forbidden, NotFound
from conference.people.access import require_person
from conference.people.tables import Person, Role, RoleKind
from conference.storage.database import Db
from conference.web.request import now

NO_PANEL = "There is no such panel, or you are not on it."
NO_SUBMISSION = "There is no such submission, or it is not yours to read."


async def organises(db: Db, call: Call, person_id: UUID) -> bool:
    """Whether somebody runs this call: an organiser of its event, or of any event where it has none."""
    held = select(Role.id).where(Role.person_id == person_id, Role.kind == RoleKind.organiser, col(Role.ended_at).is_(None))
    here = held.where(Role.event_id == call.event_id) if call.event_id else held
    return (await db.exec(here.limit(1))).first() is not None


async def require_call_organiser(db: Db, request: HTTPConnection, call: Call) -> Person:
    """Raises SignInNeeded, Forbidden."""
    person = await require_person(db, request)
    if not await organises(db, call, person.id):
        raise Forbidden("This is for the organisers of the call.")
    return person


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

    Raises NotFound alike for what is not there, for strangers to the panel, for whoever has a conflict (organisers too), and for a panel
    before the deadline. Organisers who don't sit on the panel see all that was sent.
    """
    person = await require_person(db, request)
    found = await sent_submission(db, call.id, number)
    if not found or found.id in await conflicted(db, call.id, person.id):
        raise NotFound(NO_SUBMISSION)
    if await member_of(db, call.id, person.id):
        if not panel_may_begin(call, now(request)):
            raise NotFound(NO_SUBMISSION)
    elif not await organises(db, call, person.id):
        raise NotFound(NO_SUBMISSION)
    return found


async def readable_submissions(db: Db, call: Call, person_id: UUID) -> list[Submission]:
    """All that a member may read, by number: the same rule for a whole list. Ask `require_member` and `panel_may_begin` first."""
    hidden = await conflicted(db, call.id, person_id)
    return [submission for submission in await sent_submissions(db, call.id) if submission.id not in hidden]
