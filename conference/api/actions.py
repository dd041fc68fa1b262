"""Making a token, revoking it, noting that it was used. All in real time: tokens guard the house."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select, update

from conference.api.queries import tokens_of
from conference.api.rules import PREFIX, Scope, check_not_too_many, works
from conference.api.tables import ApiToken
from conference.errors import NotFound
from conference.people.rules import new_token, token_hash
from conference.people.tables import Person
from conference.record.actions import note
from conference.storage.database import Db


async def make_token(db: Db, person: Person, name: str, scopes: Collection[Scope], lasts: timedelta, real_now: datetime) -> str:
    """The token itself: nobody can see it again. Raises Conflict where the person has too many."""
    await db.refresh(person, with_for_update={"key_share": True})
    check_not_too_many(sum(works(row, real_now) for row in await tokens_of(db, person)))
    token = PREFIX + new_token()
    words = [scope.value for scope in Scope if scope in scopes]
    row = ApiToken(
        person_id=person.id, name=name, token_hash=token_hash(token), scopes=words, made_at=real_now, expires_at=real_now + lasts
    )
    db.add(row)
    await db.flush()
    note(db, "token made", f"token:{row.id}", real_now, person_id=person.id, scopes=words)
    return token


async def revoke_token(db: Db, person: Person, token_id: UUID, real_now: datetime) -> ApiToken:
    """It stops working at once; twice is once. Raises NotFound for what is not this person's."""
    mine = select(ApiToken).where(ApiToken.id == token_id, ApiToken.person_id == person.id)
    row = (await db.exec(mine.with_for_update(key_share=True))).first()
    if row is None:
        raise NotFound("You have no such token.")
    if row.revoked_at is None:
        row.revoked_at = real_now
        note(db, "token revoked", f"token:{row.id}", real_now, person_id=person.id)
    return row


async def note_use(db: Db, token: ApiToken, real_now: datetime) -> None:
    await db.exec(update(ApiToken).where(col(ApiToken.id) == token.id).values(last_used_at=real_now))
