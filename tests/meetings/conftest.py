from collections.abc import AsyncIterator

import pytest

from conference.meetings.tables import ServiceKind
from conference.settings import Settings
from conference.storage.database import Database
from tests.meetings.cast import Cast, gather_cast
from tests.meetings.services import BigBlueButton, Jitsi, listening


@pytest.fixture
def jitsi() -> Jitsi:
    return Jitsi()


@pytest.fixture
def bigbluebutton() -> BigBlueButton:
    return BigBlueButton()


@pytest.fixture
async def on_jitsi(sqlite: Database, settings: Settings, jitsi: Jitsi) -> AsyncIterator[Cast]:
    async with listening(jitsi.app) as address:
        yield await gather_cast(sqlite, settings, ServiceKind.jitsi, address)


@pytest.fixture
async def on_bigbluebutton(sqlite: Database, settings: Settings, bigbluebutton: BigBlueButton) -> AsyncIterator[Cast]:
    async with listening(bigbluebutton.app) as address:
        yield await gather_cast(sqlite, settings, ServiceKind.bigbluebutton, f"{address}/bigbluebutton")


@pytest.fixture
async def without_service(sqlite: Database, settings: Settings) -> Cast:
    return await gather_cast(sqlite, settings, None, "")
