"""What mails and notices hold about people. An erased person's mails go, and with them their bytes and files."""

from typing import Any

from sqlalchemy import func, update
from sqlmodel import col, delete, select

from conference.mail.tables import (
    CalendarInvitation,
    Circular,
    EventSender,
    MailChoice,
    MailState,
    Notice,
    QueuedMail,
    Reminder,
    ReturnedMail,
)
from conference.storage.database import Db
from conference.storage.personal import Erasing, Kept, Purge, Purpose, Rows, Whom, empty_rows, is_theirs, mentions, rows_about

EMPTIED: dict[str, Any] = {"rendered": None, "facts": {}, "invitation": None, "to_name": "", "last_error": ""}
KEPT = (
    Kept(
        table=QueuedMail,
        what="Mails to them: the address, what they say, whether they arrived",
        purpose=Purpose.mail,
        seen_by="Whoever runs the house",
        addresses=("to_address",),
        names=("to_name",),
        words=("facts", "invitation", "rendered", "last_error", "zone", "language"),
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
    Kept(
        table=MailChoice,
        what="Which mails of an event they want",
        purpose=Purpose.mail,
        seen_by="They alone",
    ),
    Kept(
        table=CalendarInvitation,
        what="Seats that their calendar was sent, and what it answered",
        purpose=Purpose.mail,
        seen_by="They alone",
        words=("answer",),
    ),
    Kept(
        table=Reminder,
        what="Of what they were reminded",
        purpose=Purpose.mail,
        seen_by="They alone",
        plain=("lead",),
        purges=(Purge(days=30),),
    ),
    Kept(
        table=ReturnedMail,
        what="Mails to them that came back, and why",
        purpose=Purpose.mail,
        seen_by="They; organisers see that an address gets no mail",
        whose=(),
        addresses=("address_key",),
        words=("words",),
        plain=("digest",),
        purges=(Purge(days=180, since="noted_at"),),
    ),
    Kept(
        table=EventSender,
        what="To which address answers to an event’s mails go",
        purpose=Purpose.mail,
        seen_by="Whoever gets mail of the event",
        whose=(),
        addresses=("reply_to",),
        plain=("name",),
        stays="As long as the event writes mails",
        by_hand=True,
    ),
    Kept(
        table=Circular,
        what="Which organiser wrote a mail to many",
        purpose=Purpose.safety,
        seen_by="Organisers of the event",
        whose=(),
        others=("by_id",),
        plain=("subject", "body", "audience"),
        stays="As long as the event’s pages",
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
    await _answer_elsewhere(db, whom, erasing)
    await empty_rows(db, KEPT, whom)
    for mail in await db.exec(select(QueuedMail).where(mentions(QueuedMail.facts, whom))):
        mail.facts, mail.rendered = whom.blotted(mail.facts), None
        if mail.state in (MailState.sent, MailState.failed):
            erasing.mails.append(mail.id)
    for notice in await db.exec(select(Notice).where(mentions(Notice.facts, whom))):
        notice.facts = whom.blotted(notice.facts)
    await db.flush()


async def _answer_elsewhere(db: Db, whom: Whom, erasing: Erasing) -> None:
    """Answers to an event's mails go to them no more; the bytes of those that were sent say so, and go."""
    for sender in (await db.exec(select(EventSender).where(func.lower(EventSender.reply_to).in_(whom.addresses)))).all():
        sender.reply_to = ""
        sent = (col(QueuedMail.event_id) == sender.event_id, col(QueuedMail.rendered).is_not(None))
        erasing.mails += await db.exec(select(QueuedMail.id).where(*sent))
        await db.exec(update(QueuedMail).where(*sent).values(rendered=None).execution_options(synchronize_session=False))
    await db.flush()
