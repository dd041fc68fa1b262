"""Who gives places: the whole house, with its counter or with a transaction for each form, and a bare application as a floor."""

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

import uvicorn
from sqlmodel import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from conference.app import create_app
from conference.house import server_config
from conference.people.tables import Person
from conference.programme.queries import event_at
from conference.programme.tables import Session
from conference.registration import pages
from conference.registration.at_the_door import Seen
from conference.registration.form_queries import form_of
from conference.registration.pools import lock_session_pool, take_place
from conference.registration.tables import Booking
from conference.settings import read_settings
from conference.storage.database import Database
from conference.team import settle
from tests.bench.serving import Serving
from tests.world import BEFORE

BACKLOG = 8192


class Alone:
    """Reads the form for each who comes, and says nothing about places."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def seen(self, slug: str, person_id: UUID | None) -> Seen:
        async with self._database.reading() as db:
            return Seen(await form_of(db, (await event_at(db, slug)).id))


class PlaceHouse:
    """The whole way: sign-in, origin, validation, key, place, mail row, audit."""

    votes = 0

    def __init__(self, *, url: str, counter: bool) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="conference-bench-")
        self._url, self._counter = url, counter
        if not counter:  # the same house, each form with a transaction of its own
            for view in (pages.booking, pages.registration):
                del view.ahead  # type: ignore[attr-defined]

    async def open(self) -> dict[str, Any]:
        settings = read_settings(demo=True, data=Path(self._folder.name), database_url=self._url, log_level="error")
        app = create_app(settings)
        if not self._counter:  # nor does anybody look at the door: each reads the form, then locks and looks
            state = app.app.state  # type: ignore[attr-defined]
            state.door = Alone(state.house.database)
        config = server_config(settings, app, "127.0.0.1", 0)
        config.backlog = BACKLOG
        self._serving = Serving(config)
        port = await self._serving.open()
        settle()
        return {"port": port}

    def members(self) -> int:
        return self._serving.connections

    async def publish(self, text: str) -> None:
        raise NotImplementedError("places are asked for")


class PlaceFloor:
    """One BEGIN IMMEDIATE, or FOR UPDATE, for each request at the same durability, and nothing else: nobody is asked who they are."""

    votes = 0

    def __init__(self, *, url: str) -> None:
        self._database = Database(url)
        app = Starlette(routes=[Route("/{rest:path}", self._place, methods=["POST"])])
        self._serving = Serving(uvicorn.Config(app, port=0, log_level="error", access_log=False, backlog=BACKLOG))

    async def open(self) -> dict[str, Any]:
        async with self._database.reading() as db:
            self._people = iter((await db.exec(select(Person.id))).all())
            self._session = (await db.exec(select(Session.id).where(Session.slug == "hands-on-workshop"))).one()
        return {"port": await self._serving.open()}

    def members(self) -> int:
        return self._serving.connections

    async def publish(self, text: str) -> None:
        raise NotImplementedError("places are asked for")

    async def _place(self, request: Request) -> Response:
        await request.body()
        async with self._database.writing() as db:
            pool = await lock_session_pool(db, self._session)
            assert pool
            if pool.taken >= pool.capacity:
                return PlainTextResponse("All places are taken.", 409)
            take_place(pool)
            db.add(Booking(pool_id=pool.id, session_id=self._session, person_id=next(self._people), booked_at=BEFORE))
        return PlainTextResponse("You have a place.")
