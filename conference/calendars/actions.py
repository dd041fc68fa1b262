"""Giving a person the secret address of their feed, and a new one in its place."""

from datetime import datetime

from conference.calendars.queries import feed_tokens_of, own_token
from conference.calendars.rules import derived_token
from conference.calendars.tables import FeedPurpose, FeedToken
from conference.people.rules import token_hash
from conference.people.tables import Person
from conference.record.actions import note
from conference.storage.database import Db


async def open_own_feed(db: Db, secret: str, person: Person, real_now: datetime) -> str:
    """The token of the person's feed: the one they have, or their first."""
    await db.refresh(person, with_for_update={"key_share": True})
    return await own_token(db, secret, person) or await _new_address(db, secret, person, real_now)


async def rotate_own_feed(db: Db, secret: str, person: Person, real_now: datetime) -> str:
    """A new token; the old address leads nowhere from now on."""
    await db.refresh(person, with_for_update={"key_share": True})
    return await _new_address(db, secret, person, real_now)


async def _new_address(db: Db, secret: str, person: Person, real_now: datetime) -> str:
    """Call it with the person's row locked: two at once would want the same generation."""
    purpose = FeedPurpose.own_sessions
    before = await feed_tokens_of(db, person, purpose)
    for row in before:
        row.revoked_at = row.revoked_at or real_now
    generation = before[0].generation + 1 if before else 1
    token = derived_token(secret, person.id, purpose, generation)
    db.add(FeedToken(person_id=person.id, purpose=purpose, generation=generation, token_hash=token_hash(token), made_at=real_now))
    await db.flush()
    note(db, "calendar address made", f"person:{person.id}", real_now, person_id=person.id, generation=generation)
    return token
