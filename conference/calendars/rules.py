"""Addresses of feeds (pure): how a secret one is made, and whether a given one is right.

A token is derived and never stored, so that its owner can see the address again on a second device; the table has its hash only.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from conference.calendars.tables import FeedPurpose, FeedToken


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed's address in both spellings: to copy, and for apps that open `webcal:` links."""

    address: str
    webcal: str


def subscription(address: str) -> Subscription:
    return Subscription(address, urlsplit(address)._replace(scheme="webcal").geturl())


def derived_token(secret: str, person_id: UUID, purpose: FeedPurpose, generation: int) -> str:
    """256 bits in 43 letters: HMAC-SHA256 of whose feed it is, what for, and which of their addresses in turn."""
    whose = f"calendar feed|{person_id}|{purpose.value}|{generation}"
    return urlsafe_b64encode(hmac.digest(secret.encode(), whose.encode(), hashlib.sha256)).decode().rstrip("=")


def token_of(secret: str, row: FeedToken) -> str:
    return derived_token(secret, row.person_id, row.purpose, row.generation)


def is_token_of(secret: str, row: FeedToken, given: str) -> bool:
    """Compared in constant time. False too where the house has a new secret: then every address made with the old one is over."""
    return hmac.compare_digest(token_of(secret, row).encode(), given.encode())
