"""Who an event's mails say they come from."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.mail.tables import EventSender
from conference.storage.database import Db


async def sender_of(db: Db, event_id: UUID) -> EventSender | None:
    return (await db.exec(select(EventSender).where(EventSender.event_id == event_id))).first()


async def senders_of(db: Db, event_ids: Iterable[UUID | None]) -> dict[UUID, EventSender]:
    known = {event_id for event_id in event_ids if event_id}
    if not known:
        return {}
    return {row.event_id: row for row in await db.exec(select(EventSender).where(col(EventSender.event_id).in_(known)))}


async def set_sender(db: Db, event_id: UUID, name: str, reply_to: str, real_now: datetime) -> None:
    """Both checked already (`clean_name`, `clean_email`), or empty: the house's own."""
    row = await sender_of(db, event_id) or EventSender(event_id=event_id, modified_at=real_now)
    row.name, row.reply_to, row.modified_at = name, reply_to, real_now
    db.add(row)
    await db.flush()
