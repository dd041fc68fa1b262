"""What those who press a registration's button see before they stand in line: what is asked, and whether all places are taken.

Many who come at the same time look together, at one moment of the database. Who could get neither a place nor a turn there is told so
at once: it is as true as after a wait, and a place that becomes free later is another moment. All else is decided with the pool locked.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.clock import Clock
from conference.errors import Conflict, NotFound
from conference.programme.queries import event_at
from conference.programme.tables import Event
from conference.registration.form_queries import form_of
from conference.registration.form_rules import FormAsked
from conference.registration.queries import kinds_at, pool_of_event
from conference.registration.rules import check_registration_is_open, full_words, has_free_place
from conference.registration.tables import CapacityPool, Registration
from conference.storage.database import Database, Db
from conference.storage.gathering import Gathering

Who = tuple[str, UUID | None]  # an event's slug, and who comes


@dataclass(frozen=True, slots=True)
class Seen:
    """`full`: why there is nothing to get for this person; empty where the line decides."""

    asked: FormAsked
    full: str = ""


class Door:
    """One for each process."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._seen = Gathering(self.look)

    async def seen(self, slug: str, person_id: UUID | None) -> Seen:
        """Raises NotFound."""
        found = await self._seen.find((slug, person_id))
        if found is None:
            raise NotFound("There is no event at this address.")
        return found

    async def look(self, many: Collection[Who]) -> Mapping[Who, Seen]:
        seen: dict[Who, Seen] = {}
        async with self._database.reading() as db:
            for slug in {slug for slug, _ in many}:
                try:
                    event = await event_at(db, slug)
                except NotFound:
                    continue
                asked, full = await form_of(db, event.id), await self._full(db, event)
                there = {person for other, person in many if other == slug}
                may_have = await _registered(db, event.id, there) if full else there
                seen |= {(slug, person): Seen(asked, "" if person is None or person in may_have else full) for person in there}
        return seen

    async def _full(self, db: Db, event: Event) -> str:
        """Why nobody who has no place there could get one; empty where that takes more than a look."""
        pool = await pool_of_event(db, event.id)
        if pool is None or has_free_place(pool) or pool.waiting or pool.last_turn or pool.held:
            return ""
        if await kinds_at(db, event.id) or await _holds_lapse(db, pool, self._clock.real_now()):
            return ""
        try:
            check_registration_is_open(event, self._clock.now())
        except Conflict:
            return ""
        return full_words(event, pool)


async def _holds_lapse(db: Db, pool: CapacityPool, real_now: datetime) -> bool:
    over = select(Registration.id).where(Registration.event_id == pool.event_id, col(Registration.held_until) <= real_now)
    return (await db.exec(over.where(col(Registration.cancelled_at).is_(None)).limit(1))).first() is not None


async def _registered(db: Db, event_id: UUID, people: Collection[UUID | None]) -> set[UUID]:
    alive = (Registration.event_id == event_id, col(Registration.cancelled_at).is_(None))
    theirs = select(Registration.person_id).where(*alive, col(Registration.person_id).in_([person for person in people if person]))
    return set((await db.exec(theirs)).all())
