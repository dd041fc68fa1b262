"""Ids that sort by the moment they were made (RFC 9562, UUID version 7), so that a row has one before it is stored."""

import secrets
import time
from datetime import datetime
from uuid import UUID

_VERSION, _VARIANT = 0x7, 0b10


def new_id() -> UUID:
    """48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    return UUID(int=(milliseconds << 80) | (_VERSION << 76) | ((random >> 62) << 64) | (_VARIANT << 62) | (random & ((1 << 62) - 1)))


def first_id_at(moment: datetime) -> UUID:
    """No id made at this moment (real time) or later is smaller."""
    return UUID(int=(int(moment.timestamp() * 1000) << 80) | (_VERSION << 76) | (_VARIANT << 62))
