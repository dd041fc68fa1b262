"""Sending an application whole: checked, kept as a version, confirmed by mail, and those whom it names asked."""

from datetime import datetime
from uuid import UUID

from conference.calls.checking import lacks
from conference.calls.definition import Definition
from conference.calls.partnering import LinkTo, name_partners
from conference.calls.queries import definition_of, lock_call, newest_version
from conference.calls.submission_letters import tell_late_counts, tell_received
from conference.calls.submission_tables import Submission, SubmissionVersion
from conference.calls.submitting import accept_late, submit
from conference.calls.tables import Call, CallVersion
from conference.errors import Invalid
from conference.people.tables import Person
from conference.storage.database import Db

TERMS = "Read the terms, and tick the box if you accept them: without that nothing can be sent."


def terms_field(version: CallVersion) -> str:
    """Its own for each version: a tick in an old page does not accept what was published meanwhile."""
    return f"terms-{version.number}"


async def send(
    db: Db,
    call: Call,
    submission: Submission,
    applicant: Person,
    arrived_at: datetime,
    now: datetime,
    real_now: datetime,
    *,
    by: UUID,
    accepted: str,
    link: LinkTo,
) -> SubmissionVersion:
    """`accepted`: the name of the terms' box that was ticked. Raises Invalid where something is missing (by question), Conflict."""
    locked = await lock_call(db, call.id)
    await db.refresh(submission, with_for_update=True)
    asked, definition = await newest_version(db, locked), await definition_of(db, locked)
    if missing := lacks(definition, submission.draft):
        first = next(iter(missing))
        raise Invalid(first, missing[first], missing)
    if definition.terms and accepted != terms_field(asked):
        raise Invalid(terms_field(asked), TERMS)
    version = await submit(db, locked, submission, arrived_at, by=by, now=now, accepts_terms=bool(definition.terms))
    if not version.late:
        await name_partners(db, locked, definition, submission, version, applicant, real_now, link)
    await tell_received(db, locked, definition, submission, version, applicant, real_now)
    return version


async def let_late_count(
    db: Db, call: Call, submission: Submission, version_id: UUID, reason: str, now: datetime, real_now: datetime, *, by: UUID, link: LinkTo
) -> None:
    """An organiser's recorded decision; the applicant is told, and those whom this version names are asked."""
    await accept_late(db, call, submission, version_id, reason, now, by=by)
    applicant = await db.get_one(Person, submission.person_id)
    version = await db.get_one(SubmissionVersion, version_id)
    asked = await db.get_one(CallVersion, version.call_version_id)
    await name_partners(db, call, Definition.model_validate(asked.definition), submission, version, applicant, real_now, link)
    await tell_late_counts(db, call, submission, applicant, reason, real_now)
