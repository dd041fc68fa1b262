"""The roles at one event: who has them, and ending them without leaving an event to nobody."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.errors import Conflict, NotFound
from conference.people.actions import end_role
from conference.people.tables import Person, Role, RoleKind
from conference.storage.database import Db


async def roles_at(db: Db, event_id: UUID) -> Sequence[tuple[Role, Person]]:
    """Everybody's live roles at an event: organisers first, then by name."""
    live = select(Role, Person).join(Person).where(Role.event_id == event_id, col(Role.ended_at).is_(None))
    found = (await db.exec(live.order_by(col(Person.name), col(Person.id)))).all()
    order = list(RoleKind)
    return sorted(found, key=lambda pair: order.index(pair[0].kind))


async def live_role(db: Db, event_id: UUID, role_id: UUID) -> tuple[Role, Person]:
    """Raises NotFound where this event has no such role, or it ended."""
    one = select(Role, Person).join(Person).where(Role.id == role_id, Role.event_id == event_id, col(Role.ended_at).is_(None))
    found = (await db.exec(one)).first()
    if not found:
        raise NotFound("There is no such role, or it has ended.")
    return found


async def end_role_of(db: Db, role: Role, person: Person, now: datetime, *, by: UUID) -> None:
    """End a role. Raises Conflict for the event's last organiser: two who end each other's take turns."""
    if role.kind == RoleKind.organiser:
        organisers = select(Role).where(Role.event_id == role.event_id, Role.kind == role.kind, col(Role.ended_at).is_(None))
        live = (await db.exec(organisers.order_by(col(Role.id)).with_for_update(key_share=True))).all()
        if len(live) < 2:
            raise Conflict(f"{person.name} is the only organiser. Give somebody else that role first, so that the event has one.")
    await end_role(db, person, role.event_id, role.kind, now, by=by)
