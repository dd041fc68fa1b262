"""Feeds as bytes, kept until a revision moves: a poll is a look-up, and an edit costs only the entries that it changed (pure)."""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache

from conference.ics.calendar import calendar_bytes, entry_bytes, is_local, zones_used
from conference.ics.entry import AllDay, Calendar, Entry

FEEDS = 2_000  # kept at a time, some 30 kB each
ENTRIES = 8_192  # VEVENTs kept at a time, some 1 kB each; people with the same sessions share them

_entry_bytes = lru_cache(maxsize=ENTRIES)(entry_bytes)


@dataclass(frozen=True, slots=True)
class BuiltFeed:
    body: bytes
    etag: str  # weak: compression makes other bytes of the same feed
    modified_at: datetime


def build_feed(calendar: Calendar, entries: Iterable[Entry | AllDay], changed_at: datetime) -> BuiltFeed:
    """The feed in order of time. `changed_at` is when something else than an entry last changed, such as that one was taken out."""
    listed = sorted(entries, key=_in_time)
    zones = zones_used(listed)
    body = calendar_bytes(calendar, zones, [_entry_bytes(entry, local=is_local(entry, zones)) for entry in listed])
    tag = hashlib.sha256(body).hexdigest()[:32]
    return BuiltFeed(body, f'W/"{tag}"', max([changed_at, *(entry.modified_at for entry in listed)]))


class Shelf:
    """The feeds that were asked for last, each with the revision that it shows."""

    def __init__(self, places: int = FEEDS) -> None:
        self._places = places
        self._feeds: OrderedDict[Hashable, tuple[Hashable, BuiltFeed]] = OrderedDict()

    def find(self, name: Hashable, revision: Hashable) -> BuiltFeed | None:
        """None where it is not here, or shows another revision."""
        kept = self._feeds.get(name)
        if kept is None or kept[0] != revision:
            return None
        self._feeds.move_to_end(name)
        return kept[1]

    def put(self, name: Hashable, revision: Hashable, feed: BuiltFeed) -> BuiltFeed:
        self._feeds[name] = (revision, feed)
        self._feeds.move_to_end(name)
        while len(self._feeds) > self._places:
            self._feeds.popitem(last=False)
        return feed


def _in_time(entry: Entry | AllDay) -> tuple[datetime, str]:
    return entry.starts_at if isinstance(entry, Entry) else datetime.combine(entry.first_day, time(), UTC), entry.uid
