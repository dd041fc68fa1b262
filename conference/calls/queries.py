"""Finding calls, submissions and what belongs to them."""

from uuid import UUID

from sqlmodel import col, select

from conference.calls.definition import Definition
from conference.calls.panel_tables import ConflictDeclaration, PanelMember
from conference.calls.submission_tables import Partner, Submission, SubmissionVersion
from conference.calls.tables import Call, CallState, CallVersion
from conference.errors import NotFound
from conference.people.tables import Person
from conference.storage.database import Db


async def call_at(db: Db, slug: str) -> Call:
    """Raises NotFound, for drafts too."""
    found = (await db.exec(select(Call).where(Call.slug == slug, Call.state != CallState.draft))).first()
    if not found:
        raise NotFound("There is no such call.")
    return found


async def newest_version(db: Db, call: Call) -> CallVersion:
    newest = select(CallVersion).where(CallVersion.call_id == call.id).order_by(col(CallVersion.number).desc()).limit(1)
    return (await db.exec(newest)).one()


async def definition_of(db: Db, call: Call) -> Definition:
    """The newest version of what a call asks."""
    return Definition.model_validate((await newest_version(db, call)).definition)


async def counted_version(db: Db, submission: Submission) -> SubmissionVersion | None:
    """What counts of a submission: nothing of a draft."""
    return await db.get(SubmissionVersion, submission.counted_id) if submission.counted_id else None


async def lock_call(db: Db, call_id: UUID) -> Call:
    """A call's row, held until the transaction ends: whoever numbers, closes, decides or moves its reserves takes it first."""
    return (await db.exec(select(Call).where(Call.id == call_id).with_for_update().execution_options(populate_existing=True))).one()


async def member_of(db: Db, call_id: UUID, person_id: UUID) -> PanelMember | None:
    """Whether somebody sits on the panel of a call now."""
    live = select(PanelMember).where(
        PanelMember.call_id == call_id, PanelMember.person_id == person_id, col(PanelMember.ended_at).is_(None)
    )
    return (await db.exec(live)).first()


async def conflicted(db: Db, call_id: UUID, person_id: UUID) -> set[UUID]:
    """The submissions that somebody has no part in: declared, their own, or naming them. Every way to a submission asks this."""
    here = select(Submission.id).where(Submission.call_id == call_id)
    declared = here.join(ConflictDeclaration, col(ConflictDeclaration.submission_id) == col(Submission.id)).where(
        ConflictDeclaration.person_id == person_id, col(ConflictDeclaration.ended_at).is_(None)
    )
    named = (
        here.join(Partner, col(Partner.submission_id) == col(Submission.id))
        .join(Person, col(Person.email_key) == col(Partner.email_key))
        .where(Person.id == person_id, col(Partner.removed_at).is_(None))
    )
    return {row for which in (declared, named, here.where(Submission.person_id == person_id)) for row in (await db.exec(which)).all()}
