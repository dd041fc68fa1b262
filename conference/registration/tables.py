"""Places: registrations, seats in sessions, waiting lists, and the pools that both take from."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from conference.storage.row import Row, one_of


class RegistrationState(StrEnum):
    """Computed from a registration's facts, never stored."""

    pending = "pending"
    confirmed = "confirmed"
    cancelled = "cancelled"


def _only_while(condition: str, name: str, *columns: str) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=text(condition), postgresql_where=text(condition))


class PoolServes(StrEnum):
    """What a pool's places are places of."""

    event = "event"  # those of registrations without a ticket kind, and of the kinds that say so
    tickets = "tickets"
    sessions = "sessions"


class TurnState(StrEnum):
    """Computed from a turn's facts, never stored."""

    unconfirmed = "unconfirmed"  # a stranger's, whose mailed link was not opened yet
    waiting = "waiting"
    offered = "offered"
    accepted = "accepted"
    declined = "declined"
    expired = "expired"
    left = "left"
    closed = "closed"


class PoolAct(StrEnum):
    """What a line of a pool's log tells."""

    joined = "joined"
    confirmed = "confirmed"  # the stranger's link was opened
    promoted = "promoted"  # got a place at once
    offered = "offered"
    accepted = "accepted"
    declined = "declined"
    expired = "expired"
    withdrawn = "withdrawn"  # an offer was taken back: its session is cancelled
    left = "left"
    closed = "closed"  # the list came to its end
    moved = "moved"  # into this pool, from another
    made = "made"
    capacity = "capacity"  # from, to
    served = "served"  # what the pool is for: one more session or kind, or one less
    held_back = "held_back"
    released = "released"  # held-back places that go to everybody
    deleted = "deleted"


ONE_END = " + ".join(
    f"CASE WHEN {end} IS NULL THEN 0 ELSE 1 END" for end in ("accepted_at", "declined_at", "expired_at", "left_at", "closed_at")
)
LIVE_TURN = "accepted_at IS NULL AND declined_at IS NULL AND expired_at IS NULL AND left_at IS NULL AND closed_at IS NULL"


class CapacityPool(Row, table=True):
    """A number of places and how many of them are taken or held back. The database refuses one too many.

    An open offer is a taken place. Where no pool serves a session, a kind of ticket or an event, there is no limit.
    """

    __tablename__ = "capacity_pool"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND held >= 0 AND taken + held <= capacity", name="never_one_too_many"),
        CheckConstraint("offer_minutes IS NULL OR offer_minutes > 0", name="offers_last"),
        CheckConstraint("deleted_at IS NULL OR (taken = 0 AND held = 0)", name="nothing_left_behind"),
        _only_while("serves = 'event' AND deleted_at IS NULL", "uq_capacity_pool_event_id", "event_id"),
    )

    event_id: UUID = Field(foreign_key="event.id", index=True)
    name: str = Field(default="", max_length=120)
    serves: PoolServes = Field(default=PoolServes.event, sa_column=one_of(PoolServes, "pool_serves"))
    capacity: int
    taken: int = 0
    held: int = 0  # unspent places of all its HeldBack rows
    waiting: bool = False  # whether who comes when it is full joins a waiting list
    offer_minutes: int | None = None  # how long an offer stays open; None: a freed place is the next in line's at once
    last_turn: int = 0  # of its waiting list; turns are never given twice
    last_line: int = 0  # of its log
    deleted_at: datetime | None = None


class PoolSession(Row, table=True):
    """A session whose seats a pool counts; a session has at most one."""

    __tablename__ = "pool_session"

    pool_id: UUID = Field(foreign_key="capacity_pool.id", index=True)
    session_id: UUID = Field(foreign_key="session.id", unique=True)


class TicketKind(Row, table=True):
    """A way to take part in an event, such as in the room, or recordings only."""

    __tablename__ = "ticket_kind"
    __table_args__ = (
        UniqueConstraint("event_id", "slug"),
        CheckConstraint("opens_at IS NULL OR closes_at IS NULL OR closes_at > opens_at", name="closes_after_it_opens"),
    )

    event_id: UUID = Field(foreign_key="event.id")
    slug: str = Field(max_length=80)
    name: str = Field(max_length=120)
    words: str = Field(default="", max_length=400)
    position: int = 0
    pool_id: UUID | None = Field(default=None, foreign_key="capacity_pool.id", index=True)  # None: no limit
    takes_part: bool = True  # False: no seats and no stages; what is kept of them, recordings and resources
    opens_at: datetime | None = None  # within the event's own registration
    closes_at: datetime | None = None
    withdrawn_at: datetime | None = None  # given no more; who has it keeps it


class HeldBack(Row, table=True):
    """Places of a pool that are kept for a purpose: not for the public until it ends. Whoever has its code opens one of them."""

    __tablename__ = "held_back"
    __table_args__ = (CheckConstraint("places > 0 AND used >= 0 AND used <= places", name="never_more_than_held"),)

    pool_id: UUID = Field(foreign_key="capacity_pool.id", index=True)
    purpose: str = Field(max_length=120)
    places: int
    used: int = 0
    code_hash: str | None = Field(default=None, max_length=64, unique=True)
    ends_at: datetime | None = None  # at this instant what is unspent goes to everybody
    made_at: datetime
    closed_at: datetime | None = None


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
    kind_id: UUID | None = Field(default=None, foreign_key="ticket_kind.id", index=True)
    pool_id: UUID | None = Field(default=None, foreign_key="capacity_pool.id", index=True)  # which counts it, while it lives
    held_back_id: UUID | None = Field(default=None, foreign_key="held_back.id")  # whose place it spent
    waitlist_entry_id: UUID | None = Field(default=None, foreign_key="waitlist_entry.id", unique=True)  # promoted from


class Booking(Row, table=True):
    """A seat in a session."""

    __table_args__ = (_only_while("given_up_at IS NULL", "uq_booking_session_id_person_id", "session_id", "person_id"),)

    pool_id: UUID | None = Field(default=None, foreign_key="capacity_pool.id", index=True)  # which counts it; None: no limit any more
    session_id: UUID = Field(foreign_key="session.id", index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    booked_at: datetime
    given_up_at: datetime | None = None
    held_back_id: UUID | None = Field(default=None, foreign_key="held_back.id")
    waitlist_entry_id: UUID | None = Field(default=None, foreign_key="waitlist_entry.id", unique=True)  # promoted from


class WaitlistEntry(Row, table=True):
    """A turn on a pool's waiting list, for a seat in a session or (without one) a place at the event; the lowest live turn is next."""

    __tablename__ = "waitlist_entry"
    __table_args__ = (
        UniqueConstraint("pool_id", "turn"),
        CheckConstraint(f"{ONE_END} <= 1", name="one_end"),
        CheckConstraint("(offered_at IS NULL) = (offer_ends_at IS NULL)", name="an_offer_has_an_end"),
        CheckConstraint("offered_at IS NOT NULL OR (declined_at IS NULL AND expired_at IS NULL)", name="what_was_offered"),
        _only_while(LIVE_TURN, "uq_waitlist_entry_session_id_person_id", "session_id", "person_id"),
        _only_while(f"session_id IS NULL AND {LIVE_TURN}", "uq_waitlist_entry_pool_id_person_id", "pool_id", "person_id"),
        Index("ix_waitlist_entry_offer_ends_at", "offer_ends_at"),
    )

    pool_id: UUID = Field(foreign_key="capacity_pool.id")
    session_id: UUID | None = Field(default=None, foreign_key="session.id", index=True)  # None: a place at the event
    kind_id: UUID | None = Field(default=None, foreign_key="ticket_kind.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    name: str = Field(default="", max_length=200)  # as typed on the form
    turn: int
    joined_at: datetime
    held_until: datetime | None = None  # real time: a stranger's turn, until its link is opened
    offered_at: datetime | None = None
    offer_ends_at: datetime | None = None  # an offer is accepted before this instant; at it, it is over
    accepted_at: datetime | None = None  # got a place
    declined_at: datetime | None = None
    expired_at: datetime | None = None
    left_at: datetime | None = None
    closed_at: datetime | None = None  # the list ended before the turn came


class PoolLine(Row, table=True):
    """One line of a pool's log; lines are only ever added. It names people by their ids alone."""

    __tablename__ = "pool_line"
    __table_args__ = (UniqueConstraint("pool_id", "number"),)

    pool_id: UUID = Field(foreign_key="capacity_pool.id")
    number: int
    at: datetime  # the domain's clock
    act: PoolAct = Field(sa_column=one_of(PoolAct, "pool_act"))
    turn: int | None = None  # whose turn it tells of
    person_id: UUID | None = Field(default=None, index=True)
    by_id: UUID | None = None  # the organiser who did it
    before: int | None = None
    after: int | None = None
    words: str = Field(default="", max_length=200)


class Star(Row, table=True):
    """A session that somebody keeps an eye on: no place is taken by it. Put on again, it is another row."""

    __table_args__ = (_only_while("ended_at IS NULL", "uq_star_session_id_person_id", "session_id", "person_id"),)

    session_id: UUID = Field(foreign_key="session.id", index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    made_at: datetime
    ended_at: datetime | None = None
