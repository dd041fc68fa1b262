"""Who may see what of a call: organisers run it, members of its panel read what they have no conflict with. Nothing else decides it."""

from sqlmodel import col, select
from starlette.requests import HTTPConnection

from conference.calls.panel_tables import PanelMember
from conference.calls.queries import conflicted, member_of
from conference.calls.rights import organised_events, runs
from conference.calls.submission_tables import Submission, SubmissionState
from conference.calls.tables import Call
from conference.errors import NotFound
from conference.people.access import require_person
from conference.people.tables import Person
from conference.storage.database import Db

UNSENT = (SubmissionState.draft, SubmissionState.withdrawn)
NO_PANEL = "There is no such panel, or you are not on it."
NO_SUBMISSION = "There is no such submission, or it is not yours to read."


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
    if not await member_of(db, call.id, person.id) and not runs(call, await organised_events(db, person.id)):
        raise NotFound(NO_SUBMISSION)
    return found
