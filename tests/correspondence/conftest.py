"""A post office, and a house whose mail goes there."""

from collections.abc import Iterator

import pytest

from conference.settings import Settings
from conference.storage.database import Database
from tests.correspondence.cast import Month, make_month
from tests.mail.post_office import PostOffice, open_office


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    with open_office() as office:
        yield office


@pytest.fixture
def by_smtp(settings: Settings, post_office: PostOffice) -> Settings:
    return settings.model_copy(update={"mail_url": f"smtp://127.0.0.1:{post_office.port}", "mail_bounces": "bounces@events.example"})


@pytest.fixture
async def month(sqlite: Database) -> Month:
    return await make_month(sqlite)
