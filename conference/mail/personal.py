"""What mails and notices hold about people. An erased person's mails go, and with them their bytes and files."""

from typing import Any

from sqlmodel import col, delete, select

from conference.mail.tables import MailState, Notice, QueuedMail
from conference.storage.database import Db
from conference.storage.personal import Erasing, Kept, Purge, Purpose, Rows, Whom, is_theirs, mentions, rows_about

EMPTIED: dict[str, Any] = {"rendered": None, "facts": {}, "to_name": "", "last_error": ""}
KEPT = (
    Kept(
        table=QueuedMail,
        what="Mails to them: the address, what they say, whether they arrived",
        purpose=Purpose.mail,
        seen_by="Whoever runs the house",
        addresses=("to_address",),
        names=("to_name",),
        words=("facts", "rendered", "last_error", "zone", "language"),
        plain=("template", "dedupe_key"),
        purges=(Purge(days=30, sets=EMPTIED, what="Name and words"), Purge(days=180)),
        by_hand=True,
    ),
    Kept(
        table=Notice,
        what="The same news on their own page",
        purpose=Purpose.mail,
        seen_by="They alone",
        words=("facts",),
        plain=("kind", "path", "dedupe_key"),
        purges=(Purge(days=180),),
        by_hand=True,
    ),
)
NOBODYS: dict[type, tuple[str, ...]] = {}


async def everything_about(db: Db, whom: Whom) -> Rows:
    return await rows_about(db, KEPT, whom)


async def forget(db: Db, whom: Whom, erasing: Erasing) -> None:
    """Their mails and notices go, unsent ones too; in those to others only their name does, and the bytes that were made with it."""
    theirs = is_theirs(KEPT[0], whom)
    assert theirs is not None
    erasing.mails += await db.exec(select(QueuedMail.id).where(theirs))
    await db.exec(delete(QueuedMail).where(theirs))
    await db.exec(delete(Notice).where(col(Notice.person_id) == whom.id))
    for mail in await db.exec(select(QueuedMail).where(mentions(QueuedMail.facts, whom))):
        mail.facts, mail.rendered = whom.blotted(mail.facts), None
        if mail.state in (MailState.sent, MailState.failed):
            erasing.mails.append(mail.id)
    for notice in await db.exec(select(Notice).where(mentions(Notice.facts, whom))):
        notice.facts = whom.blotted(notice.facts)
    await db.flush()
