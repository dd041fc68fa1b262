"""Before a place and beside it: who wants to know when registration opens, places handed on, places taken for a group."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from conference.storage.row import Row

OPEN_INVITATION = "accepted_at IS NULL AND declined_at IS NULL AND withdrawn_at IS NULL"


def _only_while(condition: str, name: str, *columns: str) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=text(condition), postgresql_where=text(condition))


class RegistrationChoices(Row, table=True):
    """What organisers chose about places at their event. No row: as the defaults here say."""

    __tablename__ = "registration_choices"
    __table_args__ = (CheckConstraint("group_limit >= 0", name="group_limit"),)

    event_id: UUID = Field(foreign_key="event.id", unique=True)
    group_limit: int = 0  # places that one institution may take at once; 0: none
    group_names_by: datetime | None = None  # places without a confirmed person go back then; None: when the event begins
    transfers_until: datetime | None = None  # None: until the event begins


class Interest(Row, table=True):
    """An address that is told once when registration opens. Counts once its owner opened the mailed link."""

    __table_args__ = (_only_while("left_at IS NULL", "uq_interest_event_id_email_key", "event_id", "email_key"),)

    event_id: UUID = Field(foreign_key="event.id")
    email: str = Field(max_length=320)
    email_key: str = Field(max_length=320, index=True)
    zone: str | None = Field(default=None, max_length=60)
    asked_at: datetime  # real time, of the newest asking
    confirmed_at: datetime | None = None
    told_at: datetime | None = None
    left_at: datetime | None = None


class GroupRegistration(Row, table=True):
    """Places that one person took for an institution. They are held back until each has a person; what has none goes back."""

    __tablename__ = "group_registration"
    __table_args__ = (
        CheckConstraint("places > 0", name="places"),
        _only_while("ended_at IS NULL", "uq_group_registration_event_id_contact_id", "event_id", "contact_id"),
    )

    event_id: UUID = Field(foreign_key="event.id")
    contact_id: UUID = Field(foreign_key="person.id", index=True)
    institution: str = Field(max_length=200)
    places: int
    kind_id: UUID | None = Field(default=None, foreign_key="ticket_kind.id")
    held_back_id: UUID | None = Field(default=None, foreign_key="held_back.id", unique=True)  # None: places are not limited
    names_by: datetime
    made_at: datetime
    ended_at: datetime | None = None  # what had no person then went back


class PlaceInvitation(Row, table=True):
    """A place offered by the person who has it, or by a group's contact, to one address: theirs when they accept."""

    __tablename__ = "place_invitation"
    __table_args__ = (
        CheckConstraint("(registration_id IS NULL) <> (group_id IS NULL)", name="one_giver"),
        CheckConstraint("accepted_at IS NULL OR declined_at IS NULL", name="one_answer"),
        _only_while(OPEN_INVITATION, "uq_place_invitation_registration_id_open", "registration_id"),
        _only_while(f"group_id IS NOT NULL AND {OPEN_INVITATION}", "uq_place_invitation_group_id_email_key_open", "group_id", "email_key"),
    )

    event_id: UUID = Field(foreign_key="event.id", index=True)
    registration_id: UUID | None = Field(default=None, foreign_key="registration.id")  # whose place it is until then
    group_id: UUID | None = Field(default=None, foreign_key="group_registration.id", index=True)
    by_id: UUID = Field(foreign_key="person.id")
    name: str = Field(max_length=200)
    email: str = Field(max_length=320)
    email_key: str = Field(max_length=320, index=True)
    offered_at: datetime
    expires_at: datetime  # the domain's time
    accepted_at: datetime | None = None
    declined_at: datetime | None = None
    withdrawn_at: datetime | None = None
    got_id: UUID | None = Field(default=None, foreign_key="registration.id", unique=True)  # the registration that came of it


class CodeTry(Row, table=True):
    """Somebody tried a code that opens nothing."""

    __tablename__ = "code_try"
    __table_args__ = (Index("ix_code_try_who_at", "who", "at"),)

    event_id: UUID = Field(foreign_key="event.id")
    who: str = Field(max_length=64)  # a person, or a network, hashed
    at: datetime  # real time
