"""What came to nothing goes, with all that hangs on it, once the days that its call names are over."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, update
from sqlmodel import SQLModel, col, delete, select

from conference.calls.award_tables import Award, Milestone
from conference.calls.decision_tables import Decision
from conference.calls.file_tables import SubmissionFile
from conference.calls.keeping import LEAVES_A_LINE, goes_at, leaves_at_last
from conference.calls.meeting_tables import Minute
from conference.calls.offer_tables import Offer
from conference.calls.panel_tables import ConflictDeclaration, Review, Score
from conference.calls.queries import definition_of, lock_call
from conference.calls.submission_tables import Partner, Submission, SubmissionVersion
from conference.calls.tables import Call, CallState
from conference.record.actions import note
from conference.storage.database import Db, in_parts
from conference.storage.personal import TAKEN_OUT

Changed = dict[str, Any]


async def due_calls(db: Db, now: datetime) -> list[Call]:
    """Calls of which something is due to go."""
    calls = (await db.exec(select(Call).where(Call.state != CallState.open).order_by(col(Call.id)))).all()
    found = [call for call in calls if (at := goes_at(call, await definition_of(db, call))) and at <= now]
    return [call for call in found if await due_submissions(db, call)]


async def due_submissions(db: Db, call: Call) -> list[Submission]:
    """Of a call whose day has come: what came to nothing, and is not empty already."""
    rows = await db.exec(select(Submission).where(Submission.call_id == call.id).order_by(col(Submission.id)))
    return [row for row in rows if leaves_at_last(row.state) and (row.state not in LEAVES_A_LINE or await _has_words(db, row))]


async def purge_call(db: Db, call: Call, now: datetime) -> tuple[int, list[UUID]]:
    """How many went, and the ids of their files' bytes, which are to be thrown away before this is committed: what a crash leaves of it
    is due still, and goes with the next sweep."""
    await lock_call(db, call.id)
    due = await due_submissions(db, call)
    files: list[UUID] = []
    for some in in_parts([row.id for row in due]):
        files += await db.exec(select(SubmissionFile.id).where(col(SubmissionFile.submission_id).in_(some)))
    for some in in_parts([row.id for row in due]):
        await _change(db, Minute, col(Minute.submission_id).in_(some), {"words": ""})
    await _empty(db, [row.id for row in due if row.state in LEAVES_A_LINE])
    await _remove(db, [row.id for row in due if row.state not in LEAVES_A_LINE])
    states: dict[str, int] = {}
    for row in due:
        states[row.state.value] = states.get(row.state.value, 0) + 1
    db.expunge_all()  # rows that statements took must not be written back
    if due:
        note(db, "submissions purged", f"call:{call.id}", now, event_id=call.event_id, states=states)
    await db.flush()
    return len(due), files


async def _has_words(db: Db, row: Submission) -> bool:
    answers = await db.exec(select(SubmissionVersion.answers).where(SubmissionVersion.submission_id == row.id))
    return bool(row.draft) or any(answers)


async def _empty(db: Db, ids: Collection[UUID]) -> None:
    """There was an offer: the bare line stays, without a word that was said in it."""
    for some in in_parts(ids):
        await _change(db, Submission, col(Submission.id).in_(some), {"draft": {}, "late_reason": ""})
        await _change(db, SubmissionVersion, col(SubmissionVersion.submission_id).in_(some), {"answers": {}})
        await _change(db, Decision, col(Decision.submission_id).in_(some), {"reason": "", "feedback": ""})
        await _change(db, Offer, col(Offer.submission_id).in_(some), {"word": ""})
        await _change(db, ConflictDeclaration, col(ConflictDeclaration.submission_id).in_(some), {"words": ""})
        reviews = select(Review.id).where(col(Review.submission_id).in_(some))
        await _change(db, Score, col(Score.review_id).in_(reviews), {"comment": ""})
        await _change(db, Review, col(Review.submission_id).in_(some), {"comment": "", "feedback": ""})
        await _change(db, Award, col(Award.submission_id).in_(some) & col(Award.ended_at).is_not(None), {"ended_reason": TAKEN_OUT})
        awards = select(Award.id).where(col(Award.submission_id).in_(some))
        await _change(db, Milestone, col(Milestone.award_id).in_(awards), {"report": "", "word": ""})
        for table in (Partner, SubmissionFile):
            await db.exec(delete(table).where(col(table.submission_id).in_(some)))


async def _change(db: Db, table: type[SQLModel], where: Any, values: Changed) -> None:
    await db.exec(update(table).where(where).values(**values).execution_options(synchronize_session=False))


async def _remove(db: Db, ids: Collection[UUID]) -> None:
    whole: Table = Submission.__table__  # type: ignore[attr-defined]
    for some in in_parts(ids):
        await _remove_rows(db, whole, some)


async def _remove_rows(db: Db, table: Table, ids: Collection[UUID]) -> None:
    """Rows, after those that can't be without them, whichever table these are in. What only names them is left without the name."""
    connection = await db.connection()
    for other in SQLModel.metadata.tables.values():
        for column in other.columns:
            if not any(key.column.table is table for key in column.foreign_keys):
                continue
            if column.nullable:
                await connection.execute(other.update().where(column.in_(ids)).values({column.name: None}))
                continue
            for some in in_parts(
                (await connection.execute(other.select().with_only_columns(other.c.id).where(column.in_(ids)))).scalars().all()
            ):
                await _remove_rows(db, other, some)
    await connection.execute(table.delete().where(table.c.id.in_(ids)))
