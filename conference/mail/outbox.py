"""The outbox: renders each queued mail once, keeps its bytes, then sends, with retries. One process at a time does it.

A crash between sending and noting it could send a mail twice: the Message-ID is the row's id, so both copies are one message
to those who look; a row left `sending` is tried again after `RESCUE`.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiosmtplib
from jinja2 import Environment
from sqlalchemy import or_, update
from sqlmodel import col, select

from conference.mail.tables import MailState, QueuedMail
from conference.settings import Settings
from conference.storage.database import Database
from conference.times import show

BATCH = 20
MAX_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=30)  # doubled after each failure
RESCUE = timedelta(minutes=5)
SMTP_TIMEOUT = 20  # seconds
# Python 3.11 loses a display name's quotes when it folds a long header, and a comma in a name then makes a second recipient.
UNFOLDED = SMTP.clone(max_line_length=998)
log = logging.getLogger("conference.mail")


async def send_waiting(database: Database, settings: Settings, templates: Environment, real_now: datetime, *, held: bool = False) -> int:
    """Send what is due, at most `BATCH`; the number that went out. `held`: into the folder, whatever the settings say (a rehearsal)."""
    mails = await _take(database, real_now)
    for mail in mails:
        await _send(database, settings, templates, mail, real_now, held=held)
    return len(mails)


async def _take(database: Database, real_now: datetime) -> Sequence[QueuedMail]:
    """Mark due mails as being sent, so that a second process leaves them alone."""
    async with database.writing() as db:
        due = (
            select(QueuedMail)
            .where(
                or_(col(QueuedMail.state) == MailState.draft, col(QueuedMail.state) == MailState.sending),
                col(QueuedMail.next_try_at) <= real_now,
            )
            .order_by(col(QueuedMail.next_try_at), col(QueuedMail.id))
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        mails = (await db.exec(due)).all()
        for mail in mails:
            mail.state = MailState.sending
            mail.next_try_at = real_now + RESCUE
            mail.attempts += 1
    return mails


async def _send(
    database: Database, settings: Settings, templates: Environment, mail: QueuedMail, real_now: datetime, *, held: bool
) -> None:
    try:
        raw = mail.rendered or compose(mail, settings, templates)
        await _note(database, mail, rendered=raw)
        if held or settings.mail_url == "folder:":
            await asyncio.to_thread(_keep, settings.mail_folder, mail, raw)
        else:
            await _by_smtp(settings, mail, raw)
    except (OSError, aiosmtplib.SMTPException, TimeoutError) as error:
        await _failed(database, mail, str(error), real_now)
        return
    except Exception as bug:  # a template that can't be rendered must not stop the mails behind it
        log.exception("mail %s can't be written", mail.id)
        await _note(database, mail, state=MailState.failed, last_error=str(bug)[:300])
        return
    await _note(database, mail, state=MailState.sent, sent_at=real_now, last_error="")


def compose(mail: QueuedMail, settings: Settings, templates: Environment) -> bytes:
    """The message's bytes. A template's first line is the subject, the rest after a blank line the plain text."""
    text = templates.get_template(f"mail/{mail.template}.txt").render(
        **mail.facts, name=mail.to_name, zone=mail.zone, base_url=settings.base_url, spoken=spoken_span
    )
    subject, _, body = text.partition("\n")
    message = EmailMessage(policy=UNFOLDED)
    sender_name, sender = parseaddr(settings.mail_from)
    message["From"] = Address(sender_name, addr_spec=sender)
    message["To"] = Address(_one_line(mail.to_name), addr_spec=mail.to_address)
    message["Subject"] = _one_line(subject)
    message["Date"] = format_datetime(mail.queued_at)
    message["Message-ID"] = f"<{mail.id}@{settings.uid_domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.strip() + "\n")
    return message.as_bytes()


def spoken_span(starts_at: str, ends_at: str, zone: str, event_zone: str, online: bool) -> str:
    """When something is, for a mail: the reader's own clock first online, the place's first in person, each with its date."""
    first, second = (zone, event_zone) if online else (event_zone, zone)
    start, end = datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
    time = show(start, end, first=first, second=second, event_zone=event_zone, mine=zone)
    readings = [time.first] if time.second is None else [time.first, time.second]
    return "\n".join(f"{one.date}, {one.times} {one.place} ({one.zone})" for one in readings)


async def _by_smtp(settings: Settings, mail: QueuedMail, raw: bytes) -> None:
    server = urlsplit(settings.mail_url)
    _, sender = parseaddr(settings.mail_from)
    await aiosmtplib.send(
        raw,
        sender=sender,
        recipients=[mail.to_address],
        hostname=server.hostname or "",
        port=server.port or (465 if server.scheme == "smtps" else 25),
        username=unquote(server.username) if server.username else None,
        password=unquote(server.password) if server.password else None,
        use_tls=server.scheme == "smtps",
        timeout=SMTP_TIMEOUT,
    )


def _keep(folder: Path, mail: QueuedMail, raw: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{mail.id}.eml").write_bytes(raw)


async def _failed(database: Database, mail: QueuedMail, error: str, real_now: datetime) -> None:
    given_up = mail.attempts >= MAX_ATTEMPTS
    log.warning("mail %s: attempt %s failed: %s", mail.id, mail.attempts, error)
    await _note(
        database,
        mail,
        state=MailState.failed if given_up else MailState.draft,
        next_try_at=real_now + FIRST_PAUSE * 2 ** (mail.attempts - 1),
        last_error=error[:300],
    )


async def _note(database: Database, mail: QueuedMail, **values: object) -> None:
    async with database.writing() as db:
        await db.exec(update(QueuedMail).where(col(QueuedMail.id) == mail.id).values(**values))


def _one_line(text: str) -> str:
    """Names and titles come from people: no line break of theirs may start a header."""
    return " ".join(text.split())
