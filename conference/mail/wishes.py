"""What somebody wants to get, of which event; and the links that stop one kind of mail without signing in."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import update
from sqlmodel import col, select

from conference.errors import Conflict
from conference.mail.tables import CalendarInvitation, MailChoice, MailPurpose, QueuedMail, ReturnedKind, ReturnedMail, Wish
from conference.storage.database import Db, in_parts

WANTED_UNTOLD = {Wish.reminder: True, Wish.announcement: True, Wish.interest: True, Wish.invitation: False}
FORGED = "This link is not one of ours, or it was cut off in the mail. Sign in and choose under “My mail”."


def stop_token(secret: str, person_id: UUID, event_id: UUID, purpose: MailPurpose) -> str:
    """What a mail's way out ends with. It works as long as the secret: people press it years later."""
    return _signer(secret).dumps([person_id.hex, event_id.hex, purpose.value])


def read_stop_token(secret: str, token: str) -> tuple[UUID, UUID, Wish]:
    """Whose, which event, which kind of mail. Raises Conflict for a forged one."""
    try:
        person, event, purpose = _signer(secret).loads(token)
        return UUID(person), UUID(event), Wish(purpose)
    except (BadSignature, ValueError, TypeError, AttributeError) as forged:
        raise Conflict(FORGED) from forged


async def choices_of(db: Db, person_id: UUID, event_id: UUID) -> dict[Wish, bool]:
    mine = select(MailChoice).where(MailChoice.person_id == person_id, MailChoice.event_id == event_id)
    return WANTED_UNTOLD | {row.wish: row.wanted for row in await db.exec(mine)}


async def wants(db: Db, person_id: UUID, event_id: UUID, wish: Wish) -> bool:
    one = select(MailChoice.wanted).where(MailChoice.person_id == person_id, MailChoice.event_id == event_id, MailChoice.wish == wish)
    chosen = (await db.exec(one)).first()
    return WANTED_UNTOLD[wish] if chosen is None else chosen


async def choose(db: Db, person_id: UUID, event_id: UUID, wish: Wish, wanted: bool, real_now: datetime) -> None:
    """Choosing twice is one choice. What waits to go looks again when it does."""
    one = select(MailChoice).where(MailChoice.person_id == person_id, MailChoice.event_id == event_id, MailChoice.wish == wish)
    row = (await db.exec(one.with_for_update())).first()
    if row is None:
        row = MailChoice(person_id=person_id, event_id=event_id, wish=wish, wanted=wanted, chosen_at=real_now)
    row.wanted, row.chosen_at = wanted, real_now
    db.add(row)
    await db.flush()


async def unwanted(db: Db, mails: Sequence[QueuedMail]) -> dict[UUID, str]:
    """Which of these must not go any more, by id, and why. What is necessary always goes, and what somebody sends to themselves."""
    optional = [mail for mail in mails if mail.purpose != MailPurpose.necessary and not mail.facts.get("is_test")]
    if not optional:
        return {}
    stops = select(MailChoice).where(
        col(MailChoice.person_id).in_({mail.person_id for mail in optional if mail.person_id}), col(MailChoice.wanted).is_(False)
    )
    stopped = {(row.person_id, row.event_id, row.wish.value) for row in await db.exec(stops)}
    dead = await dead_addresses(db, (mail.to_address for mail in optional))
    why = {mail.id: "The person stopped this kind of mail." for mail in optional if _key(mail) in stopped}
    return why | {mail.id: "Mail to this address came back." for mail in optional if mail.to_address.casefold() in dead}


async def dead_addresses(db: Db, addresses: Iterable[str]) -> set[str]:
    """Which of these (as they are compared) sent mail back for good, and nobody has said that they work again."""
    found: set[str] = set()
    for part in in_parts({address.casefold() for address in addresses}):
        hard = (ReturnedMail.kind == ReturnedKind.hard, col(ReturnedMail.cleared_at).is_(None))
        found |= set(await db.exec(select(ReturnedMail.address_key).where(col(ReturnedMail.address_key).in_(part), *hard)))
    return found


async def works_again(db: Db, address: str, real_now: datetime) -> None:
    """Whoever has the address says that mail arrives."""
    mine = (col(ReturnedMail.address_key) == address.casefold(), col(ReturnedMail.cleared_at).is_(None))
    await db.exec(update(ReturnedMail).where(*mine).values(cleared_at=real_now))


async def invited_to(db: Db, person_id: UUID, session_id: UUID) -> CalendarInvitation | None:
    mine = select(CalendarInvitation).where(CalendarInvitation.person_id == person_id, CalendarInvitation.session_id == session_id)
    return (await db.exec(mine.with_for_update())).first()


def _key(mail: QueuedMail) -> tuple[UUID | None, UUID | None, str]:
    return mail.person_id, mail.event_id, mail.purpose.value


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="mail-choice")
