"""What a session's speakers tell the moderators beforehand."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from conference.storage.row import Row, one_of


class Recording(StrEnum):
    """Whether a speaker agrees to be recorded."""

    not_said = "not_said"
    yes = "yes"
    no = "no"


class GreenRoomNote(Row, table=True):
    """One speaker's notes for one session: for its moderators and organisers, and for nobody else."""

    __tablename__ = "green_room_note"
    __table_args__ = (
        UniqueConstraint("session_id", "person_id"),
        CheckConstraint("(recording = 'not_said') = (recording_said_at IS NULL)", name="recording_said"),
    )

    session_id: UUID = Field(foreign_key="session.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    name_said: str = Field(default="", max_length=200)  # how the name is pronounced
    introduction: str = Field(default="", max_length=1000)  # for whoever introduces them
    recording: Recording = Field(default=Recording.not_said, sa_column=one_of(Recording, "recording"))
    recording_said_at: datetime | None = None  # when they agreed, or did not
    to_moderators: str = Field(default="", max_length=500)
    modified_at: datetime
