"""The house's own wire, alone: sockets handed over to the hub, totals told in a tick."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from conference.broker import Parcel
from conference.house import server_config
from conference.settings import read_settings
from conference.team import settle
from conference.wire.frames import text_frame
from conference.wire.hub import Hub, Listener, tick_seconds
from conference.wire.line import Manners
from conference.wire.pulse import Pulse
from conference.wire.socket import converse
from conference.wire.trial import websocket_class
from tests.bench.serving import Serving

TOPIC = "stage"
BEAT = 1.0
MANNERS = Manners(text_frame('{"type":"heartbeat"}'), text_frame('{"type":"refused"}'))


class Ours:
    def __init__(self) -> None:
        self.votes = 0
        self._told = 0
        self.hub, self._pulse = Hub(), Pulse()
        app = Starlette(routes=[WebSocketRoute("/socket", self._converse)])
        self._serving = Serving(server_config(read_settings(demo=True, data=Path("build")), app, "127.0.0.1", 0))

    async def open(self) -> dict[str, Any]:
        settle()
        port = await self._serving.open()
        self._work = [asyncio.create_task(self._beat()), asyncio.create_task(self._tick())]
        return {"port": port, "path": "/socket", "direct": not isinstance(websocket_class(), str)}

    def members(self) -> int:
        return self.hub.listeners(TOPIC)

    async def publish(self, text: str) -> None:
        self.hub.publish(Parcel(TOPIC, None, text))

    async def _converse(self, socket: WebSocket) -> None:
        await socket.accept()
        talk = Talk(self)
        await converse(socket, self._pulse, MANNERS, talk, talk.begin)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(tick_seconds(self.members()))
            if self._told != self.votes:
                self._told = self.votes
                await self.publish(json.dumps({"type": "tick", "votes": {"question": self.votes}}))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            self._pulse.beat(asyncio.get_running_loop().time())


@dataclass(slots=True)
class Talk:
    """One socket: whatever comes in is a vote."""

    ours: Ours
    listener: Listener | None = None

    def begin(self, listener: Listener) -> None:
        self.listener = listener
        self.ours.hub.join(listener, (TOPIC,))

    async def hear(self, text: str) -> str:
        self.ours.votes += 1
        return '{"type":"acknowledged"}'

    def gone(self) -> None:
        if self.listener:
            self.ours.hub.leave(self.listener, (TOPIC,))
