"""Finding persons and what they may do."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import col, select

from conference.people.rules import email_key
from conference.people.tables import Person, Role, RoleKind, SignIn
from conference.storage.database import Db


async def person_by_email(db: Db, email: str) -> Person | None:
    return (await db.exec(select(Person).where(Person.email_key == email_key(email)))).first()


async def people_by_id(db: Db, ids: Iterable[UUID]) -> dict[UUID, Person]:
    found = await db.exec(select(Person).where(col(Person.id).in_(set(ids))))
    return {person.id: person for person in found}


async def roles_of(db: Db, person_id: UUID) -> Sequence[Role]:
    """The roles that a person has now, at all events."""
    return (await db.exec(select(Role).where(Role.person_id == person_id, col(Role.ended_at).is_(None)))).all()


async def has_role(db: Db, person_id: UUID, event_id: UUID, *kinds: RoleKind) -> bool:
    mine = select(Role.id).where(
        Role.person_id == person_id, Role.event_id == event_id, col(Role.kind).in_(kinds), col(Role.ended_at).is_(None)
    )
    return (await db.exec(mine)).first() is not None


async def people_with_role(db: Db, event_id: UUID, kind: RoleKind) -> Sequence[Person]:
    return (
        await db.exec(select(Person).join(Role).where(Role.event_id == event_id, Role.kind == kind, col(Role.ended_at).is_(None)))
    ).all()


async def has_ever_signed_in(db: Db, person_id: UUID) -> bool:
    """Whether this person has shown that the address is theirs."""
    return (await db.exec(select(SignIn.id).where(SignIn.person_id == person_id))).first() is not None
