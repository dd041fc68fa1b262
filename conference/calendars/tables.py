"""The secret addresses of personal feeds."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from conference.storage.row import Row, one_of


class FeedPurpose(StrEnum):
    own_sessions = "own_sessions"


class FeedToken(Row, table=True):
    """One person's feed for one purpose. The token is derived (HMAC of person, purpose, generation), stored as its hash."""

    __tablename__ = "feed_token"
    __table_args__ = (UniqueConstraint("person_id", "purpose", "generation"),)

    person_id: UUID = Field(foreign_key="person.id")
    purpose: FeedPurpose = Field(sa_column=one_of(FeedPurpose, "feed_purpose"))
    generation: int
    token_hash: str = Field(unique=True, max_length=64)
    made_at: datetime
    revoked_at: datetime | None = None
