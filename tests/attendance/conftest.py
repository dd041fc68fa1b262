"""The week's house at half past nine on its second day."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest
from httpx2 import ASGITransport, AsyncClient

from conference.app import create_app
from conference.settings import Settings
from conference.storage.database import Database
from tests.attendance.cast import THURSDAY, Week, build_week
from tests.world import cookie_of


@pytest.fixture
async def week(sqlite: Database, settings: Settings) -> AsyncIterator[Week]:
    async with sqlite.writing() as db:
        made = await build_week(db)
        cookies = {who: await cookie_of(db, person) for who, person in made.people.items()}
    made.database = sqlite
    app = create_app(settings)
    house = app.app.state.house  # type: ignore[attr-defined]
    house.clock.offset = THURSDAY - datetime.now(UTC)
    async with AsyncExitStack() as browsers:
        for who in ("nobody", *made.people):
            client = AsyncClient(transport=ASGITransport(app=app), base_url=settings.base_url, cookies=cookies.get(who, {}))
            made.browsers[who] = await browsers.enter_async_context(client)
        yield made
    await house.database.close()
