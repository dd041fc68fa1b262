"""Notices: the news of a mail in the page, for those who don't read mail; shown until they are read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from conference.mail.tables import Notice
from conference.storage.database import Db

SHOWN = 20


def leave_notice(
    db: Db,
    person_id: UUID,
    kind: str,
    path: str,
    facts: dict[str, Any],
    real_now: datetime,
    *,
    event_id: UUID | None = None,
    dedupe_key: str | None = None,
) -> None:
    """One notice, in the caller's transaction. Facts are JSON, as a mail's."""
    db.add(Notice(person_id=person_id, event_id=event_id, kind=kind, facts=facts, path=path, dedupe_key=dedupe_key, made_at=real_now))


async def unread_notices(db: Db, person_id: UUID) -> Sequence[Notice]:
    """The newest first."""
    mine = select(Notice).where(Notice.person_id == person_id, col(Notice.read_at).is_(None))
    return (await db.exec(mine.order_by(col(Notice.id).desc()).limit(SHOWN))).all()


async def mark_read(db: Db, person_id: UUID, up_to: UUID, real_now: datetime) -> None:
    """All of the person's up to the one that was the newest on the page: what came since stays."""
    mine = (col(Notice.person_id) == person_id, col(Notice.read_at).is_(None), col(Notice.id) <= up_to)
    await db.exec(update(Notice).where(*mine).values(read_at=real_now))
