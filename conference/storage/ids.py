"""Ids that sort by the moment they were made (RFC 9562, UUID version 7), so that a row has one before it is stored."""

import secrets
import threading
import time
from datetime import datetime
from uuid import UUID

_VERSION, _VARIANT = 0x7, 0b10
_RANDOM = 74  # bits
_BACK = 1_000  # milliseconds that the machine's clock may jump back without any id being smaller than the one before
_STEP = 40  # bits: how far apart, by chance, two of one millisecond are at most
_lock = threading.Lock()
_last = 0  # the milliseconds and the random bits of the newest


def new_id() -> UUID:
    """48 bits of Unix milliseconds, then 74 random bits; of two that one process makes the later is greater (RFC 9562, 6.2, method 2)."""
    global _last
    with _lock:
        milliseconds = time.time_ns() // 1_000_000
        newest = (milliseconds << _RANDOM) | secrets.randbits(_RANDOM)
        if newest <= _last and (_last >> _RANDOM) - milliseconds < _BACK:
            newest = _last + 1 + secrets.randbits(_STEP)
        _last = newest
    milliseconds, random = newest >> _RANDOM, newest & ((1 << _RANDOM) - 1)
    return UUID(int=(milliseconds << 80) | (_VERSION << 76) | ((random >> 62) << 64) | (_VARIANT << 62) | (random & ((1 << 62) - 1)))


def first_id_at(moment: datetime) -> UUID:
    """No id made at this moment (real time) or later is smaller."""
    return UUID(int=(int(moment.timestamp() * 1000) << 80) | (_VERSION << 76) | (_VARIANT << 62))
