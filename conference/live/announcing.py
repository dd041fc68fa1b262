"""What is announced on which stage now. All of it is told anew whenever it changes: nothing can be missed for long."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from conference.live.shapes import AnnouncementShown
from conference.live.talk_tables import Announcement
from conference.storage.database import Db

Shown = tuple[AnnouncementShown, ...]


class Announced:
    """What this process told its stages last."""

    def __init__(self) -> None:
        self._told: dict[UUID, Shown] = {}

    def on(self, session_id: UUID) -> Shown | None:
        """None: not looked at yet."""
        return self._told.get(session_id)

    async def learn(self, db: Db, session_id: UUID, event_id: UUID, now: datetime) -> None:
        """A stage that nobody listened to yet; what changed on the others is still news."""
        self._told |= await announcements_on(db, {session_id: event_id}, now)

    async def news(self, db: Db, stages: Mapping[UUID, UUID], now: datetime) -> dict[UUID, Shown]:
        """The stages (session: its event) where something else is announced than was told last; from now on that counts as told."""
        found = await announcements_on(db, stages, now)
        changed = {session_id: shown for session_id, shown in found.items() if self._told.get(session_id, ()) != shown}
        self._told = {session_id: shown for session_id, shown in self._told.items() if session_id in stages} | found
        return changed


async def announcements_on(db: Db, stages: Mapping[UUID, UUID], now: datetime) -> dict[UUID, Shown]:
    """What is announced on each of these stages (session: its event), oldest first."""
    found = select(Announcement).where(col(Announcement.event_id).in_(set(stages.values())), *holds_at(now))
    rows = (await db.exec(found.order_by(col(Announcement.at), col(Announcement.id)))).all()
    return {
        session_id: tuple(
            AnnouncementShown(id=row.id, text=row.text, at=row.at, until=row.until)
            for row in rows
            if row.event_id == event_id and row.session_id in (None, session_id)
        )
        for session_id, event_id in stages.items()
    }


def holds_at(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What is true of a row that is announced at this moment."""
    return (col(Announcement.at) <= now, col(Announcement.until) > now, col(Announcement.ended_at).is_(None))
