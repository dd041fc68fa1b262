"""What organisers write to many: drafted, looked at, approved for a time, stopped, and written out to each once."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.correspondence.queries import still_to_write
from conference.correspondence.rules import check_can_be_approved, check_can_be_stopped
from conference.mail.actions import stop_waiting
from conference.mail.tables import Circular, MailPurpose, QueuedMail
from conference.programme.tables import Event
from conference.record.actions import note
from conference.registration.letters import Optional, write_optional
from conference.storage.database import Db

CHUNK = 100  # in one transaction


async def draft_circular(db: Db, event: Event, subject: str, body: str, audience: str, real_now: datetime, *, by: UUID) -> Circular:
    circular = Circular(event_id=event.id, subject=subject, body=body, audience=audience, by_id=by, made_at=real_now)
    db.add(circular)
    note(db, "mail to many drafted", f"circular:{circular.id}", real_now, person_id=by, event_id=event.id, audience=audience)
    await db.flush()
    return circular


async def approve_circular(db: Db, circular: Circular, goes_at: datetime, real_now: datetime, *, rehearsed: bool, by: UUID) -> None:
    """Raises Conflict unless it is a draft."""
    check_can_be_approved(circular)
    circular.goes_at, circular.rehearsed = goes_at, rehearsed
    said = {"goes_at": goes_at.isoformat(), "rehearsed": rehearsed}
    note(db, "mail to many approved", f"circular:{circular.id}", real_now, person_id=by, event_id=circular.event_id, **said)


async def stop_circular(db: Db, circular: Circular, real_now: datetime, *, by: UUID) -> int:
    """Nobody else gets it from now on; how many mails that waited were taken back. Raises Conflict once all have gone."""
    stopped = await stop_waiting(db, col(QueuedMail.circular_id) == circular.id, why="The organisers stopped it.")
    check_can_be_stopped(circular, stopped)
    circular.stopped_at = real_now
    note(db, "mail to many stopped", f"circular:{circular.id}", real_now, person_id=by, event_id=circular.event_id, waiting=stopped)
    return stopped


async def due_circulars(db: Db, now: datetime, *, rehearsed: bool) -> list[UUID]:
    """What was approved in a rehearsal goes in one, and nothing else does."""
    waiting = (col(Circular.goes_at) <= now, col(Circular.rehearsed).is_(rehearsed))
    open_ = (col(Circular.done_at).is_(None), col(Circular.stopped_at).is_(None))
    return list(await db.exec(select(Circular.id).where(*waiting, *open_).order_by(col(Circular.id))))


async def write_some(db: Db, circular_id: UUID, real_now: datetime) -> int:
    """Write to the next few whom it is for as they are now; how many. With nobody left it is done."""
    locked = select(Circular).where(Circular.id == circular_id, col(Circular.stopped_at).is_(None)).with_for_update()
    circular = (await db.exec(locked)).first()
    if circular is None or circular.done_at:
        return 0
    event = await db.get_one(Event, circular.event_id)
    kind, _, subject = circular.audience.partition(":")
    people = await still_to_write(db, circular, kind, UUID(subject) if subject else None, CHUNK)
    circular.begun_at = circular.begun_at or real_now
    if not people:
        circular.done_at = real_now
    for person in people:
        how = Optional(MailPurpose.announcement, circular.rehearsed, dedupe_key=f"circular:{circular.id}:{person.id}")
        mail = await write_optional(db, person, "circular", event, real_now, how, subject=circular.subject, body=circular.body)
        if mail:
            mail.circular_id = circular.id
    await db.flush()
    return len(people)
