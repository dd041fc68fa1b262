"""Planning an event: adding, moving and cancelling sessions. Each published edit is a ScheduleRelease of its own."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, delete, select

from conference.errors import Invalid
from conference.programme.releases import SessionPlan, differences, plan_of
from conference.programme.rules import check_not_cancelled, check_not_stale, check_plan, slug_of
from conference.programme.tables import (
    Event,
    Room,
    ScheduleRelease,
    Session,
    SessionSpeaker,
    Speaker,
    Track,
)
from conference.record.actions import note
from conference.storage.database import Db

Changes = list[dict[str, Any]]
RESERVED = {"new"}  # words that addresses use beside sessions' own


async def add_session(
    db: Db,
    event: Event,
    plan: SessionPlan,
    speakers: Iterable[Speaker],
    now: datetime,
    *,
    slug: str = "",
    by: UUID | None = None,
    release: bool = True,
) -> Session:
    """Put a session into the programme. `release=False` while a whole programme is being loaded: release it afterwards."""
    check_plan(event, plan)
    await _check_belongs(db, event, plan)
    taken = RESERVED | set((await db.exec(select(Session.slug).where(Session.event_id == event.id))).all())
    if slug in taken:
        raise Invalid("slug", f"There is a session “{slug}” already.")
    values = {name: getattr(plan, name) for name in SessionPlan.__slots__}
    session = Session(event_id=event.id, slug=slug or slug_of(plan.title, taken), made_at=now, modified_at=now, **values)
    db.add(session)
    await db.flush()
    await _set_speakers(db, session, speakers)
    if release:
        await release_programme(db, event, [_line(session, "added")], now, by=by)
    return session


async def edit_session(
    db: Db,
    event: Event,
    session: Session,
    plan: SessionPlan,
    speakers: Iterable[Speaker],
    now: datetime,
    *,
    by: UUID | None = None,
    seen: str | None = None,
) -> bool:
    """Change a session to a new plan; False where nothing changed. A change of time, place or link raises its SEQUENCE once.

    `seen` is the version that the editor began with (`version_of`): raises Stale where somebody saved since.
    """
    await _lock(db, event, session)
    check_not_cancelled(session)
    check_not_stale(session, seen)
    check_plan(event, plan)
    await _check_belongs(db, event, plan)
    changed = differences(plan_of(session), plan)
    people_changed = await _set_speakers(db, session, speakers)
    if not changed and not people_changed:
        return False
    for change in changed:
        setattr(session, change.field, getattr(plan, change.field))
    session.modified_at = now
    if any(change.significant for change in changed):
        session.sequence += 1
    lines = [_line(session, "changed", field=change.field, before=change.before, after=change.after) for change in changed]
    await release_programme(db, event, lines + ([_line(session, "speakers")] if people_changed else []), now, by=by)
    return True


async def cancel_session(db: Db, event: Event, session: Session, reason: str, now: datetime, *, by: UUID | None = None) -> None:
    """Cancel for good; the session stays readable, and calendars are told. Cancelling twice is refused."""
    await _lock(db, event, session)
    check_not_cancelled(session)
    session.cancelled_at = session.modified_at = now
    session.cancel_reason = " ".join(reason.split())[:300]
    session.sequence += 1
    await release_programme(db, event, [_line(session, "cancelled")], now, by=by)


async def release_programme(
    db: Db, event: Event, changes: Changes, now: datetime, *, note_words: str = "", by: UUID | None = None
) -> ScheduleRelease:
    """Publish: one more release, and a new revision of all that shows the programme."""
    event.revision += 1
    event.modified_at = now
    last = (
        await db.exec(
            select(ScheduleRelease.number).where(ScheduleRelease.event_id == event.id).order_by(col(ScheduleRelease.number).desc())
        )
    ).first()
    release = ScheduleRelease(event_id=event.id, number=(last or 0) + 1, released_at=now, person_id=by, note=note_words, changes=changes)
    db.add(release)
    note(db, "programme released", f"event:{event.slug}", now, person_id=by, event_id=event.id, number=release.number)
    await db.flush()
    return release


async def _lock(db: Db, event: Event, session: Session) -> None:
    """Two organisers who save at once take turns, and each sees what the other did."""
    await db.refresh(event, with_for_update={"key_share": True})
    await db.refresh(session, with_for_update={"key_share": True})


async def _check_belongs(db: Db, event: Event, plan: SessionPlan) -> None:
    """Rooms and tracks are the event's own: an id from a form proves nothing."""
    room = await db.get(Room, plan.room_id)
    if not room or room.event_id != event.id:
        raise Invalid("room", "Choose a room from the list.")
    track = await db.get(Track, plan.track_id) if plan.track_id else None
    if plan.track_id and (not track or track.event_id != event.id):
        raise Invalid("track", "Choose a track from the list.")


async def _set_speakers(db: Db, session: Session, speakers: Iterable[Speaker]) -> bool:
    """Who speaks, in this order; False where that was so already."""
    wanted = [speaker.id for speaker in speakers]
    links = select(SessionSpeaker.speaker_id).where(SessionSpeaker.session_id == session.id).order_by(col(SessionSpeaker.position))
    if wanted == list((await db.exec(links)).all()):
        return False
    await db.exec(delete(SessionSpeaker).where(col(SessionSpeaker.session_id) == session.id))
    db.add_all(SessionSpeaker(session_id=session.id, speaker_id=speaker_id, position=place) for place, speaker_id in enumerate(wanted))
    await db.flush()
    return True


def _line(session: Session, what: str, **more: str) -> dict[str, Any]:
    return {"session": str(session.id), "title": session.title, "what": what, **more}
