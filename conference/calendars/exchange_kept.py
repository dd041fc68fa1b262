"""Schedule files as bytes, kept until the programme's revision moves (pure)."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from conference.tags import tag_of

PLACES = 200  # files kept at a time, some 50 kB each


@dataclass(frozen=True, slots=True)
class BuiltSchedule:
    body: bytes
    etag: str  # weak: compression makes other bytes of the same file
    modified_at: datetime


class Schedules:
    """The files that were asked for last, by event and kind, each with the revision that it shows."""

    def __init__(self, places: int = PLACES) -> None:
        self._places = places
        self._kept: OrderedDict[tuple[UUID, str], tuple[int, BuiltSchedule]] = OrderedDict()

    def find(self, event_id: UUID, kind: str, revision: int) -> BuiltSchedule | None:
        """None where it is not here, or shows another revision."""
        kept = self._kept.get((event_id, kind))
        if kept is None or kept[0] != revision:
            return None
        self._kept.move_to_end((event_id, kind))
        return kept[1]

    def put(self, event_id: UUID, kind: str, revision: int, body: bytes, modified_at: datetime) -> BuiltSchedule:
        built = BuiltSchedule(body, tag_of(body), modified_at)
        self._kept[event_id, kind] = (revision, built)
        self._kept.move_to_end((event_id, kind))
        while len(self._kept) > self._places:
            self._kept.popitem(last=False)
        return built
