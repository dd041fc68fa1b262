"""The secret address of a person's feed: giving it, a new one in its place, taking it back; and what they want in the feed."""

from datetime import datetime
from uuid import UUID

from conference.calendars.queries import choices_of, feed_tokens_of, own_token
from conference.calendars.rules import check_alarm, derived_token, is_worth_noting
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


async def revoke_own_feed(db: Db, person: Person, real_now: datetime) -> bool:
    """The address leads nowhere from now on, and there is no other; False where there was none."""
    await db.refresh(person, with_for_update={"key_share": True})
    live = [row for row in await feed_tokens_of(db, person, FeedPurpose.own_sessions) if row.revoked_at is None]
    for row in live:
        row.revoked_at = real_now
        note(db, "calendar address revoked", f"person:{person.id}", real_now, person_id=person.id, generation=row.generation)
    return bool(live)


async def choose_for_feed(db: Db, person: Person, alarm_minutes: int, *, moderated: bool, now: datetime) -> None:
    """What the person wants in their calendar. `alarm_minutes`: 0, 10 or 30."""
    check_alarm(alarm_minutes)
    await db.refresh(person, with_for_update={"key_share": True})
    choices = await choices_of(db, person.id)
    if choices.alarm_minutes != alarm_minutes:
        choices.alarm_minutes, choices.alarm_changed_at = alarm_minutes, now
    choices.moderated = moderated
    db.add(choices)
    await db.flush()


async def note_fetch(db: Db, token_id: UUID, by: str, real_now: datetime) -> None:
    """An app has read the feed. Two that read at once are noted once."""
    row = await db.get_one(FeedToken, token_id, with_for_update={"key_share": True})
    if is_worth_noting(row.last_fetched_at, real_now):
        row.last_fetched_at, row.last_fetched_by = real_now, by


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
