"""The green room: what a session's speakers tell its moderators. Each writes their own; moderators and organisers read them."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from conference.live.green_room_tables import GreenRoomNote, Recording
from conference.live.rules import clean
from conference.people.tables import Person
from conference.programme.tables import Session
from conference.record.actions import note
from conference.storage.database import Db

MOST = {"name_said": 200, "introduction": 1000, "to_moderators": 500}  # characters
THINGS = {"name_said": "pronunciation", "introduction": "introduction", "to_moderators": "note"}


async def notes_of(db: Db, session_id: UUID) -> Sequence[GreenRoomNote]:
    return (await db.exec(select(GreenRoomNote).where(GreenRoomNote.session_id == session_id))).all()


async def keep_note(
    db: Db, session: Session, person: Person, words: Mapping[str, str], recording: Recording, now: datetime, real_now: datetime
) -> GreenRoomNote:
    """Write down what this speaker says; `words` by the names in MOST. What they say of recording is in the audit trail. Raises Invalid."""
    cleaned = {name: clean(words.get(name, ""), name, most, THINGS[name], "") for name, most in MOST.items()}
    kept = await _locked(db, session.id, person.id, now)
    if kept.recording != recording:
        note(db, "recording answered", f"session:{session.id}", real_now, person_id=person.id, event_id=session.event_id, says=recording)
        kept.recording, kept.recording_said_at = recording, None if recording == Recording.not_said else now
    for name, text in cleaned.items():
        setattr(kept, name, text)
    kept.modified_at = now
    return kept


async def _locked(db: Db, session_id: UUID, person_id: UUID, now: datetime) -> GreenRoomNote:
    """Their row for this transaction alone, made when it is first needed: two tabs take turns."""
    theirs = select(GreenRoomNote).where(GreenRoomNote.session_id == session_id, GreenRoomNote.person_id == person_id).with_for_update()
    if found := (await db.exec(theirs)).first():
        return found
    with suppress(IntegrityError):  # the other tab was quicker
        async with db.begin_nested():
            db.add(GreenRoomNote(session_id=session_id, person_id=person_id, modified_at=now))
    return (await db.exec(theirs)).one()
