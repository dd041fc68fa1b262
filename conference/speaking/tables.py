"""What speakers bring: how they show themselves, when they can, what they propose, what they leave to read; and how they were invited."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from conference.storage.row import Row, json_column, one_of


def _only_while(condition: str, name: str, *columns: str) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=text(condition), postgresql_where=text(condition))


class SpeakerProfile(Row, table=True):
    """What a speaker shows of themselves beside the biography; made when it is first needed. The photo's bytes are a file of its id."""

    __tablename__ = "speaker_profile"
    __table_args__ = (CheckConstraint("photo_id IS NOT NULL OR photo_alt = ''", name="words_of_a_photo"),)

    speaker_id: UUID = Field(foreign_key="speaker.id", ondelete="CASCADE", unique=True)
    pronouns: str = Field(default="", max_length=60)
    links: list[str] = Field(default_factory=list, sa_column=json_column())
    photo_id: UUID | None = None
    photo_alt: str = Field(default="", max_length=200)
    mailed_at: datetime | None = None  # real time: the last invitation or reminder


class SpeakerInvitation(Row, table=True):
    """One invitation by mail to be a speaker of the event. At most one is open for each; its times are real ones."""

    __tablename__ = "speaker_invitation"
    __table_args__ = (
        CheckConstraint("accepted_at IS NULL OR declined_at IS NULL", name="one_answer"),
        _only_while(
            "accepted_at IS NULL AND declined_at IS NULL AND withdrawn_at IS NULL", "uq_speaker_invitation_speaker_id_open", "speaker_id"
        ),
    )

    event_id: UUID = Field(foreign_key="event.id", index=True)
    speaker_id: UUID = Field(foreign_key="speaker.id", ondelete="CASCADE", index=True)
    email: str = Field(max_length=320)
    word: str = Field(default="", max_length=1000)  # of the organiser who invites
    by_id: UUID | None = None
    invited_at: datetime
    expires_at: datetime
    accepted_at: datetime | None = None
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)  # who accepted
    declined_at: datetime | None = None
    declined_word: str = Field(default="", max_length=500)
    withdrawn_at: datetime | None = None


class SpeakerTime(Row, table=True):
    """A span in which a speaker can speak. None at all: they have said nothing."""

    __tablename__ = "speaker_time"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_start"),)

    speaker_id: UUID = Field(foreign_key="speaker.id", ondelete="CASCADE", index=True)
    starts_at: datetime
    ends_at: datetime


class ProposalKind(StrEnum):
    text = "text"  # another title or abstract
    co_speaker = "co_speaker"  # somebody to speak too


OPEN = "decided_at IS NULL AND withdrawn_at IS NULL"


class TalkProposal(Row, table=True):
    """What a speaker proposes about a published session, until an organiser accepts or declines it. One text at a time for each session."""

    __tablename__ = "talk_proposal"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (accepted IS NULL)", name="decided_how"),
        CheckConstraint("decided_at IS NULL OR withdrawn_at IS NULL", name="one_end"),
        _only_while(f"kind = 'text' AND {OPEN}", "uq_talk_proposal_session_id_text", "session_id"),
        _only_while(f"kind = 'co_speaker' AND {OPEN}", "uq_talk_proposal_session_id_email", "session_id", "email"),
    )

    event_id: UUID = Field(foreign_key="event.id", index=True)
    session_id: UUID = Field(foreign_key="session.id", index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)  # who touched it last; None once forgotten
    kind: ProposalKind = Field(sa_column=one_of(ProposalKind, "proposal_kind"))
    title: str = Field(default="", max_length=200)
    abstract: str = ""
    base_title: str = Field(default="", max_length=200)  # as published when it was first proposed
    base_abstract: str = ""
    name: str = Field(default="", max_length=200)  # of a co-speaker
    email: str = Field(default="", max_length=320)  # folded
    word: str = Field(default="", max_length=500)  # to the organisers
    made_at: datetime
    modified_at: datetime
    withdrawn_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by_id: UUID | None = None
    accepted: bool | None = None
    reason: str = Field(default="", max_length=500)  # told to the speaker


class ResourceKind(StrEnum):
    link = "link"
    pdf = "pdf"
    odp = "odp"
    pptx = "pptx"
    zip = "zip"


class Audience(StrEnum):
    public = "public"
    registered = "registered"


class ShownFrom(StrEnum):
    at_once = "at_once"
    afterwards = "afterwards"  # once the session has ended


class TalkResource(Row, table=True):
    """Slides, a file or a link beside a session. A file's bytes are kept under its id."""

    __tablename__ = "talk_resource"
    __table_args__ = (
        CheckConstraint("(kind = 'link') = (url <> '')", name="a_link_has_an_address"),
        CheckConstraint("(kind = 'link') = (size = 0)", name="a_file_has_a_size"),
    )

    session_id: UUID = Field(foreign_key="session.id", index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    title: str = Field(max_length=200)
    kind: ResourceKind = Field(sa_column=one_of(ResourceKind, "resource_kind"))
    url: str = Field(default="", max_length=500)
    size: int = 0  # bytes
    audience: Audience = Field(sa_column=one_of(Audience, "audience"))
    shown_from: ShownFrom = Field(sa_column=one_of(ShownFrom, "shown_from"))
    made_at: datetime
