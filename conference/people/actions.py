"""Becoming known, signing in and out, and being given a role."""

from datetime import datetime, timedelta
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from conference.errors import Conflict
from conference.people.queries import has_role, person_by_email
from conference.people.rules import (
    LINK_LASTS,
    SIGN_IN_LASTS,
    clean_email,
    clean_name,
    email_key,
    new_token,
    token_hash,
)
from conference.people.tables import (
    LinkPurpose,
    MailedLink,
    Person,
    Role,
    RoleKind,
    SignIn,
)
from conference.record.actions import note
from conference.storage.database import Db

LINK_IS_OVER = "This link has been used already, or its time is over. Ask for a new one: it takes a minute."


async def know_person(
    db: Db, email: str, name: str, now: datetime, *, zone: str | None = None, country: str | None = None, organisation: str = ""
) -> Person:
    """The person with this address, made where nobody has it yet. What a known person told us is left alone."""
    address = clean_email(email)
    known = await person_by_email(db, address)
    if known:
        return known
    person = Person(
        email=address,
        email_key=email_key(address),
        name=clean_name(name),
        zone=zone,
        country=country,
        organisation=organisation,
        made_at=now,
    )
    try:
        async with db.begin_nested():
            db.add(person)
    except IntegrityError:  # somebody made them at this very moment
        made = await person_by_email(db, address)
        assert made
        return made
    return person


async def make_link(
    db: Db,
    secret: str,
    person: Person,
    purpose: LinkPurpose,
    real_now: datetime,
    *,
    lasts: timedelta = LINK_LASTS,
    subject_id: UUID | None = None,
    next_path: str = "/me",
    name: str = "",
) -> str:
    """The token of a link to mail: signed, and a row, so that it works once. `name` is what was typed with it."""
    link = MailedLink(
        person_id=person.id,
        purpose=purpose,
        subject_id=subject_id,
        next_path=next_path,
        name=name,
        made_at=real_now,
        expires_at=real_now + lasts,
    )
    db.add(link)
    await db.flush()
    return _signer(secret, purpose).dumps(link.id.hex)


async def use_link(db: Db, secret: str, token: str, purpose: LinkPurpose, real_now: datetime) -> MailedLink:
    """Use a mailed link up, in one atomic step. Raises Conflict where it is forged, used or over."""
    try:
        link_id = UUID(_signer(secret, purpose).loads(token))
    except (BadSignature, ValueError, TypeError) as forged:
        raise Conflict(LINK_IS_OVER) from forged
    used = await db.exec(
        update(MailedLink)
        .where(
            col(MailedLink.id) == link_id,
            col(MailedLink.purpose) == purpose,
            col(MailedLink.used_at).is_(None),
            col(MailedLink.expires_at) > real_now,
        )
        .values(used_at=real_now)
    )
    if not used.rowcount:
        raise Conflict(LINK_IS_OVER)
    return (await db.exec(select(MailedLink).where(MailedLink.id == link_id))).one()


async def sign_in(db: Db, person_id: UUID, real_now: datetime, device: str = "") -> str:
    """A new sign-in; the token for this device's cookie. `device`: what kind it is, in words of ours."""
    token, until = new_token(), real_now + SIGN_IN_LASTS
    db.add(SignIn(person_id=person_id, token_hash=token_hash(token), device=device, made_at=real_now, expires_at=until))
    note(db, "signed in", f"person:{person_id}", real_now, person_id=person_id)
    return token


async def sign_out(db: Db, sign_in_id: UUID, real_now: datetime) -> None:
    await db.exec(update(SignIn).where(col(SignIn.id) == sign_in_id, col(SignIn.ended_at).is_(None)).values(ended_at=real_now))


async def grant_role(db: Db, person: Person, event_id: UUID, kind: RoleKind, now: datetime, *, by: UUID | None = None) -> None:
    """Give a role; having it already is fine."""
    if await has_role(db, person.id, event_id, kind):
        return
    db.add(Role(person_id=person.id, event_id=event_id, kind=kind, granted_at=now))
    note(db, "role granted", f"person:{person.id}", now, person_id=by, event_id=event_id, role=kind)
    await db.flush()


async def end_role(db: Db, person: Person, event_id: UUID, kind: RoleKind, now: datetime, *, by: UUID | None = None) -> None:
    live = (col(Role.person_id) == person.id, col(Role.event_id) == event_id, col(Role.kind) == kind, col(Role.ended_at).is_(None))
    await db.exec(update(Role).where(*live).values(ended_at=now))
    note(db, "role ended", f"person:{person.id}", now, person_id=by, event_id=event_id, role=kind)


def _signer(secret: str, purpose: LinkPurpose) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=f"mailed-link:{purpose}")
