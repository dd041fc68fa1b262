"""The week's house, whose clock a test moves: at half past nine on its second day, or when it is over."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest
from httpx2 import ASGITransport, AsyncClient

from conference.app import create_app
from conference.settings import Settings
from conference.storage.database import Database
from tests.attendance.cast import THURSDAY, build_week
from tests.papers.cast import PapersWeek
from tests.world import cookie_of


@pytest.fixture
async def papers(sqlite: Database, settings: Settings) -> AsyncIterator[PapersWeek]:
    async with sqlite.writing() as db:
        week = await build_week(db)
        cookies = {who: await cookie_of(db, person) for who, person in week.people.items()}
    week.database = sqlite
    app = create_app(settings)
    house = app.app.state.house  # type: ignore[attr-defined]
    house.clock.offset = THURSDAY - datetime.now(UTC)
    async with AsyncExitStack() as browsers:
        for who in ("nobody", *week.people):
            client = AsyncClient(transport=ASGITransport(app=app), base_url=settings.base_url, cookies=cookies.get(who, {}))
            week.browsers[who] = await browsers.enter_async_context(client)
        yield PapersWeek(week, house)
    await house.database.close()
