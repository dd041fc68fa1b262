"""All that a call's file holds: who sent what, who saw, scored and decided what, and when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import col, select

from conference.calls.decision_tables import Decision
from conference.calls.definition import Definition
from conference.calls.file_queries import files_of
from conference.calls.file_tables import SubmissionFile
from conference.calls.panel_tables import Assignment, ConflictDeclaration, PanelMember, Review, Score, Viewing
from conference.calls.queries import conflicted, definition_of
from conference.calls.submission_tables import Partner, Submission, SubmissionVersion
from conference.calls.tables import Call, CallVersion
from conference.people.tables import Person
from conference.record.tables import AuditEntry
from conference.storage.database import Db, in_parts
from conference.storage.row import Row

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class CallRecord:
    """Rows by the number of their submission, then in the order in which they were made."""

    call: Call
    definition: Definition
    definitions: Sequence[CallVersion]
    submissions: Sequence[Submission]
    versions: Sequence[SubmissionVersion]
    partners: Sequence[Partner]
    files: Sequence[SubmissionFile]
    members: Sequence[PanelMember]
    assignments: Sequence[Assignment]
    conflicts: Sequence[ConflictDeclaration]
    reviews: Sequence[Review]
    scores: Sequence[Score]
    viewings: Sequence[Viewing]
    decisions: Sequence[Decision]
    acts: Sequence[AuditEntry]
    names: dict[UUID, str]  # of all people in it
    numbers: dict[UUID, int]  # of its submissions
    kept_from: int  # submissions that are not in it, since whoever asks has a conflict


async def record_of(db: Db, call: Call, reader_id: UUID) -> CallRecord:
    """For somebody who runs the call. Of what they have a conflict with they read nothing, here as elsewhere."""
    away = await conflicted(db, call.id, reader_id)
    known = await db.exec(select(Submission).where(Submission.call_id == call.id).order_by(col(Submission.number)))
    submissions = [row for row in known if row.id not in away]
    ids = [row.id for row in submissions]
    reviews = await _of(db, Review, Review.submission_id, ids)
    rows: dict[str, Sequence[Any]] = {
        "definitions": await _of(db, CallVersion, CallVersion.call_id, [call.id]),
        "submissions": submissions,
        "versions": await _of(db, SubmissionVersion, SubmissionVersion.submission_id, ids),
        "partners": await _of(db, Partner, Partner.submission_id, ids),
        "files": await files_of(db, ids),
        "members": await _of(db, PanelMember, PanelMember.call_id, [call.id]),
        "assignments": await _of(db, Assignment, Assignment.submission_id, ids),
        "conflicts": await _of(db, ConflictDeclaration, ConflictDeclaration.submission_id, ids),
        "reviews": reviews,
        "scores": await _of(db, Score, Score.review_id, [row.id for row in reviews]),
        "viewings": await _of(db, Viewing, Viewing.submission_id, ids),
        "decisions": await _of(db, Decision, Decision.submission_id, ids),
        "acts": await _of(db, AuditEntry, AuditEntry.subject, [f"call:{call.id}", *(f"submission:{each}" for each in ids)]),
    }
    people = {value for some in rows.values() for row in some for name, value in row if name.endswith(("person_id", "by_id")) and value}
    names = await _names(db, people)
    numbers = {row.id: row.number for row in submissions}
    for name, some in rows.items():
        rows[name] = sorted(some, key=lambda row: numbers[row.submission_id] if hasattr(row, "submission_id") else 0)
    rows["acts"] = sorted(rows["acts"], key=lambda act: act.at)
    return CallRecord(call=call, definition=await definition_of(db, call), names=names, numbers=numbers, kept_from=len(away), **rows)


async def _of(db: Db, table: type[R], column: Any, values: Collection[Any]) -> list[R]:
    found: list[R] = []
    for some in in_parts(values):
        found += await db.exec(select(table).where(col(column).in_(some)))
    return sorted(found, key=lambda row: row.id)


async def _names(db: Db, ids: Collection[UUID]) -> dict[UUID, str]:
    return {person.id: person.name for person in await _of(db, Person, Person.id, ids)}
