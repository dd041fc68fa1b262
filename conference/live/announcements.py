"""Announcing something to one stage or to a whole event until a moment, and ending it before."""

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, func, select

from conference.errors import Conflict, Invalid
from conference.live.announcing import holds_at
from conference.live.rules import clean
from conference.live.talk_tables import Announcement
from conference.programme.tables import Event, Session
from conference.record.actions import note
from conference.storage.database import Db
from conference.times import city_of, clock_time, local_instant, zone_named

MAX_ANNOUNCEMENT = 300  # characters
LONGEST = timedelta(hours=12)
MAX_MINUTES = LONGEST // timedelta(minutes=1)
MAX_AT_ONCE = 5  # on one stage: more than that nobody reads


def end_meant(minutes: int | None, clock: time | None, zone: str, now: datetime) -> datetime:
    """When it ends: the next time that clocks in `zone` show `clock`, or, without one, after so many minutes. Raises Invalid."""
    if clock is not None:
        return _next_time(clock, zone, now)
    if minutes is None or not 1 <= minutes <= MAX_MINUTES:
        raise Invalid("minutes", f"Type for how many minutes, from 1 to {MAX_MINUTES}, or until what time.")
    return now + timedelta(minutes=minutes)


async def announce(
    db: Db,
    event: Event,
    session: Session | None,
    text: str,
    until: datetime,
    now: datetime,
    real_now: datetime,
    *,
    by: UUID,
    announcement_id: UUID,
) -> Announcement:
    """To the session's stage, or (None) to all of the event. The same id from the same person again is the same announcement.

    After the commit, `Floor.look_at_once` tells it to whoever listens. Raises Invalid, Conflict.
    """
    earlier = await db.get(Announcement, announcement_id)
    if earlier is None:
        made = Announcement(
            id=announcement_id,
            event_id=event.id,
            session_id=session.id if session else None,
            person_id=by,
            text=clean(text, "text", MAX_ANNOUNCEMENT, "announcement", "Type what is announced."),
            at=now,
            until=until,
        )
        await _check_not_too_many(db, made, now)
        try:
            async with db.begin_nested():
                db.add(made)
        except IntegrityError:
            earlier = await db.get(Announcement, announcement_id, populate_existing=True)  # sent twice at once
        else:
            _note(db, "announced", made, real_now, by, place=session.slug if session else "everywhere", until=until.isoformat())
            return made
    if earlier is None or (earlier.event_id, earlier.person_id) != (event.id, by):
        raise Conflict("This form was used before. Load the page again.")
    return earlier


async def end_announcement(db: Db, announcement: Announcement, now: datetime, real_now: datetime, *, by: UUID) -> None:
    """Now, before its time. Raises Conflict where it has ended already."""
    await db.refresh(announcement, with_for_update=True)
    if announcement.ended_at or announcement.until <= now:
        raise Conflict("This announcement has ended already.")
    announcement.ended_at = now
    db.add(announcement)
    _note(db, "announcement ended", announcement, real_now, by)
    await db.flush()


def _next_time(clock: time, zone: str, now: datetime) -> datetime:
    local = now.astimezone(zone_named(zone)).replace(tzinfo=None)
    wall = datetime.combine(local.date(), clock)
    until = local_instant(wall if wall > local else wall + timedelta(days=1), zone, where="clock")
    if until - now > LONGEST:
        hours = LONGEST // timedelta(hours=1)
        raise Invalid("clock", f"It is {clock_time(local)} in {city_of(zone)} now: choose a time in the next {hours} hours.")
    return until


async def _check_not_too_many(db: Db, new: Announcement, now: datetime) -> None:
    """On any one stage that would show it. Raises Conflict."""
    counted = select(Announcement.session_id, func.count()).where(Announcement.event_id == new.event_id, *holds_at(now))
    counts = dict((await db.exec(counted.group_by(col(Announcement.session_id)))).all())
    everywhere = counts.pop(None, 0)
    here = counts.get(new.session_id, 0) if new.session_id else max(counts.values(), default=0)
    if everywhere + here >= MAX_AT_ONCE:
        raise Conflict(f"{MAX_AT_ONCE} announcements are shown there already: end one of them first.")


def _note(db: Db, act: str, about: Announcement, real_now: datetime, by: UUID, **details: str) -> None:
    note(db, act, f"announcement:{about.id}", real_now, person_id=by, event_id=about.event_id, **details)
