"""Who sits on a panel, who reads what, and who must not; all under the call's lock, so that nobody gets what they must not see."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from conference.calls.conflict_rules import likely_conflict
from conference.calls.definition import Definition
from conference.calls.panel_queries import Pair, assignments_of, conflicts_of, identity_behind, members_of, reviews_of, sent_submissions
from conference.calls.panel_tables import Assignment, ConflictDeclaration, ConflictKind, PanelMember
from conference.calls.queries import conflicted, lock_call, member_of
from conference.calls.sharing import shared_out
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.errors import Conflict, NotFound
from conference.people.actions import grant_role
from conference.people.tables import Person, RoleKind
from conference.record.actions import note
from conference.storage.database import Db


async def seat_member(
    db: Db, call: Call, person: Person, now: datetime, *, chair: bool = False, independent: bool = False, by: UUID | None = None
) -> PanelMember:
    """Onto the panel. Raises Conflict for who sits there already."""
    await lock_call(db, call.id)
    if await member_of(db, call.id, person.id):
        raise Conflict(f"{person.name} is on the panel already.")
    member = PanelMember(call_id=call.id, person_id=person.id, chair=chair, independent=independent, joined_at=now)
    db.add(member)
    if call.event_id:
        await grant_role(db, person, call.event_id, RoleKind.assessor, now, by=by)
    await db.flush()
    note(db, "panel joined", f"call:{call.id}", now, person_id=by, event_id=call.event_id, member=str(person.id))
    return member


async def unseat_member(db: Db, call: Call, member: PanelMember, now: datetime, *, by: UUID | None = None) -> None:
    """Off the panel, with all that they have to read. Reviews that are in stay."""
    await lock_call(db, call.id)
    member.ended_at = now
    for assignment in await assignments_of(db, call.id):
        if assignment.person_id == member.person_id:
            assignment.ended_at = now
    await db.flush()
    note(db, "panel left", f"call:{call.id}", now, person_id=by, event_id=call.event_id, member=str(member.person_id))


async def split_evenly(db: Db, call: Call, definition: Definition, now: datetime, *, by: UUID | None = None) -> int:
    """Give every submission as many readers as the call wants, where so many may; how many readings were given out."""
    await lock_call(db, call.id)
    people = [member.person_id for member, _ in await members_of(db, call.id)]
    submissions = [each.id for each in await sent_submissions(db, call.id)]
    apart = await conflicts_of(db, call.id, people)
    already = [(each.submission_id, each.person_id) for each in await assignments_of(db, call.id) if each.submission_id in set(submissions)]
    given = shared_out(submissions, people, apart, definition.panel.reviews_each, already)
    db.add_all(Assignment(submission_id=submission, person_id=person, made_at=now) for submission, person in given)
    await db.flush()
    note(db, "submissions shared out", f"call:{call.id}", now, person_id=by, event_id=call.event_id, readings=len(given))
    return len(given)


async def assign(db: Db, call: Call, submission: Submission, person: Person, now: datetime, *, by: UUID) -> Assignment:
    """By hand. Raises Conflict for who is not on the panel, has it already, or has a conflict."""
    await lock_call(db, call.id)
    if not await member_of(db, call.id, person.id):
        raise Conflict(f"{person.name} is not on this panel.")
    if submission.id in await conflicted(db, call.id, person.id):
        raise Conflict(f"{person.name} has a conflict with this submission, so it can’t be given to them.")
    if any(each.submission_id == submission.id and each.person_id == person.id for each in await assignments_of(db, call.id)):
        raise Conflict(f"{person.name} reads this submission already.")
    made = Assignment(submission_id=submission.id, person_id=person.id, by_id=by, made_at=now)
    db.add(made)
    await db.flush()
    note(db, "submission given to read", f"submission:{submission.id}", now, person_id=by, event_id=call.event_id, member=str(person.id))
    return made


async def take_back(db: Db, call: Call, assignment_id: UUID, now: datetime, *, by: UUID) -> None:
    """Somebody need not read it. Raises NotFound, and Conflict where their review is in."""
    await lock_call(db, call.id)
    found = next((each for each in await assignments_of(db, call.id) if each.id == assignment_id), None)
    if not found:
        raise NotFound("Nobody reads this now.")
    if any(each.submission_id == found.submission_id and each.submitted_at for each in await reviews_of(db, call.id, found.person_id)):
        raise Conflict("Their review is in already, so it stays theirs.")
    found.ended_at = now
    await db.flush()
    note(
        db,
        "submission taken back",
        f"submission:{found.submission_id}",
        now,
        person_id=by,
        event_id=call.event_id,
        member=str(found.person_id),
    )


async def declare_conflict(
    db: Db, call: Call, submission: Submission, person_id: UUID, kind: ConflictKind, words: str, now: datetime, *, by: UUID
) -> ConflictDeclaration:
    """From now on this person has no part in the submission, and finds it nowhere. Declaring it again changes nothing."""
    await lock_call(db, call.id)
    standing = (await db.exec(_declared(submission.id, person_id).where(col(ConflictDeclaration.ended_at).is_(None)))).first()
    if standing:
        return standing
    made = ConflictDeclaration(submission_id=submission.id, person_id=person_id, kind=kind, words=words, declared_at=now, by_id=by)
    db.add(made)
    for each in await assignments_of(db, call.id):
        if (each.submission_id, each.person_id) == (submission.id, person_id):
            each.ended_at = now
    await db.flush()
    note(
        db,
        "conflict declared",
        f"submission:{submission.id}",
        now,
        person_id=by,
        event_id=call.event_id,
        member=str(person_id),
        kind=kind.value,
    )
    return made


async def dismiss_conflict(
    db: Db, call: Call, submission: Submission, person_id: UUID, kind: ConflictKind, words: str, now: datetime, *, by: UUID
) -> None:
    """What was found is no conflict, an organiser says, and why: kept as a declaration that ended as it began."""
    await lock_call(db, call.id)
    db.add(
        ConflictDeclaration(
            submission_id=submission.id,
            person_id=person_id,
            kind=kind,
            words=words,
            declared_at=now,
            by_id=by,
            ended_at=now,
            ended_by_id=by,
        )
    )
    await db.flush()
    note(
        db, "no conflict", f"submission:{submission.id}", now, person_id=by, event_id=call.event_id, member=str(person_id), kind=kind.value
    )


async def end_conflict(db: Db, call: Call, declaration: ConflictDeclaration, now: datetime, *, by: UUID) -> None:
    await lock_call(db, call.id)
    declaration.ended_at, declaration.ended_by_id = now, by
    await db.flush()
    note(db, "conflict ended", f"submission:{declaration.submission_id}", now, person_id=by, event_id=call.event_id)


async def likely_conflicts(db: Db, call: Call) -> list[tuple[Submission, Person, ConflictKind]]:
    """What organisers should look at: nobody has said anything of it yet."""
    members = [person for _, person in await members_of(db, call.id)]
    asked = await _asked_about(db, call.id) | await conflicts_of(db, call.id, [person.id for person in members])
    found = []
    for submission in await sent_submissions(db, call.id):
        identity = await identity_behind(db, submission)
        for person in members:
            kind = likely_conflict(person, identity)
            if kind and (submission.id, person.id) not in asked:
                found.append((submission, person, kind))
    return found


async def declarations_of(db: Db, call_id: UUID) -> Sequence[tuple[ConflictDeclaration, Submission, Person]]:
    """Every one that was ever made, the newest first."""
    all_ = (
        select(ConflictDeclaration, Submission, Person)
        .join(Submission, col(Submission.id) == col(ConflictDeclaration.submission_id))
        .join(Person, col(Person.id) == col(ConflictDeclaration.person_id))
        .where(Submission.call_id == call_id)
    )
    return (await db.exec(all_.order_by(col(ConflictDeclaration.id).desc()))).all()


async def _asked_about(db: Db, call_id: UUID) -> set[Pair]:
    return {(submission.id, person.id) for _, submission, person in await declarations_of(db, call_id)}


def _declared(submission_id: UUID, person_id: UUID) -> SelectOfScalar[ConflictDeclaration]:
    return select(ConflictDeclaration).where(ConflictDeclaration.submission_id == submission_id, ConflictDeclaration.person_id == person_id)
