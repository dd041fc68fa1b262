"""What is said on a stage besides questions: chat, captions, cues for speakers, announcements."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from conference.storage.row import Row


class ChatMessage(Row, table=True):
    __tablename__ = "chat_message"

    stage_id: UUID = Field(foreign_key="stage.id", index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    author: str = Field(max_length=200)
    text: str
    reply_id: UUID | None = Field(default=None, foreign_key="chat_message.id")
    said_at: datetime
    flag: str = Field(default="", max_length=80)  # the held word that is in it
    shown_at: datetime | None = None  # None: a moderator has not let it through
    deleted_at: datetime | None = None


class CaptionLine(Row, table=True):
    """A line of what is being said, typed while it is said."""

    __tablename__ = "caption_line"

    stage_id: UUID = Field(foreign_key="stage.id", index=True)
    text: str = Field(max_length=300)
    at: datetime


class Cue(Row, table=True):
    """A few words from a moderator to the session's speakers alone."""

    stage_id: UUID = Field(foreign_key="stage.id", index=True)
    person_id: UUID = Field(foreign_key="person.id")
    text: str = Field(max_length=200)
    at: datetime


class Announcement(Row, table=True):
    """To one stage, or to all stages of an event, until it ends."""

    event_id: UUID = Field(foreign_key="event.id", index=True)
    session_id: UUID | None = Field(default=None, foreign_key="session.id")  # None: the whole event
    person_id: UUID = Field(foreign_key="person.id")
    text: str = Field(max_length=300)
    at: datetime
    until: datetime
    ended_at: datetime | None = None
