"""The outbox: takes what is due, writes it out, hands it over, once. Several lanes may work at a time, in one process or more.

Each mail is marked before it is taken up, and again in the instant before its last byte leaves (`handed_at`), by whoever marked it first.
A crash before that instant: it is taken up again after `RESCUE`. After it: nobody can know, so it is never sent again by itself, and
stands as `unsure` for organisers to see (docs/decisions/0023).
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import aiosmtplib
from jinja2 import Environment
from sqlalchemy import case, update
from sqlmodel import col, select

from conference.mail.carrier import ANSWER_PATIENCE, Carrier, NoAnswer, NotOurs, Refused
from conference.mail.compose import compose, envelope_sender
from conference.mail.pace import Pace
from conference.mail.returns import refused_at_the_door
from conference.mail.senders import senders_of
from conference.mail.tables import EventSender, MailPurpose, MailState, QueuedMail
from conference.mail.wishes import unwanted
from conference.settings import Settings
from conference.storage.database import Database, Db

BATCH = 20
MAX_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=30)  # doubled after each failure
RESCUE = timedelta(minutes=1)
UNSURE_AFTER = timedelta(seconds=ANSWER_PATIENCE) + RESCUE
NO_ANSWER = "The server has this mail, and did not say what it did with it. It is not sent again by itself."
log = logging.getLogger("conference.mail")


async def send_waiting(
    database: Database,
    settings: Settings,
    templates: Environment,
    real_now: datetime,
    *,
    held: bool = False,
    carrier: Carrier | None = None,
    pace: Pace | None = None,
) -> int:
    """Send what is due, at most `BATCH`; how many were looked at. `held`: into the folder, whatever the settings say (a rehearsal)."""
    looked_at, mails, senders = await _take(database, real_now, pace)
    by = carrier or Carrier(settings)
    try:
        for mail in mails:
            raw = await _composed(database, mail, settings, templates, senders)
            if raw is None:
                continue
            try:
                await _send(database, settings, mail, raw, real_now, held=held or mail.rehearsed, by=by)
            except Exception:  # it stays marked as being sent, and is looked at again after a while; the others go on
                log.exception("mail %s could not be sent", mail.id)
                by.close()
    finally:
        if carrier is None:
            by.close()
    return looked_at


async def _take(database: Database, real_now: datetime, pace: Pace | None) -> tuple[int, list[QueuedMail], dict[UUID, EventSender]]:
    """Mark due mails as being sent, so that others leave them alone; what people wait for comes before what was sent to many."""
    due = select(QueuedMail).where(
        col(QueuedMail.state).in_((MailState.draft, MailState.sending)),
        col(QueuedMail.next_try_at) <= real_now,
    )
    async with database.reading() as db:
        if (await db.exec(due.limit(1))).first() is None:
            return 0, [], {}
    rank = case((col(QueuedMail.purpose) == MailPurpose.necessary, 0), else_=1)
    async with database.writing() as db:
        ordered = due.order_by(rank, col(QueuedMail.next_try_at), col(QueuedMail.id)).limit(BATCH)
        found = (await db.exec(ordered.with_for_update(skip_locked=True))).all()
        mails = await _fit_to_go(db, found, real_now, pace)
        senders = await senders_of(db, (mail.event_id for mail in mails))
    return len(found), mails, senders


async def _fit_to_go(db: Db, found: Sequence[QueuedMail], real_now: datetime, pace: Pace | None) -> list[QueuedMail]:
    stopped, mails = await unwanted(db, found), []
    for mail in found:
        domain = mail.to_address.rpartition("@")[2].lower()
        if mail.handed_at:
            mail.state, mail.last_error = MailState.unsure, NO_ANSWER
        elif mail.expires_at and mail.expires_at <= real_now:
            mail.state, mail.last_error = MailState.stopped, "It was too late for it to make sense."
        elif mail.id in stopped:
            mail.state, mail.last_error = MailState.stopped, stopped[mail.id]
        elif pace and not pace.may_go(domain, real_now):
            mail.next_try_at = pace.later(domain, real_now)
        else:
            mail.state, mail.next_try_at = MailState.sending, real_now + RESCUE
            mail.attempts += 1
            mails.append(mail)
    return mails


async def _composed(
    database: Database, mail: QueuedMail, settings: Settings, templates: Environment, senders: dict[UUID, EventSender]
) -> bytes | None:
    try:
        return mail.rendered or compose(mail, settings, templates, senders.get(mail.event_id) if mail.event_id else None)
    except Exception as bug:  # a template that can't be rendered must not stop the mails behind it
        log.exception("mail %s can't be written", mail.id)
        await _note(database, mail, state=MailState.failed, last_error=str(bug)[:300])
        return None


async def _send(
    database: Database, settings: Settings, mail: QueuedMail, raw: bytes, real_now: datetime, *, held: bool, by: Carrier
) -> None:
    try:
        if held or settings.mail_url == "folder:":
            await _note(database, mail, rendered=raw)
            await asyncio.to_thread(_keep, settings.mail_folder, mail, raw)
        else:
            hand_over = partial(_hand_over, database, mail, raw, real_now)
            await by.carry(envelope_sender(mail, settings), mail.to_address, raw, hand_over)
    except NotOurs:
        return
    except NoAnswer as lost:
        log.warning("mail %s: no answer: %s", mail.id, lost)
        await _note(database, mail, state=MailState.unsure, last_error=NO_ANSWER)
    except Refused as no:
        await _failed(database, mail, str(no), real_now, for_good=no.permanent)
        if no.dead_address:
            async with database.writing() as db:
                await refused_at_the_door(db, mail, str(no), real_now)
    except (OSError, aiosmtplib.SMTPException, TimeoutError, ValueError) as error:  # ValueError: an address that SMTP can't carry
        await _failed(database, mail, str(error) or type(error).__name__, real_now)
    else:
        await _note(database, mail, state=MailState.sent, sent_at=real_now, last_error="")


async def _hand_over(database: Database, mail: QueuedMail, raw: bytes, real_now: datetime) -> bool:
    """Whether the last byte may leave: only once for each time it was taken up, and only by whoever took it up last."""
    mine = (
        col(QueuedMail.id) == mail.id,
        col(QueuedMail.state) == MailState.sending,
        col(QueuedMail.attempts) == mail.attempts,
        col(QueuedMail.handed_at).is_(None),
    )
    noted = {"handed_at": real_now, "rendered": raw, "next_try_at": real_now + UNSURE_AFTER}
    async with database.writing() as db:
        return bool((await db.exec(update(QueuedMail).where(*mine).values(**noted))).rowcount)


def _keep(folder: Path, mail: QueuedMail, raw: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{mail.id}.eml").write_bytes(raw)


async def _failed(database: Database, mail: QueuedMail, error: str, real_now: datetime, *, for_good: bool = False) -> None:
    given_up = for_good or mail.attempts >= MAX_ATTEMPTS
    log.warning("mail %s: attempt %s failed: %s", mail.id, mail.attempts, error)
    await _note(
        database,
        mail,
        state=MailState.failed if given_up else MailState.draft,
        next_try_at=real_now + FIRST_PAUSE * 2 ** (mail.attempts - 1),
        handed_at=None,
        last_error=error[:300],
    )


async def _note(database: Database, mail: QueuedMail, **values: Any) -> None:
    """What became of it; nothing where somebody else has taken it up since."""
    mine = (col(QueuedMail.id) == mail.id, col(QueuedMail.attempts) == mail.attempts)
    async with database.writing() as db:
        await db.exec(update(QueuedMail).where(*mine).values(**values))
