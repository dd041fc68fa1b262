"""Another e-mail address: a link goes to the new one, and only whoever reads mail there makes the change. The old one is told."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from conference.errors import Conflict
from conference.mail.actions import queue_mail, strangers_may_write
from conference.mail.tables import MailState, QueuedMail
from conference.people.queries import person_by_email
from conference.people.rules import email_key, new_token, token_hash
from conference.people.tables import AddressChange, MailedLink, Person
from conference.record.actions import note
from conference.storage.database import Db

CHANGE_LASTS = timedelta(hours=2)
IS_OVER = "This link has been used already, or its time is over. Ask for the change once more on the page of your details."
IS_TAKEN = "Somebody else signs in with this address by now. Nothing was changed."


async def ask_for_address(db: Db, person: Person, email: str, real_now: datetime, *, address: Callable[[str], str]) -> None:
    """Mail a link to the new address. Whether anybody has it already never shows here: the mail to it says so.

    `address` makes the confirmation page's of the link's token.
    """
    if email_key(email) == person.email_key or not await strangers_may_write(db, email, real_now):
        return
    if await person_by_email(db, email):
        await queue_mail(db, "address_taken", email, real_now)
        return
    token, until = new_token(), real_now + CHANGE_LASTS
    db.add(AddressChange(person_id=person.id, email=email, token_hash=token_hash(token), made_at=real_now, expires_at=until))
    hours = CHANGE_LASTS.seconds // 3600
    await queue_mail(db, "address_confirm", email, real_now, to_name=person.name, person_id=person.id, link=address(token), hours=hours)


async def change_address(db: Db, token: str, real_now: datetime) -> Person:
    """Use the link up, in one atomic step. Raises Conflict where it is used or over, or the address is somebody's by now."""
    fresh = (
        col(AddressChange.token_hash) == token_hash(token),
        col(AddressChange.used_at).is_(None),
        col(AddressChange.expires_at) > real_now,
    )
    if not (await db.exec(update(AddressChange).where(*fresh).values(used_at=real_now))).rowcount:
        raise Conflict(IS_OVER)
    change = (await db.exec(select(AddressChange).where(AddressChange.token_hash == token_hash(token)))).one()
    person = await db.get_one(Person, change.person_id, with_for_update={"key_share": True}, populate_existing=True)
    if person.erased_at:
        raise Conflict(IS_OVER)
    old = person.email
    try:
        async with db.begin_nested():
            person.email, person.email_key = change.email, email_key(change.email)
    except IntegrityError as taken:
        raise Conflict(IS_TAKEN) from taken
    others = (col(MailedLink.person_id) == person.id, col(MailedLink.used_at).is_(None))
    await db.exec(update(MailedLink).where(*others).values(used_at=real_now))  # they went to the old address
    waiting = (col(QueuedMail.person_id) == person.id, col(QueuedMail.state) == MailState.draft, col(QueuedMail.to_address) == old)
    await db.exec(update(QueuedMail).where(*waiting).values(to_address=change.email, rendered=None))
    await queue_mail(db, "address_changed", old, real_now, to_name=person.name, person_id=person.id)
    note(db, "address changed", f"person:{person.id}", real_now, person_id=person.id)
    return person
