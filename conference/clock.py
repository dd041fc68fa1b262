"""One clock for all: real, or moved for a rehearsal.

What the domain knows (openings, deadlines, now and next, when something was edited) asks `now`; what guards the house
(sign-ins, links, limits, mail retries, ids, logs) asks `real_now`.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

YEARS = range(1971, 2201)  # that clocks and calendars agree on: a rehearsal goes no further


class Clock:
    """The house's clock; `offset` is what a rehearsal adds to real time, None when there is no rehearsal."""

    def __init__(self, offset: timedelta | None = None) -> None:
        self._offset, self._times_set = offset, 0

    @property
    def offset(self) -> timedelta | None:
        return self._offset

    @offset.setter
    def offset(self, offset: timedelta | None) -> None:
        self._offset = offset
        self._times_set += 1

    @property
    def rehearsing(self) -> bool:
        return self.offset is not None

    async def follow(self, read: Callable[[], Awaitable[timedelta | None]]) -> None:
        """Set it to what all processes keep. What was read while somebody set it here may be older than that: it is read again."""
        while True:
            times = self._times_set
            offset = await read()
            if self._times_set == times:
                self.offset = offset
                return

    def real_now(self) -> datetime:
        return datetime.now(UTC)

    def now(self) -> datetime:
        return self.real_now() + (self.offset or timedelta())
