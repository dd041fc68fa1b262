"""Putting a mail into the outbox: a row of the caller's transaction, so it exists exactly when the act does."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, text, update
from sqlmodel import col, select

from conference.mail.tables import MailPurpose, MailState, QueuedMail
from conference.storage.database import Db
from conference.storage.personal import ERASED_DOMAIN

STRANGERS_MAILS = 5  # an hour to one address, whatever strangers do
STRANGERS_WINDOW = timedelta(hours=1)
BY_STRANGERS = (
    "sign_in",
    "sign_in_unknown",
    "registration_confirm",
    "registration_known",
    "turn_confirm",
    "turn_known",
    "interest_confirm",
    "interest_known",
    "place_offered",
    "address_confirm",
    "address_taken",
    "call_begin",
    "partner_asked",
    "referee_asked",
)
WAITS = "mail waits"  # in a transaction's `info`: whoever sends is woken after the commit


async def queue_mail(
    db: Db,
    template: str,
    to_address: str,
    real_now: datetime,
    *,
    to_name: str = "",
    person_id: UUID | None = None,
    event_id: UUID | None = None,
    zone: str = "UTC",
    language: str = "en",
    purpose: MailPurpose = MailPurpose.necessary,
    dedupe_key: str | None = None,
    first: bool = False,
    rehearsed: bool = False,
    expires_at: datetime | None = None,
    **facts: Any,
) -> QueuedMail | None:
    """Queue one mail; None when the same news (`dedupe_key`) is on its way already, and for whoever is erased.
    `first`: the caller knows that it isn't, since what it tells of was made just now.

    Facts are JSON: text, numbers, ISO instants.
    Whatever has another purpose than `necessary` needs a person and an event: it carries a way out, and goes only to those who want it.
    """
    if purpose != MailPurpose.necessary and not (person_id and event_id):
        raise ValueError(f"A mail that can be stopped ({template}) needs a person and an event.")
    if to_address.endswith(ERASED_DOMAIN):
        return None
    if dedupe_key and not first and (await db.exec(select(QueuedMail.id).where(QueuedMail.dedupe_key == dedupe_key))).first():
        return None
    mail = QueuedMail(
        template=template,
        to_address=to_address,
        to_name=to_name,
        person_id=person_id,
        event_id=event_id,
        zone=zone,
        language=language,
        purpose=purpose,
        dedupe_key=dedupe_key,
        rehearsed=rehearsed,
        expires_at=expires_at,
        facts=facts,
        state=MailState.draft,
        queued_at=real_now,
        next_try_at=real_now,
    )
    db.add(mail)
    db.info[WAITS] = True
    return mail


async def waiting_mails(db: Db, template: str, event_id: UUID) -> Sequence[QueuedMail]:
    """Mails of one kind that nobody has begun to send, for this transaction alone: what is news since may join them."""
    fresh = (
        QueuedMail.template == template,
        QueuedMail.event_id == event_id,
        QueuedMail.state == MailState.draft,
        QueuedMail.attempts == 0,
    )
    return (await db.exec(select(QueuedMail).where(*fresh).with_for_update(skip_locked=True))).all()


async def strangers_may_write(db: Db, address: str, real_now: datetime) -> bool:
    """Whether one more mail that anybody can cause may go to this address within the hour. Who asks at the same moment takes turns."""
    connection = await db.connection()
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:address))"), {"address": address.lower()})
    counted = (
        select(func.count())
        .select_from(QueuedMail)
        .where(
            func.lower(col(QueuedMail.to_address)) == address.lower(),
            col(QueuedMail.template).in_(BY_STRANGERS),
            col(QueuedMail.queued_at) > real_now - STRANGERS_WINDOW,
        )
    )
    return (await db.exec(counted)).one() < STRANGERS_MAILS


async def stop_waiting(db: Db, *which: Any, why: str) -> int:
    """Take back what nobody has begun to send; how many. `which` are conditions on QueuedMail."""
    waiting = update(QueuedMail).where(col(QueuedMail.state) == MailState.draft, *which)
    return (await db.exec(waiting.values(state=MailState.stopped, last_error=why))).rowcount
