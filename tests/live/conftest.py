from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.live.cast import World, open_house


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_house(tmp_path) as opened:
        yield opened
