"""The real application with a small cast in it: what its live page costs, database and all."""

import tempfile
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from conference.app import create_app
from conference.house import server_config
from conference.settings import read_settings
from conference.storage.migrate import migrate
from conference.team import settle
from conference.web.middleware import Frame
from conference.web.request import House
from tests.bench.serving import Serving
from tests.live.cast import World, make_cast

ENOUGH = 100_000  # sockets from one address


class WholeHouse:
    votes = 0  # the crowd counts what was acknowledged

    def __init__(self, *, voters: int = 0) -> None:
        """With so many signed-in delegates, and a question that they may vote for."""
        self._voters = voters
        self._folder = tempfile.TemporaryDirectory(prefix="conference-bench-")

    async def open(self) -> dict[str, Any]:
        settings = read_settings(demo=True, data=Path(self._folder.name), sockets_per_address=ENOUGH)
        migrate(settings.database)
        frame = create_app(settings)
        assert isinstance(frame, Frame)
        assert isinstance(frame.app, Starlette)
        here: House = frame.app.state.house
        names = [f"delegate{number}" for number in range(self._voters)]
        cast = await make_cast(here.database, here.clock.real_now(), names)
        self._serving = Serving(server_config(settings, frame, "127.0.0.1", 0))
        world = World(frame.app, await self._serving.open(), cast)
        question = await world.ask_and_approve("How did the partnership begin?", 1) if names else None
        settle()
        cookies = [f"sign_in={cast.tokens[name]}" for name in names]
        return {"port": world.port, "path": world.stage() + "/socket", "cookies": cookies, "question": question}

    def members(self) -> int:
        return self._serving.connections

    async def publish(self, text: str) -> None:
        raise NotImplementedError("a stage says only what happens on it")
