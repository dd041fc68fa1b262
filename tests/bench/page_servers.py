"""A page behind Starlette alone, and the same page as the house serves it."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from conference.app import create_app
from conference.files import folder
from conference.house import server_config
from conference.seed import load_programmes
from conference.seed_format import read_seed
from conference.settings import read_settings
from conference.storage.database import Database
from conference.storage.migrate import migrate
from conference.team import settle
from tests.bench.serving import Serving

PROGRAMME = "/events/wi-2021/programme"
TAG = 'W/"0123456789abcdef0123456789abcdef"'
PUBLISHED_AT = datetime(2021, 5, 3, 9, 0, tzinfo=UTC)


class StockPage:
    """Bytes of this size from memory, as people write it."""

    votes = 0

    def __init__(self, *, size: int) -> None:
        body, headers = b"x" * size, {"ETag": TAG, "Cache-Control": "no-cache"}

        async def page(request: Request) -> Response:
            if request.headers.get("if-none-match") == TAG:
                return Response(status_code=304, headers=headers)
            return Response(body, headers=headers, media_type="text/html")

        app = Starlette(routes=[Route("/page", page)])
        self._serving = Serving(uvicorn.Config(app, port=0, log_level="error", access_log=False))

    async def open(self) -> dict[str, Any]:
        return {"port": await self._serving.open(), "path": "/page"}

    def members(self) -> int:
        return self._serving.connections

    async def publish(self, text: str) -> None:
        raise NotImplementedError("a page does not publish")


class HousePage(StockPage):
    """The whole application with both programmes in it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="conference-bench-")

    async def open(self) -> dict[str, Any]:
        settings = read_settings(demo=True, data=Path(self._folder.name))
        migrate(settings.database)
        database = Database(settings.database)
        async with database.writing() as db:
            await load_programmes(db, read_seed(folder("seed_data")), PUBLISHED_AT, lambda line: None)
        await database.close()
        self._serving = Serving(server_config(settings, create_app(settings), "127.0.0.1", 0))
        port = await self._serving.open()
        settle()
        return {"port": port, "path": PROGRAMME}
