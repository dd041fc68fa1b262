"""Writing and reading a call's minutes."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.calls.decision_tables import Decision
from conference.calls.meeting_tables import Minute, MinuteKind, SelectionMeeting
from conference.storage.database import Db


async def minute(
    db: Db,
    call_id: UUID,
    kind: MinuteKind,
    now: datetime,
    *,
    by: UUID,
    person_id: UUID | None = None,
    submission_id: UUID | None = None,
    decision: Decision | None = None,
    words: str = "",
) -> None:
    """One line, of the meeting that goes on if there is one."""
    meeting = await open_meeting_of(db, call_id)
    db.add(
        Minute(
            call_id=call_id,
            meeting_id=meeting.id if meeting else None,
            kind=kind,
            at=now,
            by_id=by,
            person_id=person_id,
            submission_id=submission_id,
            decision_id=decision.id if decision else None,
            words=words,
        )
    )
    await db.flush()


async def open_meeting_of(db: Db, call_id: UUID) -> SelectionMeeting | None:
    """The meeting that goes on now."""
    going_on = select(SelectionMeeting).where(SelectionMeeting.call_id == call_id, col(SelectionMeeting.closed_at).is_(None))
    return (await db.exec(going_on)).first()


async def minutes_of(db: Db, call_id: UUID, without: Collection[UUID] = ()) -> Sequence[Minute]:
    """In their order; `without`: submissions that the reader has no part in, of which not a line is shown."""
    lines = (await db.exec(select(Minute).where(Minute.call_id == call_id).order_by(col(Minute.at), col(Minute.id)))).all()
    return [line for line in lines if line.submission_id not in without]
