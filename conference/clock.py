"""One clock for all: real, or moved for a rehearsal.

What the domain knows (openings, deadlines, now and next, when something was edited) asks `now`; what guards the house
(sign-ins, links, limits, mail retries, ids, logs) asks `real_now`.
"""

from datetime import UTC, datetime, timedelta

YEARS = range(1971, 2201)  # that clocks and calendars agree on: a rehearsal goes no further


class Clock:
    """The house's clock; `offset` is what a rehearsal adds to real time, None when there is no rehearsal."""

    def __init__(self, offset: timedelta | None = None) -> None:
        self.offset = offset

    @property
    def rehearsing(self) -> bool:
        return self.offset is not None

    def real_now(self) -> datetime:
        return datetime.now(UTC)

    def now(self) -> datetime:
        return self.real_now() + (self.offset or timedelta())
