from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from httpx2 import ASGITransport, AsyncClient

from conference.app import create_app
from conference.people.actions import grant_role
from conference.people.tables import RoleKind
from conference.settings import Settings
from conference.storage.database import Database
from tests.calls.applying.cast import ASKED, House
from tests.calls.cast import BEFORE_DEADLINE, OPENS, applicant, build_call
from tests.speaking.conftest import _elsewhere
from tests.world import build_world, cookie_of


@pytest.fixture
async def house(sqlite: Database, settings: Settings) -> AsyncIterator[House]:
    async with _open(sqlite, settings) as opened:
        yield opened


@pytest.fixture
async def any_house(database: Database, settings: Settings) -> AsyncIterator[House]:
    """The same on each kind of database."""
    url = database.url.replace("+aiosqlite", "").replace("+psycopg", "")
    async with _open(database, settings.model_copy(update={"database_url": url})) as opened:
        yield opened


@asynccontextmanager
async def _open(database: Database, settings: Settings) -> AsyncIterator[House]:
    async with database.writing() as db:
        made = await build_call(db, await build_world(db), **ASKED)
        elsewhere = await _elsewhere(db)
        people = {
            "applicant": await applicant(db, "Librarian in Nairobi"),
            "other": await applicant(db, "Librarian in Bergen"),
            "organiser": made.organiser,
            "stranger": await applicant(db, "Organiser elsewhere"),
        }
        await grant_role(db, people["stranger"], elsewhere.id, RoleKind.organiser, OPENS)
        cookies = {name: await cookie_of(db, person) for name, person in people.items()}
    app = create_app(settings)
    async with AsyncExitStack() as browsers:
        opened = {
            name: await browsers.enter_async_context(
                AsyncClient(transport=ASGITransport(app=app), base_url=settings.base_url, cookies=cookies.get(name, {}))
            )
            for name in ("nobody", *people)
        }
        house = House(made, people, opened, database, settings, app.app)  # type: ignore[attr-defined]
        house.at(BEFORE_DEADLINE)
        yield house
    await house.app.state.house.database.close()
