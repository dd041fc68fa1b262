"""Places: registrations, seats in sessions, waiting lists, and the pools that both take from."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from conference.storage.row import Row


class RegistrationState(StrEnum):
    """Computed from a registration's facts, never stored."""

    pending = "pending"
    confirmed = "confirmed"
    cancelled = "cancelled"


def _only_while(condition: str, name: str, *columns: str) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=text(condition), postgresql_where=text(condition))


class CapacityPool(Row, table=True):
    """A number of places and how many of them are taken. The database refuses one too many.

    A pool with a session holds its seats; the one without holds the event's places. No pool: no limit.
    """

    __tablename__ = "capacity_pool"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= capacity", name="never_one_too_many"),
        _only_while("session_id IS NULL", "uq_capacity_pool_event_id", "event_id"),
    )

    event_id: UUID = Field(foreign_key="event.id")
    session_id: UUID | None = Field(default=None, foreign_key="session.id", unique=True)
    capacity: int
    taken: int = 0
    last_turn: int = 0  # of its waiting list; turns are never given twice


class Registration(Row, table=True):
    """A person's place at an event: held until its link is opened (pending), confirmed, or cancelled."""

    __table_args__ = (_only_while("cancelled_at IS NULL", "uq_registration_event_id_person_id", "event_id", "person_id"),)

    event_id: UUID = Field(foreign_key="event.id", index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    name: str = Field(max_length=200)  # as typed on the form; the person's own name once confirmed
    made_at: datetime
    held_until: datetime | None = None  # real time; None once confirmed
    confirmed_at: datetime | None = None
    cancelled_at: datetime | None = None
    lapsed: bool = False  # cancelled because the link was not opened in time
    given_by_id: UUID | None = None  # the organiser who gave this place


class Booking(Row, table=True):
    """A seat in a session."""

    __table_args__ = (_only_while("given_up_at IS NULL", "uq_booking_session_id_person_id", "session_id", "person_id"),)

    pool_id: UUID = Field(foreign_key="capacity_pool.id")
    session_id: UUID = Field(foreign_key="session.id", index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    booked_at: datetime
    given_up_at: datetime | None = None
    waitlist_entry_id: UUID | None = Field(default=None, foreign_key="waitlist_entry.id", unique=True)  # promoted from


class WaitlistEntry(Row, table=True):
    """A turn on a session's waiting list; the lowest live turn is next."""

    __tablename__ = "waitlist_entry"
    __table_args__ = (
        UniqueConstraint("pool_id", "turn"),
        CheckConstraint("accepted_at IS NULL OR left_at IS NULL", name="one_end"),
        _only_while("accepted_at IS NULL AND left_at IS NULL", "uq_waitlist_entry_pool_id_person_id", "pool_id", "person_id"),
    )

    pool_id: UUID = Field(foreign_key="capacity_pool.id")
    session_id: UUID = Field(foreign_key="session.id", index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    turn: int
    joined_at: datetime
    accepted_at: datetime | None = None  # got a seat
    left_at: datetime | None = None


class Star(Row, table=True):
    """A session that somebody keeps an eye on: no place is taken by it. Put on again, it is another row."""

    __table_args__ = (_only_while("ended_at IS NULL", "uq_star_session_id_person_id", "session_id", "person_id"),)

    session_id: UUID = Field(foreign_key="session.id", index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    made_at: datetime
    ended_at: datetime | None = None
