"""Writing down what was done, taking and keeping duties, setting the rehearsal's clock."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete, select

from conference.clock import Clock
from conference.record.tables import AuditEntry, Lease, RehearsalClock
from conference.storage.database import Database, Db


def note(
    db: Db, act: str, subject: str, now: datetime, *, person_id: UUID | None = None, event_id: UUID | None = None, **details: Any
) -> None:
    """One line of the audit trail, in the caller's transaction. Never put a secret into `details`."""
    db.add(AuditEntry(at=now, act=act, subject=subject, person_id=person_id, event_id=event_id, details=details))


async def hold_lease(db: Db, duty: str, holder: str, length: timedelta, real_now: datetime) -> bool:
    """Take or keep a duty; False while another process holds it."""
    taken = await db.exec(
        update(Lease)
        .where(col(Lease.duty) == duty, (col(Lease.holder) == holder) | (col(Lease.until) <= real_now))
        .values(holder=holder, until=real_now + length)
    )
    if taken.rowcount:
        return True
    if (await db.exec(select(Lease).where(Lease.duty == duty))).first():
        return False
    try:
        async with db.begin_nested():
            db.add(Lease(duty=duty, holder=holder, until=real_now + length))
    except IntegrityError:
        return False  # another process was quicker
    return True


async def release_lease(db: Db, duty: str, holder: str) -> None:
    await db.exec(delete(Lease).where(col(Lease.duty) == duty, col(Lease.holder) == holder))


async def set_rehearsal(db: Db, at: datetime | None, real_now: datetime) -> timedelta | None:
    """Let the house live at the instant `at` from now on; None: in real time. Returns the offset."""
    await db.exec(delete(RehearsalClock))
    if at is None:
        return None
    offset = at - real_now
    db.add(RehearsalClock(offset_seconds=offset.total_seconds(), set_at=real_now))
    return offset


async def rehearsal_offset(db: Db) -> timedelta | None:
    """What a rehearsal adds to real time; None where there is none."""
    row = (await db.exec(select(RehearsalClock))).first()
    return timedelta(seconds=row.offset_seconds) if row else None


async def follow_rehearsal(database: Database, clock: Clock) -> None:
    """This process lives by the clock that was set in another."""

    async def read() -> timedelta | None:
        async with database.reading() as db:
            return await rehearsal_offset(db)

    await clock.follow(read)
