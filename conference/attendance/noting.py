"""Noting who was on a stage, and who went through a meeting's door. A few statements, however many people there are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select, update

from conference.attendance.spans import Span, joined, length
from conference.attendance.tables import StageTime
from conference.people.tables import Person
from conference.storage.database import Db, in_parts
from conference.storage.ids import new_id

Known = tuple[UUID, UUID, Sequence[Sequence[int]]]  # a row's id, its person, its spans


async def note_attendance(db: Db, session_id: UUID, times: Mapping[UUID, Sequence[Span]]) -> None:
    """Add these spans to what is known, by person; what was noted already, by whichever process, counts once. Robots leave no trace."""
    for some in in_parts(sorted(times)):
        changed = []
        for row_id, person_id, known in await _rows(db, session_id, some):
            spans = joined([*known, *times[person_id]])
            if spans != known:
                changed.append({"row_id": row_id, "now_spans": spans, "now_seconds": length(spans)})
        if changed:
            table = StageTime.__table__  # type: ignore[attr-defined]
            write = update(table).where(table.c.id == bindparam("row_id"))
            await db.exec(write.values(spans=bindparam("now_spans"), seconds=bindparam("now_seconds")), params=changed)


async def note_meeting(db: Db, session_id: UUID, person_id: UUID, now: datetime) -> None:
    """Somebody goes through a meeting's door; the first time counts."""
    await _rows(db, session_id, [person_id])
    mine = update(StageTime).where(col(StageTime.session_id) == session_id, col(StageTime.person_id) == person_id)
    await db.exec(mine.where(col(StageTime.entered_meeting_at).is_(None)).values(entered_meeting_at=now))


async def _rows(db: Db, session_id: UUID, people: Sequence[UUID]) -> list[Known]:
    """A row for each of them, locked, always in the same order: those that are there, then those that had to be made."""
    rows = await _locked(db, session_id, people)
    missing = sorted(set(people) - {person_id for _, person_id, _ in rows})
    if not missing:
        return rows
    found = await db.exec(select(Person.id).where(col(Person.id).in_(missing), col(Person.robot_of).is_(None)))
    new = [{"id": new_id(), "session_id": session_id, "person_id": each, "spans": [], "seconds": 0} for each in sorted(found)]
    if new:
        insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
        await db.exec(insert(StageTime).on_conflict_do_nothing(index_elements=["session_id", "person_id"]), params=new)
    return [*rows, *await _locked(db, session_id, missing)]


async def _locked(db: Db, session_id: UUID, people: Sequence[UUID]) -> list[Known]:
    rows = select(StageTime.id, StageTime.person_id, StageTime.spans)
    rows = rows.where(StageTime.session_id == session_id, col(StageTime.person_id).in_(people))
    return list((await db.exec(rows.order_by(col(StageTime.person_id)).with_for_update(key_share=True))).all())
