"""The code of a place (pure): nobody can guess it, and it is worth nothing once the place is somebody else's."""

import hashlib
import hmac
from uuid import UUID

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no letter that reads as a digit
BYTES = 10  # 80 bits, 16 signs
LENGTH = BYTES * 8 // 5
GROUP = 4  # signs between two hyphens
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def code_of_place(secret: str, registration_id: UUID, person_id: UUID) -> str:
    """`7K2M-0QXV-9TCD-34HJ`: derived rather than stored. Another person's place has another code, even where it is the same row."""
    said = b"ticket:" + registration_id.bytes + person_id.bytes
    number = int.from_bytes(hmac.digest(secret.encode(), said, "sha256")[:BYTES])
    signs = "".join(SIGNS[(number >> shift) & 31] for shift in range(BYTES * 8 - 5, -1, -5))
    return "-".join(signs[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read_code(typed: str) -> str:
    """A code as somebody typed it, or a camera read it off a ticket's address; empty where it can't be one."""
    last = typed.strip().rstrip("/").rsplit("/", 1)[-1]
    signs = "".join(sign for sign in last.upper() if sign.isalnum()).translate(_READ_AS)
    if len(signs) != LENGTH or any(sign not in SIGNS for sign in signs):
        return ""
    return "-".join(signs[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def mark_of(event_slug: str, code: str) -> str:
    """What a phone at the door knows a code by while it has no line: whoever finds the phone can make no ticket of it."""
    return hashlib.sha256(f"door:{event_slug}:{code}".encode()).hexdigest()[:32]
