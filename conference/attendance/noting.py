"""Noting who was on a stage, and who went through a meeting's door. A few statements, however many people there are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select, update

from conference.attendance.spans import Span, joined, length
from conference.attendance.tables import StageTime
from conference.people.tables import Person
from conference.storage.database import Db, in_parts
from conference.storage.ids import new_id


async def note_attendance(db: Db, session_id: UUID, times: Mapping[UUID, Sequence[Span]]) -> None:
    """Add these spans to what is known, by person; what was noted already, by whichever process, counts once. Robots leave no trace."""
    for some in in_parts(sorted(times)):
        people = (await db.exec(select(Person.id).where(col(Person.id).in_(some), col(Person.robot_of).is_(None)))).all()
        rows = await _rows(db, session_id, sorted(people))
        changed = []
        for row in rows:
            spans = joined([*row.spans, *times[row.person_id]])
            changed.append({"id": row.id, "spans": spans, "seconds": length(spans)})
        if changed:
            await db.exec(update(StageTime), params=changed)


async def note_meeting(db: Db, session_id: UUID, person_id: UUID, now: datetime) -> None:
    """Somebody goes through a meeting's door; the first time counts."""
    for row in await _rows(db, session_id, [person_id]):
        if row.entered_meeting_at is None:
            await db.exec(update(StageTime), params=[{"id": row.id, "entered_meeting_at": now}])


async def _rows(db: Db, session_id: UUID, people: Sequence[UUID]) -> Sequence[StageTime]:
    """A row for each of them, locked, always in the same order."""
    if not people:
        return ()
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    new = [{"id": new_id(), "session_id": session_id, "person_id": person_id, "spans": [], "seconds": 0} for person_id in people]
    await db.exec(insert(StageTime).on_conflict_do_nothing(index_elements=["session_id", "person_id"]), params=new)
    rows = select(StageTime).where(StageTime.session_id == session_id, col(StageTime.person_id).in_(people))
    locked = rows.order_by(col(StageTime.person_id)).with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await db.exec(locked)).all()
