from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from conference.wire.trial import websocket_class
from tests.live.cast import Way, World, open_house


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
