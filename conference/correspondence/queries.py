"""Who gets what: people to remind, people whom a circular is for, and what has become of an event's mail."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from conference.correspondence.rules import EVERYBODY, GATHERS, HOUR, LEADS, SEATED, SESSION, UNSEATED, WEEK, Lead
from conference.errors import NotFound
from conference.mail.tables import Circular, MailState, QueuedMail, Reminder, ReturnedKind, ReturnedMail
from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.registration.tables import Booking, PoolSession, Registration, TicketKind, WaitlistEntry
from conference.registration.waiting import LIVE_ENTRY
from conference.storage.database import Db, in_parts

HELD = (col(Registration.cancelled_at).is_(None), col(Registration.confirmed_at).is_not(None))
PEOPLE = col(Person.robot_of).is_(None)


@dataclass(frozen=True, slots=True)
class Due:
    """Something that people are to be reminded of now."""

    lead: Lead
    event: Event
    session: Session | None  # None: of the event itself


async def due_now(db: Db, now: datetime) -> list[Due]:
    """The events first: an hour's mail about one tells the seats that follow it."""
    soon = select(Event).where(col(Event.starts_at) > now, col(Event.starts_at) <= now + WEEK.before)
    found = [Due(lead, event, None) for event in await db.exec(soon) for lead in LEADS if lead.is_due(event.starts_at, now)]
    limited = select(Session, Event).join(Event).join(PoolSession, col(PoolSession.session_id) == Session.id)
    within = (col(Session.starts_at) > now, col(Session.starts_at) <= now + HOUR.before, col(Session.cancelled_at).is_(None))
    pairs = await db.exec(limited.where(*within).order_by(col(Session.starts_at), col(Session.id)))
    return found + [Due(HOUR, event, session) for session, event in pairs if HOUR.is_due(session.starts_at, now)]


async def people_to_remind(db: Db, due: Due, *, rehearsed: bool, limit: int) -> Sequence[Person]:
    """Confirmed, in time, and not reminded of this yet."""
    if due.session is None:
        subject, starts_at = due.event.id, due.event.starts_at
        mine = (Registration.event_id == subject, *HELD, col(Registration.confirmed_at) <= due.lead.had_by(starts_at))
        elsewhere = select(TicketKind.id).where(col(TicketKind.takes_part).is_(False))  # has nowhere to be at that hour
        takes_part = col(Registration.kind_id).is_(None) | col(Registration.kind_id).not_in(elsewhere)
        people = select(Person).join(Registration).where(*mine, takes_part, PEOPLE)
    else:
        subject, starts_at = due.session.id, due.session.starts_at
        seat = (Booking.session_id == subject, col(Booking.given_up_at).is_(None), col(Booking.booked_at) <= due.lead.had_by(starts_at))
        people = select(Person).join(Booking).where(*seat, PEOPLE)
    told = select(Reminder.person_id).where(
        Reminder.subject_id == subject,
        Reminder.lead == due.lead.word,
        Reminder.starts_at == starts_at,
        col(Reminder.rehearsed).is_(rehearsed),
    )
    return (await db.exec(people.where(col(Person.id).not_in(told)).order_by(col(Person.id)).limit(limit))).all()


async def seats_ahead(db: Db, event_id: UUID, people: Iterable[UUID], now: datetime) -> dict[UUID, list[Session]]:
    """What each has a seat in and what has not begun, in the order of time."""
    found: dict[UUID, list[Session]] = {}
    for part in in_parts(set(people)):
        live = (col(Booking.given_up_at).is_(None), col(Session.cancelled_at).is_(None), col(Session.starts_at) > now)
        seats = select(Booking.person_id, Session).join(Session, col(Session.id) == Booking.session_id)
        mine = seats.where(Session.event_id == event_id, col(Booking.person_id).in_(part), *live).order_by(col(Session.starts_at))
        for person_id, session in await db.exec(mine):
            found.setdefault(person_id, []).append(session)
    return found


def gathered(seats: Sequence[Session], first: datetime) -> list[Session]:
    """Those that belong into the mail about what begins first (pure)."""
    return [session for session in seats if session.starts_at <= first + GATHERS]


async def circulars_of(db: Db, event_id: UUID) -> Sequence[Circular]:
    """The newest first."""
    return (await db.exec(select(Circular).where(Circular.event_id == event_id).order_by(col(Circular.id).desc()))).all()


async def circular_at(db: Db, event_id: UUID, circular_id: UUID) -> Circular:
    """Locked, where something is to be done with it. Raises NotFound."""
    one = select(Circular).where(Circular.id == circular_id, Circular.event_id == event_id).with_for_update()
    found = (await db.exec(one)).first()
    if not found:
        raise NotFound("There is no such mail at this event.")
    return found


def audience(event_id: UUID, kind: str, session_id: UUID | None) -> Any:
    """A condition on persons: confirmed at the event, with what the filter asks for."""
    registered = col(Person.id).in_(select(Registration.person_id).where(Registration.event_id == event_id, *HELD)) & PEOPLE
    if kind == EVERYBODY:
        return registered
    seat = select(Booking.person_id).where(col(Booking.given_up_at).is_(None))
    if kind in (SEATED, UNSEATED):
        at_event = seat.join(Session, col(Session.id) == Booking.session_id).where(Session.event_id == event_id)
        return registered & (col(Person.id).in_(at_event) if kind == SEATED else col(Person.id).not_in(at_event))
    if kind == SESSION:
        return registered & col(Person.id).in_(seat.where(Booking.session_id == session_id))
    waits = select(WaitlistEntry.person_id).where(WaitlistEntry.session_id == session_id, *LIVE_ENTRY)
    return registered & col(Person.id).in_(waits)


async def audience_count(db: Db, event_id: UUID, kind: str, session_id: UUID | None) -> int:
    counted = select(func.count()).select_from(Person).where(audience(event_id, kind, session_id))
    return (await db.exec(counted)).one()


async def still_to_write(db: Db, circular: Circular, kind: str, session_id: UUID | None, limit: int) -> Sequence[Person]:
    written = select(QueuedMail.person_id).where(QueuedMail.circular_id == circular.id, col(QueuedMail.person_id).is_not(None))
    people = select(Person).where(audience(circular.event_id, kind, session_id), col(Person.id).not_in(written))
    return (await db.exec(people.order_by(col(Person.id)).limit(limit))).all()


async def waiting_of(db: Db, circular_id: UUID) -> int:
    """How many of its mails have not left."""
    waiting = (QueuedMail.circular_id == circular_id, QueuedMail.state == MailState.draft)
    return (await db.exec(select(func.count()).select_from(QueuedMail).where(*waiting))).one()


async def mail_counts(db: Db, event_id: UUID) -> Counter[MailState]:
    counted = select(QueuedMail.state, func.count()).where(QueuedMail.event_id == event_id).group_by(col(QueuedMail.state))
    counts: Counter[MailState] = Counter()
    for state, count in await db.exec(counted):
        counts[MailState(state)] = count
    return counts


async def troubled_mails(db: Db, event_id: UUID, limit: int = 100) -> Sequence[QueuedMail]:
    """What failed, and what nobody knows to have arrived; the newest first."""
    states = (MailState.failed, MailState.unsure)
    mine = select(QueuedMail).where(QueuedMail.event_id == event_id, col(QueuedMail.state).in_(states))
    return (await db.exec(mine.order_by(col(QueuedMail.id).desc()).limit(limit))).all()


async def returned_at(db: Db, event_id: UUID, limit: int = 200) -> Sequence[tuple[Person, ReturnedMail]]:
    """Registered people whose address sent mail back for good, and when."""
    hard = (ReturnedMail.kind == ReturnedKind.hard, col(ReturnedMail.cleared_at).is_(None))
    pairs = select(Person, ReturnedMail).join(ReturnedMail, col(ReturnedMail.address_key) == Person.email_key)
    registered = select(Registration.person_id).where(Registration.event_id == event_id, *HELD)
    found = pairs.where(*hard, col(Person.id).in_(registered)).order_by(col(Person.name), col(ReturnedMail.id).desc()).limit(limit)
    return list({person.id: (person, row) for person, row in await db.exec(found)}.values())
