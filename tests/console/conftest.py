"""An event on the morning of its day, and everybody who might come to the organisers' side."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest
from httpx2 import ASGITransport, AsyncClient

from conference.app import create_app
from conference.people.actions import grant_role
from conference.people.tables import Person, RoleKind
from conference.programme.actions import add_session, release_programme
from conference.programme.releases import SessionPlan
from conference.programme.tables import Event, EventFormat, RegistrationKind, Room, SessionType, Speaker, Track, Venue
from conference.registration.tables import CapacityPool
from conference.settings import Settings
from conference.storage.database import Database, Db
from tests.calls.cast import open_call
from tests.console.cast import Console
from tests.world import BEFORE, build_world, cookie_of, delegate, with_role


@pytest.fixture
async def console(sqlite: Database, settings: Settings) -> AsyncIterator[Console]:
    async with sqlite.writing() as db:
        world = await build_world(db, seats=2)
        await _furnish(db, world.event)
        autumn = await _autumn(db)
        people: dict[str, Person] = {
            "delegate": await delegate(db, world, "Delegate in Nairobi"),
            "moderator": await with_role(db, world, "Moderator in London", RoleKind.moderator),
            "organiser": await with_role(db, world, "Organiser in London", RoleKind.organiser),
            "stranger": await delegate(db, world, "Organiser elsewhere", registered=False),
        }
        await grant_role(db, people["stranger"], autumn.id, RoleKind.organiser, BEFORE)
        await open_call(db, world)
        cookies = {name: await cookie_of(db, person) for name, person in people.items()}
    app = create_app(settings)
    house = app.app.state.house  # type: ignore[attr-defined]
    house.clock.offset = BEFORE - datetime.now(UTC)
    async with AsyncExitStack() as browsers:
        made = {
            name: await browsers.enter_async_context(
                AsyncClient(transport=ASGITransport(app=app), base_url=settings.base_url, cookies=cookies.get(name, {}))
            )
            for name in ("nobody", *people)
        }
        yield Console(world, autumn, people, made, sqlite)
    await house.database.close()


async def _furnish(db: Db, event: Event) -> None:
    """A second room, a track and two speakers to choose from."""
    hall = Venue(slug="hall", name="The hall", zone="Europe/London")
    db.add(hall)
    await db.flush()
    db.add(Room(event_id=event.id, venue_id=hall.id, slug="side", name="Side room"))
    db.add(Track(event_id=event.id, slug="people", name="People"))
    db.add(Speaker(event_id=event.id, slug="ada", name="Speaker A"))
    db.add(Speaker(event_id=event.id, slug="bea", name="Speaker B"))
    await db.flush()


async def _autumn(db: Db) -> Event:
    """An event in person over both changes of London's clocks, with one place by application."""
    event = Event(
        slug="autumn",
        title="A long year",
        summary="From spring to autumn.",
        about="About.",
        format=EventFormat.in_person,
        zone="Europe/London",
        starts_at=datetime(2021, 3, 1, tzinfo=UTC),
        ends_at=datetime(2021, 11, 30, tzinfo=UTC),
        registration=RegistrationKind.application,
        made_at=BEFORE,
        modified_at=BEFORE,
    )
    venue = Venue(slug="library", name="A library", zone="Europe/London")
    db.add_all([event, venue])
    await db.flush()
    room = Room(event_id=event.id, venue_id=venue.id, slug="library", name="A library")
    db.add_all([room, CapacityPool(event_id=event.id, capacity=1)])
    await db.flush()
    starts, ends = datetime(2021, 7, 1, 9, 0, tzinfo=UTC), datetime(2021, 7, 1, 10, 0, tzinfo=UTC)
    plan = SessionPlan(title="A visit", type=SessionType.visit, room_id=room.id, starts_at=starts, ends_at=ends)
    await add_session(db, event, plan, [], BEFORE, release=False)
    await release_programme(db, event, [], BEFORE)
    return event
