"""The benchmark's crowd sees what it is there to see."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.bench.crowd import Crowd
from tests.bench.frames import numbered
from tests.bench.raw import Raw

PATIENCE = 2.0
A_MOMENT = 0.1


@pytest.fixture
async def server() -> AsyncIterator[Raw]:
    server = Raw()
    yield server
    server.close()
    await asyncio.sleep(A_MOMENT)


@pytest.fixture
async def crowd(server: Raw) -> AsyncIterator[Crowd]:
    """Three listeners of a server that sends what it is told to."""
    crowd = Crowd()
    await crowd.join((await server.open())["port"], 3)
    yield crowd
    crowd.leave()


async def test_a_crowd_has_every_message_once(server: Raw, crowd: Crowd) -> None:
    for number in range(5):
        await _round(server, crowd, number)
    assert await crowd.tally() == {"exact": True, "rounds": 5, "counts": [(5, 3)], "strange": 0, "closed": 0}


async def test_a_crowd_notices_a_message_that_comes_twice(server: Raw, crowd: Crowd) -> None:
    await _round(server, crowd, 0)
    await server.publish(numbered(0))
    await asyncio.sleep(A_MOMENT)
    assert await crowd.tally() == {"exact": False, "rounds": 1, "counts": [(2, 3)], "strange": 0, "closed": 0}


async def test_a_crowd_notices_a_message_that_comes_again_later(server: Raw, crowd: Crowd) -> None:
    await _round(server, crowd, 0)
    await _round(server, crowd, 1)
    await server.publish(numbered(0))
    await asyncio.sleep(A_MOMENT)
    assert await crowd.tally() == {"exact": False, "rounds": 2, "counts": [(2, 3)], "strange": 3, "closed": 0}


async def test_a_crowd_notices_a_message_that_never_comes(server: Raw, crowd: Crowd) -> None:
    await crowd.expect(0)
    assert await crowd.received(A_MOMENT) == {"at": None, "missing": 3}


async def test_a_message_in_pieces_is_one_message(server: Raw, crowd: Crowd) -> None:
    await crowd.expect(0)
    listener = crowd.listeners[0]
    listener.data_received(crowd.expected[:100])
    assert listener.rounds == 0
    listener.data_received(crowd.expected[100:])
    assert listener.rounds == 1


async def _round(server: Raw, crowd: Crowd, number: int) -> None:
    await crowd.expect(number)
    await server.publish(numbered(number))
    assert (await crowd.received(PATIENCE))["missing"] == 0
