"""Writing down who saw what of a submission, first and last."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from conference.calls.panel_tables import SeenWhat, Viewing
from conference.storage.database import Db


async def note_viewing(db: Db, submission_id: UUID, person_id: UUID, what: SeenWhat, now: datetime) -> None:
    """In the caller's transaction. Two who come first at the same moment make one row, and count both."""
    if await _again(db, submission_id, person_id, what, now):
        return
    try:
        async with db.begin_nested():
            db.add(Viewing(submission_id=submission_id, person_id=person_id, what=what, first_at=now, last_at=now))
    except IntegrityError:
        await _again(db, submission_id, person_id, what, now)


async def _again(db: Db, submission_id: UUID, person_id: UUID, what: SeenWhat, now: datetime) -> bool:
    row = (col(Viewing.submission_id) == submission_id, col(Viewing.person_id) == person_id, col(Viewing.what) == what)
    seen = await db.exec(update(Viewing).where(*row).values(times=col(Viewing.times) + 1, last_at=now))
    return bool(seen.rowcount)
