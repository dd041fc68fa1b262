"""How fast mail leaves one process: so many a minute in all, and to any one domain; a short burst goes at once (pure)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

BURST = 10  # seconds' worth that may go at once
KEPT = 10_000  # domains remembered


@dataclass(slots=True)
class Pace:
    """`may_go` counts what it lets through; `later` gives a moment of its own to each that has to wait."""

    per_minute: int
    per_domain: int
    _all: "datetime | None" = None
    _free: dict[str, datetime] = field(default_factory=dict)
    _tail: dict[str, datetime] = field(default_factory=dict)

    def may_go(self, domain: str, real_now: datetime) -> bool:
        whole = _after(self._all, self.per_minute, real_now)
        one = _after(self._free.get(domain), self.per_domain, real_now)
        if whole is None or one is None:
            return False
        self._all, self._free[domain] = whole, one
        self._forget(real_now)
        return True

    def later(self, domain: str, real_now: datetime) -> datetime:
        step = max(_step(self.per_minute), _step(self.per_domain))
        self._tail[domain] = max(self._tail.get(domain, real_now), real_now) + step
        return self._tail[domain]

    def _forget(self, real_now: datetime) -> None:
        if len(self._free) > KEPT:
            self._free = {domain: moment for domain, moment in self._free.items() if moment > real_now}
            self._tail = {domain: moment for domain, moment in self._tail.items() if moment > real_now}


def _step(per_minute: int) -> timedelta:
    return timedelta(minutes=1) / per_minute


def _after(free_at: datetime | None, per_minute: int, real_now: datetime) -> datetime | None:
    """When the next may go after one more now; None while that is too far ahead."""
    begins = max(free_at or real_now, real_now)
    burst = max(timedelta(seconds=BURST), _step(per_minute))
    moved = begins + _step(per_minute)
    return moved if moved - real_now <= burst else None
