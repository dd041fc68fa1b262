"""An event's key dates: added and changed, and shown at once. A new moment raises the SEQUENCE of its calendar entry."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import select

from conference.errors import NotFound
from conference.programme.rules import slug_of
from conference.programme.tables import Event, KeyDate
from conference.record.actions import note
from conference.storage.database import Db


async def key_date_at(db: Db, event: Event, slug: str) -> KeyDate:
    """Raises NotFound."""
    found = (await db.exec(select(KeyDate).where(KeyDate.event_id == event.id))).all()
    for one in found:
        if one.slug == slug:
            return one
    raise NotFound("There is no key date at this address.")


async def add_key_date(db: Db, event: Event, values: Mapping[str, Any], now: datetime, *, by: UUID | None = None) -> KeyDate:
    await db.refresh(event, with_for_update={"key_share": True})
    taken = set(await db.exec(select(KeyDate.slug).where(KeyDate.event_id == event.id)))
    made = KeyDate(event_id=event.id, slug=slug_of(values["title"], {"new", *taken}), made_at=now, modified_at=now, **values)
    db.add(made)
    return await _shown(db, event, made, "added", now, by)


async def change_key_date(
    db: Db, event: Event, one: KeyDate, values: Mapping[str, Any], now: datetime, *, by: UUID | None = None
) -> KeyDate | None:
    """None: it was so already."""
    await db.refresh(event, with_for_update={"key_share": True})
    await db.refresh(one)  # two who save at once take turns, and no SEQUENCE is given twice
    changed = {name: value for name, value in values.items() if getattr(one, name) != value}
    if not changed:
        return None
    for name, value in changed.items():
        setattr(one, name, value)
    one.sequence += bool(changed.keys() & {"at", "day"})
    one.modified_at = now
    return await _shown(db, event, one, "changed", now, by)


async def _shown(db: Db, event: Event, one: KeyDate, what: str, now: datetime, by: UUID | None) -> KeyDate:
    event.revision, event.modified_at = event.revision + 1, now
    note(db, f"key date {what}", f"key_date:{one.slug}", now, person_id=by, event_id=event.id)
    await db.flush()
    return one
