"""Meetings: the service that an event's sessions meet on, each session's room there, and its breakout groups."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from conference.storage.row import Row, one_of


class ServiceKind(StrEnum):
    jitsi = "jitsi"
    bigbluebutton = "bigbluebutton"


class MeetingService(Row, table=True):
    """Where the sessions of an event meet."""

    __tablename__ = "meeting_service"

    event_id: UUID = Field(foreign_key="event.id", unique=True)
    kind: ServiceKind = Field(sa_column=one_of(ServiceKind, "meeting_service_kind"))
    address: str = Field(max_length=300)  # without a slash at its end
    application: str = Field(default="", max_length=100)  # Jitsi's application id
    made_at: datetime
    modified_at: datetime


class MeetingSecret(Row, table=True):
    """What links are signed with. A table of its own, so that no page which shows a service has read it."""

    __tablename__ = "meeting_secret"

    service_id: UUID = Field(foreign_key="meeting_service.id", unique=True)
    secret: str = Field(max_length=200)
    set_at: datetime


class Meeting(Row, table=True):
    """A session that meets on its event's service. Its groups are open from one moment until the other; without a second, open end."""

    __table_args__ = (CheckConstraint("groups_end_at IS NULL OR groups_end_at >= groups_opened_at", name="groups_end_after_opening"),)

    session_id: UUID = Field(foreign_key="session.id", unique=True)
    room: str = Field(max_length=80, unique=True)  # lower case, and nobody can guess it
    made_at: datetime
    groups_opened_at: datetime | None = None
    groups_end_at: datetime | None = None  # then everybody is back in the plenary


class MeetingGroup(Row, table=True):
    """A breakout group of a meeting, with a room of its own."""

    __tablename__ = "meeting_group"
    __table_args__ = (
        UniqueConstraint("meeting_id", "position"),
        UniqueConstraint("id", "meeting_id"),  # what a member's row refers to
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
    )

    meeting_id: UUID = Field(foreign_key="meeting.id", index=True)
    position: int
    name: str = Field(max_length=60)
    room: str = Field(max_length=100, unique=True)
    capacity: int | None = None  # for those who choose, and for a draw


class GroupMember(Row, table=True):
    """Who belongs to which group: in one meeting, a person is in one at a time."""

    __tablename__ = "group_member"
    __table_args__ = (
        UniqueConstraint("meeting_id", "person_id"),
        ForeignKeyConstraint(["group_id", "meeting_id"], ["meeting_group.id", "meeting_group.meeting_id"]),
    )

    meeting_id: UUID
    group_id: UUID = Field(index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    joined_at: datetime
