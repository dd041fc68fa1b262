"""Each event's revision, held in memory: what is kept per revision is found without a question to the database.

Whoever moves a revision in this process is heard the moment it is committed, other processes by the post, and whatever both miss by
a look into the database once a second, made only while somebody asks. A revision never falls.
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import event as sql_event
from sqlalchemy.orm import object_session
from sqlmodel import select

from conference.broker import Broker, Parcel
from conference.programme.tables import Event
from conference.storage.database import Database

TOPIC = "revision"
FRESH = 1.0  # seconds for which a look into the database holds
_MOVED = "revisions moved"  # where a transaction notes them


@dataclass(frozen=True, slots=True)
class Known:
    """An event at one of its revisions."""

    event_id: UUID
    revision: int


class Revisions:
    """All events of the house, by their slugs. It belongs to one event loop."""

    def __init__(self, database: Database, broker: Broker) -> None:
        self._database, self._broker = database, broker
        self._events: dict[str, Known] = {}  # by slug
        self._revisions: dict[UUID, int] = {}
        self._looked_at = float("-inf")  # on the loop's clock
        self._look: asyncio.Task[None] | None = None
        database.listen(self._committed)
        broker.listen(self._hear, lambda works: None)

    async def at(self, slug: str) -> Known | None:
        """The event with this slug, as it is now in this process and was at most a second ago in others."""
        if asyncio.get_running_loop().time() - self._looked_at > FRESH:
            await self._refresh()
        return self._events.get(slug)

    async def _refresh(self) -> None:
        """Whoever needs a look while one is made shares it; one who goes away takes it from nobody."""
        if self._look is None:
            self._look = asyncio.create_task(self._read())
        await asyncio.shield(self._look)

    async def _read(self) -> None:
        began = asyncio.get_running_loop().time()
        try:
            async with self._database.reading() as db:
                rows = (await db.exec(select(Event.slug, Event.id, Event.revision))).all()
        finally:
            self._look = None
        for _, event_id, revision in rows:
            self._revisions[event_id] = max(revision, self._revisions.get(event_id, revision))
        self._events = {slug: Known(event_id, self._revisions[event_id]) for slug, event_id, _ in rows}
        self._looked_at = began

    def _committed(self, notes: Mapping[Any, Any]) -> None:
        for event_id, revision in notes.get(_MOVED, {}).items():
            self._rise(event_id, revision)
            self._broker.send(Parcel(TOPIC, None, json.dumps([str(event_id), revision])))

    def _hear(self, parcel: Parcel) -> None:
        if parcel.topic == TOPIC:
            with suppress(ValueError):  # not of our making
                event_id, revision = json.loads(parcel.text)
                self._rise(UUID(event_id), int(revision))

    def _rise(self, event_id: UUID, revision: int) -> None:
        if revision > self._revisions.get(event_id, -1):
            self._revisions[event_id] = revision
            self._events = {slug: Known(event_id, revision) if one.event_id == event_id else one for slug, one in self._events.items()}


@sql_event.listens_for(Event, "after_update")
def _note_move(mapper: object, connection: object, event: Event) -> None:
    """Whatever moves it, the transaction remembers: `Database.writing` tells its listeners once it is committed."""
    if session := object_session(event):
        session.info.setdefault(_MOVED, {})[event.id] = event.revision
