"""The real house on a real SQLite file with both events in it, and a calendar app that asks it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from conference.seed import load_programmes
from conference.seed_format import read_seed
from conference.settings import Settings
from conference.storage.database import Database
from conference.storage.migrate import migrate
from tests.calendars.cast import PUBLISHED_AT, House, opened

SHIPPED = Path(__file__).parents[2] / "seed_data"


@pytest.fixture(scope="session")
def programme_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with both events, made once and copied for each test."""
    file = tmp_path_factory.mktemp("programmes") / "conference.db"
    migrate(f"sqlite:///{file}")
    asyncio.run(_load(f"sqlite:///{file}"))
    return file


async def _load(url: str) -> None:
    database = Database(url)
    async with database.writing() as db:
        await load_programmes(db, read_seed(SHIPPED), PUBLISHED_AT, lambda line: None)
    await database.close()


@pytest.fixture
async def house(programme_file: Path, settings: Settings) -> AsyncIterator[House]:
    shutil.copy(programme_file, settings.data / "conference.db")
    async with opened(settings) as made:
        yield made
