"""Limits as organisers set them: shared seats, places held back with a code shown once, a number too low, a limit taken away."""

import re

from sqlmodel import select

from conference.registration.seats import book_seat
from conference.registration.tables import CapacityPool, HeldBack, PoolServes, PoolSession
from tests.console.cast import Console
from tests.registration.test_turns import REAL
from tests.world import BEFORE, delegate

POOLS = "/manage/events/wi-test/pools"


async def test_a_limit_from_its_making_to_its_end(console: Console) -> None:
    organiser, world = console.browsers["organiser"], console.world
    shared = {"serves": "sessions", "name": "Both", "capacity": "2", "waiting": "yes", "offer_minutes": "120"}
    made = await organiser.post(POOLS, data={**shared, "sessions": [str(world.talk.id), str(world.workshop.id)]})
    async with console.database.reading() as db:
        [pool] = (await db.exec(select(CapacityPool).where(CapacityPool.name == "Both"))).all()
        served = set((await db.exec(select(PoolSession.session_id).where(PoolSession.pool_id == pool.id))).all())
    assert (made.headers["location"], served) == (f"{POOLS}/{pool.id}", {world.talk.id, world.workshop.id})
    held = await organiser.post(f"{POOLS}/{pool.id}/held-back", data={"purpose": "speakers", "places": "1", "code": "yes"})
    [code] = re.findall(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}", held.text)
    assert code not in (await organiser.get(f"{POOLS}/{pool.id}")).text
    too_many = await organiser.post(f"{POOLS}/{pool.id}/held-back", data={"purpose": "bursaries", "places": "2"})
    assert (too_many.status_code, "1 places are free, so no more than that can be held back." in too_many.text) == (422, True)
    async with console.database.writing() as db:
        event, workshop = await db.merge(world.event), await db.merge(world.workshop)
        for name in ("Delegate in Lima", "Delegate in Oslo"):
            await book_seat(db, event, workshop, await delegate(db, world, name), BEFORE, REAL)
    page = await organiser.get(f"{POOLS}/{pool.id}")
    assert "1 of 2 places taken, 1 held back, 0 free, 1 waiting." in page.text
    assert "Delegate in Oslo (turn 1) joined the list." in page.text
    low = await organiser.post(f"{POOLS}/{pool.id}", data={**shared, "capacity": "1", "sessions": [str(world.workshop.id)]})
    assert (low.status_code, "1 places are taken and 1 held back, so there can&#39;t be fewer than 2." in low.text) == (422, True)
    assert "Everybody who waits (1) gets a place at once" in (await organiser.get(f"{POOLS}/{pool.id}/deletion")).text
    await organiser.post(f"{POOLS}/{pool.id}/deletion")
    async with console.database.reading() as db:
        ended = await db.get_one(CapacityPool, pool.id)
        [kept] = (await db.exec(select(HeldBack))).all()
    assert (ended.deleted_at is not None, kept.closed_at is not None) == (True, True)


async def test_another_events_limit_is_not_there(console: Console) -> None:
    async with console.database.reading() as db:
        [other] = (await db.exec(select(CapacityPool).where(CapacityPool.serves == PoolServes.event))).all()
    organiser = console.browsers["organiser"]
    assert (await organiser.get(f"{POOLS}/{other.id}")).status_code == 404
    assert (await organiser.post(f"{POOLS}/{other.id}/deletion")).status_code == 404
    kind = {"name": "In the room", "slug": "in-the-room", "takes_part": "yes", "pool": str(other.id)}
    assert (await organiser.post("/manage/events/wi-test/kinds", data=kind)).status_code == 404
