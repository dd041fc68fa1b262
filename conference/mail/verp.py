"""Addresses that say what comes back for which mail (pure): `bounces+b<code>@...`, and `+r` for answers to an invitation.

The code is the row's id and a signature of 40 bits, in letters that survive lower-casing: whoever invents one marks nobody's address.
"""

import base64
import hashlib
import hmac
from typing import Literal
from uuid import UUID

Kind = Literal["b", "r"]  # a mail that bounced, a reply to an invitation
SIGNED = 5  # bytes of signature
CODE = 1 + 34  # the kind, and 16 + SIGNED bytes in base 32


def return_address(base: str, secret: str, kind: Kind, subject: UUID) -> str:
    """`base` with the code in it: `bounces@example.org` becomes `bounces+bmfrgg...@example.org`."""
    local, _, domain = base.rpartition("@")
    code = base64.b32encode(subject.bytes + _signature(secret, kind, subject)).decode().rstrip("=").lower()
    return f"{local}+{kind}{code}@{domain}"


def subject_of(base: str, secret: str, address: str) -> tuple[Kind, UUID] | None:
    """What an address of ours is about; None for any other, or a forged one."""
    local, _, domain = base.lower().rpartition("@")
    given, _, where = address.strip().lower().rpartition("@")
    mine, _, code = given.partition("+")
    if (mine, where) != (local, domain) or len(code) != CODE or code[0] not in "br":
        return None
    try:
        decoded = base64.b32decode(code[1:].upper() + "=" * (-(len(code) - 1) % 8))
    except ValueError:
        return None
    kind: Kind = "b" if code[0] == "b" else "r"
    subject = UUID(bytes=decoded[:16])
    return (kind, subject) if hmac.compare_digest(decoded[16:], _signature(secret, kind, subject)) else None


def _signature(secret: str, kind: str, subject: UUID) -> bytes:
    return hmac.new(secret.encode(), f"return-address:{kind}:".encode() + subject.bytes, hashlib.sha256).digest()[:SIGNED]
