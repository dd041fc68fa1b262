"""What stands on an event's papers, as an organiser says it. Papers that were issued keep what stood on them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from conference.papers.queries import head_of
from conference.papers.tables import PaperHead
from conference.programme.tables import Event
from conference.record.actions import note
from conference.storage.database import Db


async def save_head(db: Db, event: Event, fields: Mapping[str, Any], now: datetime, *, by: UUID | None = None) -> PaperHead:
    """`fields`: those of PaperHead, without its ids."""
    head = await head_of(db, event.id)
    if head is None:
        head = PaperHead(event_id=event.id, **fields)
        db.add(head)
    else:
        for name, value in fields.items():
            setattr(head, name, value)
    await db.flush()
    note(db, "papers' head changed", f"event:{event.id}", now, person_id=by, event_id=event.id)
    return head
