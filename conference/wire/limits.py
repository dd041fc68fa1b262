"""How much one socket, or one person by forms, may say (pure). Seconds come from the caller's monotonic clock."""

from collections import OrderedDict
from collections.abc import Hashable

MAX_MESSAGE = 64 * 1024  # bytes of one message
BURST = 20  # messages at once
PER_SECOND = 5.0  # messages in the long run
FORM_BURST = 60  # plain forms at once: a page that does not answer is sent again
STRIKES = 20  # refused messages before the socket is closed
FRAME_BURST = 400  # frames at once: a message may come in pieces
FRAMES_PER_SECOND = 50.0


class Bucket:
    """A token bucket: `burst` at once, `per_second` in the long run; `overdrawn` once `strikes` messages were refused without a pause."""

    __slots__ = ("_at", "_burst", "_per_second", "_refused", "_strikes", "_tokens")

    def __init__(self, now: float, burst: int = BURST, per_second: float = PER_SECOND, strikes: int = STRIKES) -> None:
        self._tokens = float(burst)
        self._burst, self._per_second, self._strikes = burst, per_second, strikes
        self._at = now
        self._refused = 0

    def take(self, now: float) -> bool:
        """Whether one more message is fine."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._per_second)
        self._at = now
        if self._tokens < 1:
            self._refused += 1
            return False
        self._tokens -= 1
        if self._tokens > self._burst / 2:
            self._refused = 0
        return True

    @property
    def overdrawn(self) -> bool:
        return self._refused >= self._strikes


class Buckets:
    """One bucket for each who comes; whoever has not come for longest is forgotten first."""

    def __init__(self, places: int = 10_000, burst: int = FORM_BURST, per_second: float = PER_SECOND) -> None:
        self._places, self._burst, self._per_second = places, burst, per_second
        self._buckets: OrderedDict[Hashable, Bucket] = OrderedDict()

    def take(self, who: Hashable, now: float) -> bool:
        """Whether one more is fine."""
        bucket = self._buckets.pop(who, None) or Bucket(now, self._burst, self._per_second)
        self._buckets[who] = bucket
        while len(self._buckets) > self._places:
            self._buckets.popitem(last=False)
        return bucket.take(now)
