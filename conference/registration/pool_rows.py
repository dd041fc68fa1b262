"""What the organisers' pages about limits and kinds of tickets have in common."""

from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request

from conference.errors import Invalid
from conference.people.access import require_role
from conference.people.tables import Person, RoleKind
from conference.programme.queries import event_at, programme_of
from conference.programme.tables import Event
from conference.registration.queries import kinds_at, session_pools
from conference.registration.rules import places_left
from conference.registration.tables import CapacityPool, PoolServes
from conference.registration.waiting import waiting_counts
from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class PoolRow:
    pool: CapacityPool
    name: str
    serves: tuple[str, ...]
    free: int
    waiting: int


async def organised(db: Db, request: Request) -> tuple[Event, Person]:
    event = await event_at(db, request.path_params["event"])
    return event, await require_role(db, request, event.id, RoleKind.organiser)


async def row_of(db: Db, event: Event, pool: CapacityPool) -> PoolRow:
    served = {session_id for session_id, one in (await session_pools(db, event.id)).items() if one.id == pool.id}
    titles = tuple(facts.session.title for facts in await programme_of(db, event) if facts.session.id in served)
    of_kinds = tuple(kind.name for kind in await kinds_at(db, event.id) if kind.pool_id == pool.id)
    first = ("Everybody without a kind of ticket",) if pool.serves == PoolServes.event else ()
    name = pool.name or (titles[0] if titles else "Places at the event" if pool.serves == PoolServes.event else "A limit")
    waiting = await waiting_counts(db, [pool.id])
    return PoolRow(pool, name, (*first, *titles, *of_kinds), places_left(pool), waiting.get(pool.id, 0))


def ids_in(typed: frozenset[str] | list[str]) -> list[UUID]:
    try:
        return [UUID(one) for one in typed]
    except ValueError as wrong:
        raise Invalid("sessions", "Choose from the list.") from wrong
