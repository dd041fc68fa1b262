"""The secret addresses of personal feeds, and what people want in theirs."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
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
    last_fetched_at: datetime | None = None  # real time, to the hour at best
    last_fetched_by: str = Field(default="", max_length=40)  # the family of the app: a word of ours, never of the request's


class FeedChoices(Row, table=True):
    """What one person wants in their own calendar. Without a row: what it holds anyway, and no alarms."""

    __tablename__ = "feed_choices"
    __table_args__ = (CheckConstraint("alarm_minutes IN (0, 10, 30)", name="alarm_minutes"),)

    person_id: UUID = Field(foreign_key="person.id", unique=True)
    alarm_minutes: int = 0  # before each session; 0: none
    alarm_changed_at: datetime | None = None
    moderated: bool = False  # with the sessions that they moderate
