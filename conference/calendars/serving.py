"""Feeds as they are handed out: found by a revision held in memory, or made once for everybody who waits."""

from collections.abc import Hashable
from uuid import UUID

from conference.calendars.own import own_feed
from conference.calendars.parts import Part, Published
from conference.calendars.public import public_feed
from conference.calendars.queries import Asked, feed_asked, mine_of, published_of
from conference.calendars.shelves import BuiltFeed, Pieces, Shelf
from conference.programme.entry import Origin
from conference.programme.queries import event_at
from conference.programme.revisions import Known, Revisions
from conference.programme.tables import Event
from conference.storage.database import Database

PROGRAMMES = 100  # events whose programme is held at a time
PARTS = 1_000  # feeds of parts: whoever asks for thousands pushes out no whole ones
WHOLE = Part()


class Feeds:
    """All feeds of one process. What it holds are rows to be read only, and bytes."""

    def __init__(self, database: Database, revisions: Revisions, origin: Origin, secret: str, zone: str) -> None:
        self._database, self._revisions = database, revisions
        self.origin, self._secret, self._zone = origin, secret, zone
        self._pieces = Pieces()
        self._programmes: Shelf[Published] = Shelf(PROGRAMMES)
        self._whole, self._parts, self._own = Shelf[BuiltFeed](PROGRAMMES), Shelf[BuiltFeed](PARTS), Shelf[BuiltFeed]()

    async def public(self, slug: str, part: Part = WHOLE) -> BuiltFeed:
        """An event's feed, or that of a part. Raises NotFound, and Invalid for a filter that means nothing there."""
        known = await self._revisions.at(slug) or await self._new_event(slug)
        shelf, name = (self._whole, slug) if part is WHOLE else (self._parts, (slug, part))

        async def make() -> tuple[Hashable, BuiltFeed]:
            published = await self._programme(known.event_id, known.revision)
            return published.event.revision, public_feed(part, published, self.origin, self._pieces)

        return await shelf.get(name, known.revision, make)

    async def published(self, slug: str) -> Published:
        """The event's programme as its feeds have it. Raises NotFound."""
        known = await self._revisions.at(slug) or await self._new_event(slug)
        return await self._programme(known.event_id, known.revision)

    async def own(self, token: str) -> tuple[Asked, BuiltFeed]:
        """Somebody's own feed. Raises NotFound for an address that nobody has."""
        async with self._database.reading() as db:
            asked = await feed_asked(db, self._secret, token)

        async def make() -> tuple[Hashable, BuiltFeed]:
            async with self._database.reading() as db:
                mine, events = await mine_of(db, asked.person_id, asked.made_at, self._zone)
            programmes = [await self._programme(event_id, revision) for event_id, revision in events.items()]
            return asked.revision, own_feed(mine, programmes, self.origin, self._pieces)

        return asked, await self._own.get(asked.token_id, asked.revision, make)

    async def _programme(self, event_id: UUID, revision: int) -> Published:
        """The event's programme at this revision, or a later one. Call it outside of a transaction: it opens one of its own."""

        async def make() -> tuple[Hashable, Published]:
            async with self._database.reading() as db:
                published = await published_of(db, await db.get_one(Event, event_id))
            return published.event.revision, published

        return await self._programmes.get(event_id, revision, make)

    async def _new_event(self, slug: str) -> Known:
        """One that is younger than the last look, or none: raises NotFound."""
        async with self._database.reading() as db:
            event = await event_at(db, slug)
        return Known(event.id, event.revision)
