"""Looking after people on a stage: who asked for help, who is silenced, who shows that they are here."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from conference.storage.row import Row, one_of


class HelpKind(StrEnum):
    sound = "sound"
    picture = "picture"
    access = "access"
    conduct = "conduct"  # a report of how somebody behaves
    other = "other"


class HelpRequest(Row, table=True):
    """Somebody needs help, or reports something; seen by moderators and organisers alone."""

    __tablename__ = "help_request"

    event_id: UUID = Field(foreign_key="event.id", index=True)
    stage_id: UUID = Field(foreign_key="stage.id", index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    name: str = Field(max_length=200)
    kind: HelpKind = Field(sa_column=one_of(HelpKind, "help_kind"))
    text: str = Field(default="", max_length=500)
    about_id: UUID | None = None  # the question or chat message that is reported
    about_text: str = ""  # its words then
    at: datetime
    resolved_at: datetime | None = None
    resolved_by: str = Field(default="", max_length=200)
    done: str = Field(default="", max_length=300)  # what was done, as the person reads it


class Silence(Row, table=True):
    """Somebody may not ask and write at an event until a moment, or (a ban) not see its stages; with the reason they are told."""

    __table_args__ = (CheckConstraint("until > at", name="until"),)

    event_id: UUID = Field(foreign_key="event.id", index=True)
    stage_id: UUID = Field(foreign_key="stage.id", index=True)  # where it was said
    person_id: UUID = Field(foreign_key="person.id", index=True)
    name: str = Field(max_length=200)
    ban: bool = False
    reason: str = Field(max_length=300)
    moderator_id: UUID = Field(foreign_key="person.id")
    at: datetime
    until: datetime
    lifted_at: datetime | None = None


class ShownName(Row, table=True):
    """A person who lets the others at an event see that they are on its stages."""

    __tablename__ = "shown_name"
    __table_args__ = (UniqueConstraint("event_id", "person_id"),)

    event_id: UUID = Field(foreign_key="event.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    at: datetime
