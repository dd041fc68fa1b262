"""Tokens by which a program reads its owner's own data."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from conference.storage.row import Row, json_column


class ApiToken(Row, table=True):
    """One program's way in (real time). The token is shown once and stored as its hash; `scopes` are words of `rules.Scope`."""

    __tablename__ = "api_token"
    __table_args__ = (CheckConstraint("expires_at > made_at", name="expires_after_it_was_made"),)

    person_id: UUID = Field(foreign_key="person.id", index=True)
    name: str = Field(max_length=80)
    token_hash: str = Field(unique=True, max_length=64)
    scopes: list[str] = Field(default_factory=list, sa_column=json_column())
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
