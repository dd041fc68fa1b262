"""Houses that run on one database with the cast in it, and a town around them for each test."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2

from conference.clock import Clock
from conference.people.actions import grant_role, sign_in
from conference.people.tables import RoleKind
from conference.programme.tables import Session, SessionType
from conference.storage.database import Database
from tests.live.cast import HOUR, Cast
from tests.live.town import Town, build
from tests.servers import Process, kept_port

STAGES = itertools.count(1)


@dataclass(frozen=True)
class Place:
    """Running houses, the database that they share, and who is known there."""

    houses: list[Process]
    url: str
    cast: Cast


@contextmanager
def houses_on(folder: Path, url: str, broker: str = "memory://", *arguments: str, count: int = 2) -> Iterator[Place]:
    """`conference serve` with these arguments, that many times, each on a port that stays its own while it is down."""
    cast = build(url)
    houses = [Process(folder / f"house-{number}", "serve", *arguments, database_url=url, BROKER_URL=broker) for number in range(count)]
    for house in houses:
        house.port = kept_port()
        house.address = f"http://127.0.0.1:{house.port}"
    try:
        with ThreadPoolExecutor(count) as together:
            list(together.map(Process.start, houses))
        yield Place(houses, url, cast)
    finally:
        for house in houses:
            if house.running:
                house.stop()


@asynccontextmanager
async def town_of(place: Place) -> AsyncIterator[Town]:
    """A stage of its own that is open now, and everybody signed in anew. In the end no house may have had a fault."""
    database, cast = Database(place.url), place.cast
    session, tokens = await _open_stage(database, cast)
    limits = httpx2.Limits(max_connections=100)
    async with httpx2.AsyncClient(trust_env=False, timeout=20, limits=limits) as form:
        town = Town(place.houses, database, replace(cast, session=session, tokens=tokens), form)
        try:
            yield town
        finally:
            await database.close()
            await asyncio.gather(*(phone.close() for phone in town.phones))
    assert [house.log() for house in place.houses if "Traceback" in house.log()] == []


async def _open_stage(database: Database, cast: Cast) -> tuple[Session, dict[str, str]]:
    now, slug = Clock().real_now(), f"stage-{next(STAGES)}"
    session = Session(
        event_id=cast.event.id,
        slug=slug,
        title=slug,
        type=SessionType.panel,
        room_id=cast.session.room_id,
        starts_at=now - HOUR / 2,
        ends_at=now + HOUR,
        made_at=now,
        modified_at=now,
    )
    async with database.writing() as db:
        db.add(session)
        await grant_role(db, cast.people["moderator"], cast.event.id, RoleKind.moderator, now)
        return session, {name: await sign_in(db, person.id, now) for name, person in cast.people.items()}
