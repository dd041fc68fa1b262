"""Two organisers who limit the same session's seats at the same moment take turns."""

import asyncio
from datetime import UTC, datetime

from sqlmodel import select

from conference.registration.seats import set_seats
from conference.registration.tables import CapacityPool, PoolSession
from conference.storage.database import Database
from tests.world import BEFORE, build_world


async def test_two_first_limits_at_once_are_one_pool_with_the_later_number(database: Database) -> None:
    async with database.writing() as db:
        world = await build_world(db)

    async def limit(seats: int) -> None:
        async with database.writing() as db:
            event, talk = await db.merge(world.event), await db.merge(world.talk)
            await set_seats(db, event, talk, seats, BEFORE, datetime.now(UTC))

    await asyncio.gather(*(limit(number) for number in range(10, 20)))
    async with database.reading() as db:
        pools = (await db.exec(select(CapacityPool.capacity).join(PoolSession).where(PoolSession.session_id == world.talk.id))).all()
    assert len(pools) == 1
    assert pools[0] in range(10, 20)
