"""Feeds as bytes, kept until a revision moves: a poll is a look-up, and an edit costs only the entries that it changed."""

import asyncio
import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from conference.calendars.freshness import http_date
from conference.ics.calendar import Piece, assembled, piece_of
from conference.ics.entry import AllDay, Calendar, Entry

FEEDS = 2_000  # kept at a time, some 30 kB each
PIECES = 16_384  # VEVENTs kept at a time, some 2 kB each; people with the same sessions share them
T = TypeVar("T")


@dataclass(slots=True)
class BuiltFeed:
    body: bytes
    etag: str  # weak: compression makes other bytes of the same feed
    modified_at: datetime
    head: list[tuple[bytes, bytes]] = field(init=False)  # what says so in an answer
    _small: bytes = b""

    def __post_init__(self) -> None:
        self.head = [(b"etag", self.etag.encode()), (b"last-modified", http_date(self.modified_at).encode())]

    @property
    def small(self) -> bytes:
        """The body as gzip, made when it is first asked for."""
        if not self._small:
            self._small = gzip.compress(self.body, 6, mtime=0)
        return self._small


def build_feed(calendar: Calendar, pieces: Iterable[Piece], changed_at: datetime) -> BuiltFeed:
    """The feed in order of time. `changed_at` is when something else than an entry last changed, such as that one was taken out."""
    listed = list(pieces)
    body, tag = assembled(calendar, listed)
    return BuiltFeed(body, f'W/"{tag}"', max([changed_at, *(piece.modified_at for piece in listed)]))


def digest_of(said: tuple[object, ...]) -> bytes:
    """Facts to look up by, short. They must be of kinds whose `repr` tells them apart."""
    return hashlib.blake2b(repr(said).encode(), digest_size=16).digest()


class Pieces:
    """VEVENTs of one house by all that they are made of: whose facts are the same needs neither an entry nor its bytes."""

    def __init__(self, places: int = PIECES) -> None:
        self._kept: Kept[Piece] = Kept(places)

    def of(self, made_of: Hashable, entry: Callable[[], Entry | AllDay]) -> Piece:
        found = self._kept.find(made_of)
        return found if found is not None else self._kept.put(made_of, piece_of(entry()))


class Shelf(Generic[T]):
    """What was asked for last, each with the revision that it shows. Whoever asks while it is made waits for the same one."""

    def __init__(self, places: int = FEEDS) -> None:
        self._kept: Kept[tuple[Hashable, T]] = Kept(places)
        self._making: dict[tuple[Hashable, Hashable], asyncio.Task[T]] = {}

    def find(self, name: Hashable, revision: Hashable) -> T | None:
        """None where it is not here, or shows another revision."""
        kept = self._kept.find(name)
        return kept[1] if kept is not None and kept[0] == revision else None

    def put(self, name: Hashable, revision: Hashable, made: T) -> T:
        return self._kept.put(name, (revision, made))[1]

    async def get(self, name: Hashable, revision: Hashable, make: Callable[[], Awaitable[tuple[Hashable, T]]]) -> T:
        """What is here, or what `make` makes, with the revision that it really shows. Whoever goes away takes it from nobody."""
        found = self.find(name, revision)
        if found is not None:
            return found
        wanted = (name, revision)
        if wanted not in self._making:
            self._making[wanted] = asyncio.create_task(self._make(wanted, make))
        return await asyncio.shield(self._making[wanted])

    async def _make(self, wanted: tuple[Hashable, Hashable], make: Callable[[], Awaitable[tuple[Hashable, T]]]) -> T:
        try:
            revision, made = await make()
            return self.put(wanted[0], revision, made)
        finally:
            del self._making[wanted]


class Kept(Generic[T]):
    """So many things by name; the one that nobody asked for longest makes room."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._things: OrderedDict[Hashable, T] = OrderedDict()

    def find(self, name: Hashable) -> T | None:
        found = self._things.get(name)
        if found is not None:
            self._things.move_to_end(name)
        return found

    def put(self, name: Hashable, thing: T) -> T:
        self._things[name] = thing
        self._things.move_to_end(name)
        while len(self._things) > self._places:
            self._things.popitem(last=False)
        return thing
