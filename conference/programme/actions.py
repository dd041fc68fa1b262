"""Publishing: sessions added, changed, cancelled and restored, and the ScheduleRelease that says so."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, delete, select

from conference.errors import Invalid
from conference.programme.releases import Change, SessionPlan, differences, plan_of
from conference.programme.rules import check_cancelled, check_not_cancelled, check_plan, slug_of
from conference.programme.tables import (
    Event,
    Room,
    ScheduleRelease,
    Session,
    SessionDraft,
    SessionSpeaker,
    Speaker,
    Track,
)
from conference.record.actions import note
from conference.storage.database import Db
from conference.storage.ids import new_id

Line = dict[str, Any]  # one change of one session, as a release holds it
Changes = list[Line]
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
    await check_plan_fits(db, event, plan)
    taken = await taken_slugs(db, event)
    if slug in taken:
        raise Invalid("slug", f"There is a session “{slug}” already.")
    session = await put_session(db, event, new_id(), slug or slug_of(plan.title, taken), plan, [one.id for one in speakers], now)
    if release:
        await release_programme(db, event, [line_of(session, "added")], now, by=by)
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
) -> bool:
    """Change a session to a new plan and release that; False where nothing changed. A change of time, place or link raises its SEQUENCE."""
    await lock_session(db, event, session)
    lines = await change_session(db, event, session, plan, [one.id for one in speakers], now)
    if lines:
        await release_programme(db, event, lines, now, by=by)
    return bool(lines)


async def cancel_session(db: Db, event: Event, session: Session, reason: str, now: datetime, *, by: UUID | None = None) -> None:
    """Cancel and release that; the session stays readable, and calendars are told. Cancelling twice is refused."""
    await lock_session(db, event, session)
    await release_programme(db, event, [end_session(session, reason, now)], now, by=by)


async def put_session(
    db: Db, event: Event, session_id: UUID, slug: str, plan: SessionPlan, speakers: Sequence[UUID], now: datetime
) -> Session:
    """The row of a session that is new, for the caller's release."""
    values = {name: getattr(plan, name) for name in SessionPlan.__slots__}
    session = Session(id=session_id, event_id=event.id, slug=slug, made_at=now, modified_at=now, **values)
    db.add(session)
    await db.flush()
    await _set_speakers(db, session, speakers)
    return session


async def change_session(db: Db, event: Event, session: Session, plan: SessionPlan, speakers: Sequence[UUID], now: datetime) -> Changes:
    """Change the row, and say what changed, for the caller's release; nothing: it was so already. Call it with the row locked."""
    check_not_cancelled(session)
    await check_plan_fits(db, event, plan)
    changed = differences(plan_of(session), plan)
    spoke = await _set_speakers(db, session, speakers)
    if not changed and spoke is None:
        return []
    for change in changed:
        setattr(session, change.field, getattr(plan, change.field))
    session.modified_at = now
    if any(change.significant for change in changed):
        session.sequence += 1
    return lines_between(session, changed, speakers if spoke is None else spoke, speakers)


def end_session(session: Session, reason: str, now: datetime) -> Line:
    """Cancel the row, for the caller's release. Call it with the row locked."""
    check_not_cancelled(session)
    session.cancelled_at = session.modified_at = now
    session.cancel_reason = " ".join(reason.split())[:300]
    session.sequence += 1
    return line_of(session, "cancelled")


def restore_session(session: Session, now: datetime) -> Line:
    """A cancelled session takes place after all, for the caller's release. Call it with the row locked."""
    check_cancelled(session)
    session.cancelled_at, session.modified_at = None, now
    session.cancel_reason = ""
    session.sequence += 1
    return line_of(session, "restored")


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


async def lock_session(db: Db, event: Event, session: Session) -> None:
    """Two organisers who save at once take turns, and each sees what the other did."""
    await db.refresh(event, with_for_update={"key_share": True})
    await db.refresh(session, with_for_update={"key_share": True})


async def taken_slugs(db: Db, event: Event) -> set[str]:
    """The words that no new session of the event can have in its address."""
    planned = select(SessionDraft.slug).where(SessionDraft.event_id == event.id)
    return RESERVED | {*await db.exec(select(Session.slug).where(Session.event_id == event.id)), *await db.exec(planned)}


async def check_plan_fits(db: Db, event: Event, plan: SessionPlan) -> None:
    """What the plan says makes sense, and rooms and tracks are the event's own: an id from a form proves nothing. Raises Invalid."""
    check_plan(event, plan)
    room = await db.get(Room, plan.room_id)
    if not room or room.event_id != event.id:
        raise Invalid("room", "Choose a room from the list.")
    track = await db.get(Track, plan.track_id) if plan.track_id else None
    if plan.track_id and (not track or track.event_id != event.id):
        raise Invalid("track", "Choose a track from the list.")


async def _set_speakers(db: Db, session: Session, wanted: Sequence[UUID]) -> list[UUID] | None:
    """Who speaks, in this order; returns who did before, None where that was so already."""
    links = select(SessionSpeaker.speaker_id).where(SessionSpeaker.session_id == session.id).order_by(col(SessionSpeaker.position))
    before = list((await db.exec(links)).all())
    if list(wanted) == before:
        return None
    await db.exec(delete(SessionSpeaker).where(col(SessionSpeaker.session_id) == session.id))
    db.add_all(SessionSpeaker(session_id=session.id, speaker_id=speaker_id, position=place) for place, speaker_id in enumerate(wanted))
    await db.flush()
    return before


def lines_between(session: Session, changed: Iterable[Change], spoke: Sequence[UUID], speaks: Sequence[UUID]) -> Changes:
    """What a release says of a session that is changed."""
    lines = [line_of(session, "changed", field=change.field, before=change.before, after=change.after) for change in changed]
    same = list(spoke) == list(speaks)
    return lines if same else [*lines, line_of(session, "speakers", before=ids_text(spoke), after=ids_text(speaks))]


def line_of(session: Session, what: str, **more: str) -> Line:
    return {"session": str(session.id), "title": session.title, "what": what, **more}


def ids_text(ids: Iterable[UUID]) -> str:
    return " ".join(map(str, ids))
