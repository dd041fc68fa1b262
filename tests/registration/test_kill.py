"""kill -9 in the middle of booking: every seat and turn that was acknowledged is there, once; nothing is counted wrong."""

import asyncio
import os
import random
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from httpx2 import AsyncClient, HTTPError
from sqlmodel import col, select

from conference.registration.tables import Booking, CapacityPool, PoolSession, WaitlistEntry
from conference.storage.database import Database
from tests.blank import make_blank
from tests.servers import Process
from tests.world import build_world, cookie_of, delegate

PEOPLE, SEATS = 12, 4
READY_WITHIN = 15.0 if "PYTEST_XDIST_WORKER" in os.environ else 5.0  # seconds after a kill; longer where tests run side by side
ROUNDS = [1, *(pytest.param(number, marks=pytest.mark.soak) for number in range(2, 21))]  # test_kill_storm.py kills more often


class Hand:
    """One delegate who books and gives up, again and again, and remembers what the house has acknowledged."""

    def __init__(self, person_id: UUID, token: str) -> None:
        self.person_id = person_id
        self.headers = {"Cookie": f"sign_in={token}"}
        self.has = False  # a seat or a turn, as last acknowledged
        self.under_way = False  # something was sent that got no answer
        self.acknowledged = 0

    async def press(self, client: AsyncClient, path: str) -> None:
        while True:
            self.under_way = True
            answer = await client.post(path + ("/cancellation" if self.has else ""), headers=self.headers)
            assert answer.status_code == 303
            self.has, self.under_way = not self.has, False
            self.acknowledged += 1


@pytest.mark.parametrize("number", ROUNDS)
async def test_every_acknowledged_seat_and_turn_survives_a_kill(tmp_path: Path, number: int) -> None:
    chance = random.Random(number)
    data = tmp_path / "var"
    data.mkdir()
    url = f"sqlite:///{data / 'conference.db'}"
    make_blank(url)
    database = Database(url)
    async with database.writing() as db:
        world = await build_world(db, seats=SEATS)
        people = [await delegate(db, world, f"Delegate {index}") for index in range(PEOPLE)]
        hands = [Hand(person.id, (await cookie_of(db, person))["sign_in"]) for person in people]
    path = f"/events/wi-test/sessions/{world.workshop.slug}/booking"
    house = Process(data, "serve", "--at", "2021-06-25T09:55+01:00")
    house.start()
    try:
        async with AsyncClient(base_url=house.address, timeout=20) as client:
            work = [asyncio.create_task(_until_the_line_breaks(hand, client, path)) for hand in hands]
            await asyncio.sleep(chance.uniform(0.4, 1.5))
            await asyncio.to_thread(house.kill)
            await asyncio.gather(*work)
        assert sum(hand.acknowledged for hand in hands) > 0
        assert await asyncio.to_thread(house.start) < READY_WITHIN
        await _look(database, world.workshop.id, hands)
    finally:
        await asyncio.to_thread(house.stop)
        await database.close()


async def _until_the_line_breaks(hand: Hand, client: AsyncClient, path: str) -> None:
    with suppress(HTTPError):
        await hand.press(client, path)


async def _look(database: Database, session_id: UUID, hands: list[Hand]) -> None:
    async with database.reading() as db:
        seated = select(Booking.person_id).where(Booking.session_id == session_id, col(Booking.given_up_at).is_(None))
        booked = (await db.exec(seated)).all()
        live = (col(WaitlistEntry.accepted_at).is_(None), col(WaitlistEntry.left_at).is_(None))
        waiting = (await db.exec(select(WaitlistEntry.person_id).where(WaitlistEntry.session_id == session_id, *live))).all()
        pool = (await db.exec(select(CapacityPool).join(PoolSession).where(PoolSession.session_id == session_id))).one()
    having = [*booked, *waiting]
    assert len(having) == len(set(having))
    assert pool.taken == len(booked) <= SEATS
    assert not waiting or len(booked) == SEATS
    for hand in hands:
        if not hand.under_way:
            assert (hand.person_id in having) == hand.has
