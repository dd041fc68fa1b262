from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.live.cast import World, open_house


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_house(tmp_path) as opened:
        yield opened


@pytest.fixture
async def any_world(tmp_path: Path, database_url: str) -> AsyncIterator[World]:
    """The same, once on each kind of database."""
    async with open_house(tmp_path, database_url=database_url) as opened:
        yield opened
