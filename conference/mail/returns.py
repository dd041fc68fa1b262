"""What came back: each message is noted once, and marks an address when it says that there is no such mailbox."""

import hashlib
from datetime import datetime
from uuid import UUID

from sqlmodel import select

from conference.mail.tables import QueuedMail, ReturnedKind, ReturnedMail
from conference.storage.database import Db


def digest_of(raw: bytes) -> str:
    return hashlib.sha256(raw.replace(b"\r\n", b"\n").strip()).hexdigest()


async def is_noted(db: Db, digest: str) -> bool:
    return (await db.exec(select(ReturnedMail.id).where(ReturnedMail.digest == digest))).first() is not None


async def note_returned(db: Db, digest: str, kind: ReturnedKind, words: str, real_now: datetime, *, mail_id: UUID | None = None) -> None:
    """A message about the mail with this id, to the address that it went to."""
    mail = await db.get(QueuedMail, mail_id) if mail_id else None
    address = mail.to_address.casefold() if mail else ""
    said = " ".join(words.split())[:300]
    db.add(ReturnedMail(digest=digest, kind=kind, mail_id=mail_id, address_key=address, words=said, noted_at=real_now))
    await db.flush()


async def refused_at_the_door(db: Db, mail: QueuedMail, words: str, real_now: datetime) -> None:
    """The server said at once that there is no such mailbox: the same as a mail that comes back."""
    digest = digest_of(f"refused:{mail.id}:{mail.attempts}".encode())
    if not await is_noted(db, digest):
        await note_returned(db, digest, ReturnedKind.hard, words, real_now, mail_id=mail.id)
