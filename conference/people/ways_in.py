"""Passwords and devices of one person: setting, changing, ending."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, delete, select

from conference.errors import Conflict, NotFound
from conference.people.actions import sign_in
from conference.people.passwords import check_password, hashed, is_right
from conference.people.queries import person_by_email
from conference.people.tables import Password, Person, SignIn
from conference.people.tries import forget_try
from conference.record.actions import note
from conference.storage.database import Database, Db

NO_MATCH = "This address and password do not belong together. Look at both, or use the link by mail."


async def password_of(db: Db, person_id: UUID) -> Password | None:
    return (await db.exec(select(Password).where(Password.person_id == person_id))).first()


async def prove(database: Database, email: str, typed: str) -> Person | None:
    """Whose password this is; None for a wrong one, whoever has or has not this address. Call it outside of a transaction."""
    async with database.reading() as db:
        person = await person_by_email(db, email)
        row = await password_of(db, person.id if person else UUID(int=0))
    return person if await is_right(typed, row.hash if row else "") else None


async def sign_in_proven(db: Db, person: Person, try_id: UUID, real_now: datetime, device: str) -> str:
    """After `prove`; the token for the device's cookie. Raises Conflict where the password was taken away meanwhile."""
    if await password_of(db, person.id) is None:
        raise Conflict(NO_MATCH)
    await forget_try(db, try_id)
    return await sign_in(db, person.id, real_now, device)


async def hash_for(typed: str, person: Person) -> str:
    """Raises Invalid for a password that won't do. Call it outside of a transaction: it takes a moment."""
    return await hashed(check_password(typed, person.email, person.name))


async def set_password(db: Db, person: Person, made: str, real_now: datetime, *, keep: UUID | None) -> bool:
    """Set it, or another in its place; True where there was one. Other devices are signed out: the old one may be known there."""
    await db.refresh(person, with_for_update={"key_share": True})
    row = await password_of(db, person.id)
    if row:
        row.hash, row.set_at = made, real_now
    else:
        db.add(Password(person_id=person.id, hash=made, set_at=real_now))
    note(db, "password changed" if row else "password set", f"person:{person.id}", real_now, person_id=person.id)
    await sign_out_everywhere(db, person.id, real_now, but=keep)
    await db.flush()
    return row is not None


async def remove_password(db: Db, person: Person, real_now: datetime) -> bool:
    removed = (await db.exec(delete(Password).where(col(Password.person_id) == person.id))).rowcount
    if removed:
        note(db, "password removed", f"person:{person.id}", real_now, person_id=person.id)
    return bool(removed)


async def devices_of(db: Db, person_id: UUID, real_now: datetime) -> Sequence[SignIn]:
    """Where the person is signed in, the newest first."""
    live = (SignIn.person_id == person_id, col(SignIn.ended_at).is_(None), col(SignIn.expires_at) > real_now)
    return (await db.exec(select(SignIn).where(*live).order_by(col(SignIn.id).desc()))).all()


async def sign_out_device(db: Db, person_id: UUID, sign_in_id: UUID, real_now: datetime) -> None:
    """One of one's own. Raises NotFound for anybody else's."""
    one = (col(SignIn.id) == sign_in_id, col(SignIn.person_id) == person_id, col(SignIn.ended_at).is_(None))
    if not (await db.exec(update(SignIn).where(*one).values(ended_at=real_now))).rowcount:
        raise NotFound("This device is signed out already, or it is not one of yours.")
    note(db, "device signed out", f"person:{person_id}", real_now, person_id=person_id)


async def sign_out_everywhere(db: Db, person_id: UUID, real_now: datetime, *, but: UUID | None = None) -> int:
    """How many devices were signed out. Their open sockets are cut within seconds, as after any sign-out."""
    live = [col(SignIn.person_id) == person_id, col(SignIn.ended_at).is_(None)]
    if but:
        live.append(col(SignIn.id) != but)
    ended = int((await db.exec(update(SignIn).where(*live).values(ended_at=real_now))).rowcount)
    if ended:
        note(db, "signed out everywhere", f"person:{person_id}", real_now, person_id=person_id, devices=ended)
    return ended


async def note_seen(db: Db, sign_in_ids: Collection[UUID], real_now: datetime) -> None:
    """That these devices were here today, and so their people."""
    await db.exec(update(SignIn).where(col(SignIn.id).in_(sign_in_ids)).values(seen_at=real_now))
    people = select(SignIn.person_id).where(col(SignIn.id).in_(sign_in_ids))
    await db.exec(update(Person).where(col(Person.id).in_(people)).values(seen_at=real_now))
