"""What a client may ask of a stage: commands, in the imperative, closed.

The same client_id from the same person is one effect and the same answer, over socket and form alike.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

ClientId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Ask(Message):
    type: Literal["ask"] = "ask"
    client_id: ClientId
    text: str
    anonymous: bool = False  # to the public; moderators see who asks


class Upvote(Message):
    type: Literal["upvote"] = "upvote"
    client_id: ClientId
    question_id: UUID


class Approve(Message):
    type: Literal["approve"] = "approve"
    client_id: ClientId
    question_id: UUID


class Dismiss(Message):
    type: Literal["dismiss"] = "dismiss"
    client_id: ClientId
    question_id: UUID
    reason: str  # the author alone reads it


class MarkAnswered(Message):
    type: Literal["mark_answered"] = "mark_answered"
    client_id: ClientId
    question_id: UUID


class Archive(Message):
    type: Literal["archive"] = "archive"
    client_id: ClientId
    question_id: UUID


class Ping(Message):
    type: Literal["ping"] = "ping"
    client_id: ClientId


Moderation = Approve | Dismiss | MarkAnswered | Archive
Command = Ask | Upvote | Moderation
Heard = TypeAdapter[Command | Ping](Annotated[Command | Ping, Field(discriminator="type")])
