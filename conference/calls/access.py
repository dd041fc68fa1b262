"""Who may read what is sent to a call: members of its panel what they have no conflict with, organisers all. Nothing else decides."""

from uuid import UUID

from starlette.requests import HTTPConnection

from conference.calls.panel_queries import sent_submission, sent_submissions
from conference.calls.panel_rules import panel_may_begin
from conference.calls.panel_tables import PanelMember
from conference.calls.queries import call_at, conflicted, member_of
from conference.calls.rights import organises
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.errors import NotFound
from conference.people.access import require_person
from conference.people.tables import Person
from conference.storage.database import Db
from conference.web.request import now

NO_PANEL = "There is no such panel, or you are not on it."
NO_SUBMISSION = "There is no such submission, or it is not yours to read."


async def panel_here(db: Db, request: HTTPConnection) -> tuple[Call, Person]:
    """The call of this address, for those on its panel. Raises SignInNeeded, then NotFound alike for no call and no seat on it."""
    await require_person(db, request)
    call = await call_at(db, request.path_params["call"])
    person, _ = await require_member(db, request, call)
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


async def readable_submissions(db: Db, request: HTTPConnection, call: Call, person_id: UUID) -> list[Submission]:
    """All that a member may read, by number: the same rule for a whole list. Ask `require_member` first."""
    if not panel_may_begin(call, now(request)):
        return []
    hidden = await conflicted(db, call.id, person_id)
    return [submission for submission in await sent_submissions(db, call.id) if submission.id not in hidden]
