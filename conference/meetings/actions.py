"""An event's meeting service, and which sessions meet on it."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlmodel import col, delete, select

from conference.errors import Conflict
from conference.meetings.queries import lock_meeting, service_of
from conference.meetings.rules import check_groups_are_closed, check_service, clean_address
from conference.meetings.tables import GroupMember, Meeting, MeetingGroup, MeetingSecret, MeetingService, ServiceKind
from conference.programme.rules import check_not_cancelled
from conference.programme.tables import Event, Session
from conference.record.actions import note
from conference.storage.database import Db

ROOM_BYTES = 16  # of chance in a room's name


async def set_service(
    db: Db,
    event: Event,
    kind: ServiceKind,
    address: str,
    application: str,
    secret: str,
    now: datetime,
    real_now: datetime,
    *,
    by: UUID,
    secure: bool,
) -> MeetingService:
    """Name the service, or change it; an empty secret keeps the one there is. `secure`: the house itself is on https. Raises Invalid."""
    service = await service_of(db, event.id)
    address = clean_address(address, kind, secure=secure)
    application = application if kind == ServiceKind.jitsi else ""
    check_service(kind, address, application, secret, service)
    if service is None:
        service = MeetingService(event_id=event.id, kind=kind, address=address, application=application, made_at=now, modified_at=now)
        db.add(service)
    service.kind, service.address, service.application, service.modified_at = kind, address, application, now
    await db.flush()
    if secret:
        await db.exec(delete(MeetingSecret).where(col(MeetingSecret.service_id) == service.id))
        db.add(MeetingSecret(service_id=service.id, secret=secret, set_at=now))
    facts = {"service": kind, "address": address, "application": application, "new_secret": bool(secret)}
    note(db, "meeting service set", f"event:{event.slug}", real_now, person_id=by, event_id=event.id, **facts)
    await db.flush()
    return service


async def drop_service(db: Db, event: Event, real_now: datetime, *, by: UUID) -> None:
    """Forget the service and its secret. Sessions keep their rooms' names, and have no door until there is a service again."""
    service = await service_of(db, event.id)
    if service is None:
        return
    await db.exec(delete(MeetingSecret).where(col(MeetingSecret.service_id) == service.id))
    await db.delete(service)
    note(db, "meeting service dropped", f"event:{event.slug}", real_now, person_id=by, event_id=event.id, service=service.kind)
    await db.flush()


async def meet_on_service(db: Db, event: Event, session: Session, now: datetime, real_now: datetime, *, by: UUID) -> Meeting:
    """From now on the session meets on its event's service, in a room whose name nobody can guess. Doing so already changes nothing."""
    await db.refresh(session, with_for_update={"key_share": True})  # two who do it at once take turns
    check_not_cancelled(session)
    if await service_of(db, event.id) is None:
        raise Conflict(f"{event.title} has no meeting service yet. Name one first.")
    meeting = await lock_meeting(db, session.id)
    if meeting is None:
        meeting = Meeting(session_id=session.id, room=secrets.token_hex(ROOM_BYTES), made_at=now)
        db.add(meeting)
        note(db, "meets on the service", f"session:{session.id}", real_now, person_id=by, event_id=event.id)
        await db.flush()
    return meeting


async def meet_elsewhere(db: Db, event: Event, session: Session, now: datetime, real_now: datetime, *, by: UUID) -> None:
    """The session has no meeting any more; its groups go with it. Raises Conflict while they are open."""
    meeting = await lock_meeting(db, session.id)
    if meeting is None:
        return
    check_groups_are_closed(meeting, now)
    await remove_groups(db, meeting)
    await db.delete(meeting)
    note(db, "meets elsewhere", f"session:{session.id}", real_now, person_id=by, event_id=event.id)
    await db.flush()


async def remove_groups(db: Db, meeting: Meeting) -> None:
    """Its groups and who was in them. Call it with the meeting locked."""
    await db.exec(delete(GroupMember).where(col(GroupMember.meeting_id) == meeting.id))
    for group in await db.exec(select(MeetingGroup).where(MeetingGroup.meeting_id == meeting.id)):
        await db.delete(group)
    await db.flush()
