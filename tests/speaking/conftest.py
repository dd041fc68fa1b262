"""A house with speakers in it, five minutes before its day begins."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import ASGITransport, AsyncClient

from conference.app import create_app
from conference.people.actions import grant_role
from conference.people.tables import RoleKind
from conference.programme.tables import Event, EventFormat, RegistrationKind, SessionSpeaker, Speaker
from conference.settings import Settings
from conference.storage.database import Database, Db
from tests.speaking.cast import House
from tests.world import BEFORE, TEN_IN_LONDON, build_world, cookie_of, delegate, with_role

SPEAKERS = {"speaker": "Speaker in Amman", "partner": "Partner in Lagos", "other": "Other speaker", "spare": "Spare speaker"}


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
        world = await build_world(db, seats=2)
        elsewhere = await _elsewhere(db)
        people = {
            "delegate": await delegate(db, world, "Delegate in Nairobi"),
            "guest": await delegate(db, world, "Guest in Rome", registered=False),
            "moderator": await with_role(db, world, "Moderator in London", RoleKind.moderator),
            "organiser": await with_role(db, world, "Organiser in London", RoleKind.organiser),
            "stranger": await delegate(db, world, "Organiser elsewhere", registered=False),
        }
        await grant_role(db, people["stranger"], elsewhere.id, RoleKind.organiser, BEFORE)
        people |= {name: await delegate(db, world, SPEAKERS[name], registered=False) for name in ("speaker", "partner", "other")}
        speakers = {slug: Speaker(event_id=world.event.id, slug=slug, name=name) for slug, name in SPEAKERS.items()}
        for name, speaker in speakers.items():
            speaker.person_id = people[name].id if name in people else None
            db.add(speaker)
        await db.flush()
        for place, (name, session) in enumerate((("speaker", world.talk), ("partner", world.talk), ("other", world.workshop))):
            db.add(SessionSpeaker(session_id=session.id, speaker_id=speakers[name].id, position=place))
            await grant_role(db, people[name], world.event.id, RoleKind.speaker, BEFORE)
        cookies = {name: await cookie_of(db, person) for name, person in people.items()}
    app = create_app(settings)
    inside = app.app  # type: ignore[attr-defined]
    inside.state.house.clock.offset = BEFORE - datetime.now(UTC)
    async with AsyncExitStack() as browsers:
        made = {
            name: await browsers.enter_async_context(
                AsyncClient(transport=ASGITransport(app=app), base_url=settings.base_url, cookies=cookies.get(name, {}))
            )
            for name in ("nobody", "invited", *people)
        }
        yield House(world, elsewhere, people, speakers, made, database, settings, inside)
    await inside.state.house.database.close()


async def _elsewhere(db: Db) -> Event:
    event = Event(
        slug="elsewhere",
        title="Another day",
        summary="Another.",
        about="About.",
        format=EventFormat.online,
        zone="Europe/London",
        starts_at=TEN_IN_LONDON,
        ends_at=TEN_IN_LONDON + timedelta(hours=7),
        registration=RegistrationKind.open,
        made_at=BEFORE,
        modified_at=BEFORE,
    )
    db.add(event)
    await db.flush()
    db.add(Speaker(event_id=event.id, slug="spare", name="Spare speaker elsewhere"))
    await db.flush()
    return event
