"""Who serves a feed: the whole house with both events in it, or a bare Starlette that answers from one variable."""

import tempfile
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from conference.app import create_app
from conference.house import server_config
from conference.seed import load_programmes
from conference.seed_format import read_seed
from conference.settings import read_settings
from conference.storage.database import Database
from conference.storage.migrate import migrate
from conference.team import settle
from tests.bench.serving import Serving
from tests.calendars.cast import PUBLISHED_AT, WI
from tests.calendars.conftest import SHIPPED


class FeedHouse:
    votes = 0

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="conference-bench-")

    async def open(self) -> dict[str, Any]:
        settings = read_settings(demo=True, data=Path(self._folder.name))
        migrate(settings.database)
        database = Database(settings.database)
        async with database.writing() as db:
            await load_programmes(db, read_seed(SHIPPED), PUBLISHED_AT, lambda line: None)
        await database.close()
        self._serving = Serving(server_config(settings, create_app(settings), "127.0.0.1", 0))
        port = await self._serving.open()
        settle()
        return {"port": port, "path": WI}

    def members(self) -> int:
        return self._serving.connections

    async def publish(self, text: str) -> None:
        raise NotImplementedError("feeds are asked for")


class FeedFloor:
    votes = 0

    def __init__(self, *, size: int) -> None:
        """With a body of so many bytes."""
        self._body, self._tag = b"x" * size, 'W/"one"'
        config = uvicorn.Config(Starlette(routes=[Route(WI, self._feed)]), port=0, log_level="error", access_log=False)
        self._serving = Serving(config)

    async def open(self) -> dict[str, Any]:
        return {"port": await self._serving.open(), "path": WI}

    def members(self) -> int:
        return self._serving.connections

    async def publish(self, text: str) -> None:
        raise NotImplementedError("feeds are asked for")

    async def _feed(self, request: Request) -> Response:
        headers = {"ETag": self._tag, "Cache-Control": "public, no-cache"}
        if request.headers.get("if-none-match") == self._tag:
            return Response(status_code=304, headers=headers)
        return Response(self._body, media_type="text/calendar", headers=headers)
