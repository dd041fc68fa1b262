"""The mailbox that mail comes back to: read as often as one likes, each message counted once.

An answer from a calendar is written down, and a refusal asks the person by mail whether to give the seat up. It gives up nothing by
itself: calendars decline by rules of their own, and a seat that is given away does not come back (docs/decisions/0023).
"""

import mailbox
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import select

from conference.correspondence.come_back import Bounce, Reply, read_message
from conference.errors import BadSettings
from conference.mail.returns import digest_of, is_noted, note_returned
from conference.mail.tables import CalendarInvitation, ReturnedKind
from conference.mail.verp import subject_of
from conference.people.tables import Person
from conference.programme.queries import sessions_by_id
from conference.record.actions import note
from conference.registration.letters import write_to
from conference.registration.queries import booking_of
from conference.settings import Settings
from conference.storage.database import Database, Db

FOLDERS = {"cur", "new"}


def messages_in(place: Path) -> Iterator[bytes]:
    """Of a Maildir, a folder of .eml files, an mbox file, or one .eml file. Raises BadSettings where there is nothing of the kind."""
    if place.is_dir():
        maildir = {entry.name for entry in place.iterdir()} >= FOLDERS
        files = (file for name in ("new", "cur") for file in (place / name).iterdir()) if maildir else place.glob("*.eml")
        yield from (file.read_bytes() for file in sorted(files) if file.is_file())
        return
    try:
        with place.open("rb") as file:
            is_mbox = file.read(5) == b"From "
    except OSError as wrong:
        raise BadSettings(f"{place} can't be read ({wrong.strerror}). Name an mbox file, a Maildir, or a mail kept as .eml.") from wrong
    if not is_mbox:
        yield place.read_bytes()
        return
    box = mailbox.mbox(place, create=False)
    try:
        for key in box.iterkeys():
            yield box.get_bytes(key)
    finally:
        box.close()


async def read_mailbox(database: Database, settings: Settings, place: Path, now: datetime, real_now: datetime) -> Counter[str]:
    """How many of each kind were new: hard, soft, reply, ignored; and `known`, `unknown`. Each message is a transaction of its own."""
    counted: Counter[str] = Counter()
    for raw in messages_in(place):
        async with database.writing() as db:
            counted[await take_message(db, settings, raw, now, real_now)] += 1
    return counted


async def take_message(db: Db, settings: Settings, raw: bytes, now: datetime, real_now: datetime) -> str:
    digest = digest_of(raw)
    if await is_noted(db, digest):
        return "known"
    found = read_message(message_from_bytes(raw), partial(subject_of, settings.mail_bounces, settings.secret_key))
    if isinstance(found, Bounce):
        await note_returned(db, digest, found.kind, found.words, real_now, mail_id=found.mail_id)
        return found.kind.value
    if isinstance(found, Reply):
        words = await _answered(db, found, now, real_now)
        await note_returned(db, digest, ReturnedKind.reply, words, real_now)
        return ReturnedKind.reply.value
    return "unknown"


async def _answered(db: Db, reply: Reply, now: datetime, real_now: datetime) -> str:
    """What was noted. An answer to an older version, or for somebody without a seat, changes nothing."""
    one = select(CalendarInvitation).where(CalendarInvitation.id == reply.invitation_id).with_for_update()
    invitation = (await db.exec(one)).first()
    if invitation is None or not reply.uid.startswith(f"{invitation.session_id}@"):
        return f"{reply.answer}, to an invitation that there is not"
    if reply.sequence < invitation.sequence or invitation.cancelled:
        return f"{reply.answer}, to an earlier version"
    changed = invitation.answer != reply.answer
    invitation.answer, invitation.answered_at = reply.answer, real_now
    [facts] = await sessions_by_id(db, [invitation.session_id])
    person, session = await db.get_one(Person, invitation.person_id), facts.session
    note(db, "invitation answered", f"session:{session.id}", real_now, person_id=person.id, event_id=session.event_id, answer=reply.answer)
    seated = await booking_of(db, person.id, session.id) is not None and now < session.starts_at
    if reply.answer == "declined" and changed and seated:
        path = f"/events/{facts.event.slug}/sessions/{session.slug}"
        words = "is declined in your calendar, and you still have a seat: give it up if you can’t come"
        what: dict[str, Any] = {"session": session.title, "session_path": path}
        await write_to(db, person, "seat_declined", facts.event, real_now, when=session, notice=words, **what)
    return reply.answer
