"""Stars: the sessions that somebody keeps an eye on. They take no place and are in the person's own calendar."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from conference.errors import TooMany
from conference.people.tables import Person
from conference.programme.rules import check_not_cancelled
from conference.programme.tables import Session
from conference.registration.tables import Star
from conference.storage.database import Db

MOST = 100  # times that one person puts a star on one session


async def star_session(db: Db, session: Session, person: Person, now: datetime) -> None:
    """Put a star on it; one that is there stays. Raises Conflict for a cancelled session."""
    await db.refresh(person, with_for_update={"key_share": True})
    if await star_of(db, person.id, session.id):
        return
    check_not_cancelled(session)
    mine = select(func.count()).select_from(Star).where(Star.person_id == person.id, Star.session_id == session.id)
    if (await db.exec(mine)).one() >= MOST:
        raise TooMany("You have put a star on this session, and taken it off, very often: now it stays off.")
    db.add(Star(session_id=session.id, person_id=person.id, made_at=now))
    await db.flush()


async def unstar_session(db: Db, session: Session, person: Person, now: datetime) -> None:
    """Take the star off; where there is none, nothing happens."""
    await db.refresh(person, with_for_update={"key_share": True})
    if star := await star_of(db, person.id, session.id):
        star.ended_at = now


async def star_of(db: Db, person_id: UUID, session_id: UUID) -> Star | None:
    live = select(Star).where(Star.person_id == person_id, Star.session_id == session_id, col(Star.ended_at).is_(None))
    return (await db.exec(live)).first()


async def stars_of(db: Db, person_id: UUID) -> Sequence[Star]:
    """All stars of a person, those taken off too (calendars keep a tombstone of them)."""
    return (await db.exec(select(Star).where(Star.person_id == person_id).order_by(col(Star.id)))).all()


async def starred_at(db: Db, person_id: UUID | None, event_id: UUID) -> frozenset[UUID]:
    """The ids of the sessions of this event that have the person's star; nobody's are none."""
    if person_id is None:
        return frozenset()
    mine = select(Star.session_id).join(Session).where(Star.person_id == person_id, Session.event_id == event_id)
    return frozenset(await db.exec(mine.where(col(Star.ended_at).is_(None))))
