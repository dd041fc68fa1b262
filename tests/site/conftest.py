"""A running house with the small world in it, five minutes before its day begins."""

from collections.abc import AsyncIterator

import pytest
from httpx2 import AsyncClient

from conference.settings import Settings
from conference.storage.database import Database
from tests.servers import serving
from tests.world import BEFORE, World, build_world, rehearse


@pytest.fixture
async def world(sqlite: Database) -> World:
    async with sqlite.writing() as db:
        made = await build_world(db)
    await rehearse(sqlite, BEFORE)
    return made


@pytest.fixture
async def browser(world: World, settings: Settings) -> AsyncIterator[AsyncClient]:
    """Somebody's browser, not signed in."""
    async with serving(settings) as address, AsyncClient(base_url=address, follow_redirects=True) as client:
        yield client
