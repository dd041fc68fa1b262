"""Persons, the links they sign in with, their sign-ins and their roles."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from conference.storage.row import Row, one_of


class RoleKind(StrEnum):
    organiser = "organiser"
    moderator = "moderator"
    speaker = "speaker"
    assessor = "assessor"  # sits on a selection panel
    door = "door"  # checks people in
    catering = "catering"  # knows who eats what
    access = "access"  # knows who needs what to take part


class LinkPurpose(StrEnum):
    sign_in = "sign_in"
    registration = "registration"


class Person(Row, table=True):
    """Somebody with an e-mail address. Names are shown as they were typed."""

    email: str = Field(max_length=320)
    email_key: str = Field(max_length=320, unique=True)  # the address as it is compared
    name: str = Field(max_length=200)
    country: str | None = Field(default=None, max_length=2)  # ISO 3166-1
    zone: str | None = Field(default=None, max_length=60)  # IANA
    language: str = Field(default="en", max_length=20)
    organisation: str = Field(default="", max_length=200)
    robot_of: UUID | None = Field(default=None, index=True)  # the event whose rehearsal this robot is for; None: a person
    made_at: datetime
    seen_at: datetime | None = None  # real time, to the day
    erased_at: datetime | None = None  # real time; then nothing here leads to anybody


class MailedLink(Row, table=True):
    """A link in a mail that works once, by POST, for a while (real time)."""

    __tablename__ = "mailed_link"

    person_id: UUID = Field(foreign_key="person.id", index=True)
    purpose: LinkPurpose = Field(sa_column=one_of(LinkPurpose, "link_purpose"))
    subject_id: UUID | None = None  # what it confirms, where it confirms something
    next_path: str = Field(default="/me", max_length=500)
    name: str = Field(default="", max_length=200)  # as typed with what it confirms: nobody else's words become the person's name
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class SignIn(Row, table=True):
    """One device that is signed in; the cookie's token is stored as its hash (real time)."""

    __tablename__ = "sign_in"

    person_id: UUID = Field(foreign_key="person.id", index=True)
    token_hash: str = Field(unique=True, max_length=64)
    device: str = Field(default="", max_length=60)  # which kind: a word of ours, never of the request's
    made_at: datetime
    expires_at: datetime
    seen_at: datetime | None = None  # to the day
    ended_at: datetime | None = None


class Password(Row, table=True):
    """Somebody's password. A table of its own, so that no page which shows a person has read it."""

    person_id: UUID = Field(foreign_key="person.id", unique=True)
    hash: str = Field(max_length=200)
    set_at: datetime  # real time


class PasswordTry(Row, table=True):
    """A password that is being tried, or was wrong; one that was right is gone again. When: its id says."""

    __tablename__ = "password_try"

    account: str = Field(index=True, max_length=64)  # the address as a hash, whether or not anybody has it
    network: str = Field(index=True, max_length=60)


class AddressChange(Row, table=True):
    """A new e-mail address, until the link that went there is used (real time)."""

    __tablename__ = "address_change"

    person_id: UUID = Field(foreign_key="person.id", index=True)
    email: str = Field(max_length=320)
    token_hash: str = Field(unique=True, max_length=64)
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class ConsentPurpose(StrEnum):
    participant_list = "participant_list"
    photos = "photos"
    follow_up = "follow_up"


class Consent(Row, table=True):
    """That somebody agreed to something at an event, in the words of that version; taken back, it has ended (real time)."""

    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= given_at", name="ended_after_given"),
        Index(
            "uq_consent_person_event_purpose",
            "person_id",
            "event_id",
            "purpose",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    person_id: UUID = Field(foreign_key="person.id")
    event_id: UUID = Field(index=True)  # a bare id, as a role's
    purpose: ConsentPurpose = Field(sa_column=one_of(ConsentPurpose, "consent_purpose"))
    wording: int  # the version of the words that they read
    given_at: datetime
    ended_at: datetime | None = None


class Role(Row, table=True):
    """What somebody may do at one event (a bare id: events are above people)."""

    __table_args__ = (
        Index(
            "uq_role_person_event_kind",
            "person_id",
            "event_id",
            "kind",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    person_id: UUID = Field(foreign_key="person.id", index=True)
    event_id: UUID = Field(index=True)
    kind: RoleKind = Field(sa_column=one_of(RoleKind, "role_kind"))
    granted_at: datetime
    ended_at: datetime | None = None
