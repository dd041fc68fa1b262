"""Seats as calendar invitations, for those who chose them: asked with the seat's mail, brought up to date, and taken back.

What a calendar was told last stands in `CalendarInvitation`; what it should know follows from the booking and the session. Whatever
made the two differ (a release, a seat given up, a choice made later) is noticed by looking, and one mail makes them agree.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from conference.ics.words import when_in_words
from conference.mail.actions import queue_mail
from conference.mail.itip import CANCEL, REQUEST, Invitation
from conference.mail.tables import CalendarInvitation, MailChoice, Wish
from conference.mail.wishes import invited_to, wants
from conference.people.tables import Person
from conference.programme.entry import Origin, session_entry
from conference.programme.queries import SessionFacts, sessions_by_id
from conference.programme.tables import EventFormat, Session
from conference.registration.queries import booking_of
from conference.registration.tables import Booking
from conference.storage.database import Db

GATHERS = timedelta(minutes=3)  # after a release, so that the next one joins it
AT_ONCE = timedelta(hours=2)  # before a session, nothing waits
LIMIT = 200


async def request_for(db: Db, session: Session, person: Person, real_now: datetime) -> dict[str, Any] | None:
    """What goes with the mail about a new seat; None for who did not choose it."""
    if person.robot_of or not await wants(db, person.id, session.event_id, Wish.invitation):
        return None
    [facts] = await sessions_by_id(db, [session.id])
    return (await _invitation(db, facts, person.id, REQUEST, real_now)).as_facts()


async def calendars_behind(db: Db, now: datetime) -> list[tuple[UUID, UUID]]:
    """Whose calendar knows something else than what is so: person and session."""
    moments = func.count(col(Booking.id)) + func.count(col(Booking.given_up_at))
    held = func.count(col(Booking.id)) - func.count(col(Booking.given_up_at))
    seats = (
        select(Booking.person_id, Booking.session_id, moments.label("moments"), held.label("held"))
        .join(Session, col(Session.id) == Booking.session_id)
        .join(MailChoice, (col(MailChoice.person_id) == Booking.person_id) & (col(MailChoice.event_id) == Session.event_id))
        .where(MailChoice.wish == Wish.invitation, col(MailChoice.wanted), col(Session.ends_at) > now)
        .group_by(col(Booking.person_id), col(Booking.session_id))
        .subquery()
    )
    told = (CalendarInvitation.person_id == seats.c.person_id) & (CalendarInvitation.session_id == seats.c.session_id)
    rows = select(seats, Session, CalendarInvitation).select_from(seats)  # type: ignore[call-overload]
    joined = rows.join(Session, col(Session.id) == seats.c.session_id).outerjoin(CalendarInvitation, told)
    found = [
        (person_id, session_id)
        for person_id, session_id, count, live, session, invitation in await db.exec(joined)
        if _is_behind(session, invitation, has=live > 0, expected=_sequence(session, count), now=now)
    ]
    return found[:LIMIT]


async def tell_calendar(db: Db, person_id: UUID, session_id: UUID, now: datetime, real_now: datetime, *, rehearsed: bool) -> int:
    """One mail that makes a calendar agree: 0 where it does meanwhile."""
    [facts] = await sessions_by_id(db, [session_id])
    person, told = await db.get_one(Person, person_id), await invited_to(db, person_id, session_id)
    booking = await booking_of(db, person_id, session_id)
    expected = _sequence(facts.session, await _moments(db, person_id, session_id))
    if not _is_behind(facts.session, told, has=booking is not None, expected=expected, now=now):
        return 0
    method = REQUEST if booking and not facts.session.cancelled_at else CANCEL
    kind = "cancelled" if method == CANCEL else "changed" if told and not told.cancelled else "new"
    invitation = await _invitation(db, facts, person_id, method, real_now)
    mail = await queue_mail(
        db,
        "seat_calendar",
        person.email,
        real_now,
        to_name=person.name,
        person_id=person.id,
        event_id=facts.event.id,
        zone=person.zone or facts.event.zone,
        language=person.language,
        dedupe_key=f"calendar:{invitation.id}:{invitation.sequence}:{method}",
        rehearsed=rehearsed,
        kind=kind,
        event=facts.event.title,
        session=facts.session.title,
        session_path=invitation.path,
        starts_at=invitation.starts_at,
        ends_at=invitation.ends_at,
        event_zone=facts.event.zone,
        online=facts.event.format == EventFormat.online,
    )
    if mail:
        mail.invitation = invitation.as_facts()
    return int(mail is not None)


async def _invitation(db: Db, facts: SessionFacts, person_id: UUID, method: str, real_now: datetime) -> Invitation:
    """The row is made or moved on with it: its sequence only ever rises."""
    row = await invited_to(db, person_id, facts.session.id)
    sequence = _sequence(facts.session, await _moments(db, person_id, facts.session.id))
    if row is None:
        row = CalendarInvitation(person_id=person_id, session_id=facts.session.id, sequence=sequence)
    row.sequence, row.cancelled = max(sequence, row.sequence), method == CANCEL
    row.answer, row.answered_at = "", None
    db.add(row)
    await db.flush()
    entry = session_entry(facts, Origin("", ""), "")  # addresses on our own site stay paths until the mail is written
    session, place = facts.session, entry.place
    when = when_in_words(session.starts_at, session.ends_at, entry.zone)
    return Invitation(
        id=str(row.id),
        session=str(session.id),
        method=method,
        sequence=row.sequence,
        stamped_at=real_now.isoformat(),
        created_at=session.made_at.isoformat(),
        zone=entry.zone,
        starts_at=session.starts_at.isoformat(),
        ends_at=session.ends_at.isoformat(),
        title=session.title,
        words="\n\n".join(part for part in (f"{facts.event.title}\n{when}", session.abstract) if part),
        path=entry.url,
        join=entry.join_url or "",
        location=entry.location,
        place=(place.name, place.address, place.latitude, place.longitude) if place else None,
    )


async def _moments(db: Db, person_id: UUID, session_id: UUID) -> int:
    counted = select(func.count(col(Booking.id)) + func.count(col(Booking.given_up_at)))
    return (await db.exec(counted.where(Booking.person_id == person_id, Booking.session_id == session_id))).one()


def _sequence(session: Session, moments: int) -> int:
    """As in the person's own feed: each time a seat is given up or taken again it rises too."""
    return session.sequence + max(0, moments - 1)


def _is_behind(session: Session, told: CalendarInvitation | None, *, has: bool, expected: int, now: datetime) -> bool:
    if not has or session.cancelled_at:
        return told is not None and not told.cancelled
    if told is None or told.cancelled:
        return True
    waits = now - session.modified_at < GATHERS and session.starts_at - now > AT_ONCE
    return told.sequence < expected and not waits
