"""Starlette as people write it: a set of sockets and a loop over it."""

import json
from contextlib import suppress
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.bench.serving import Serving


class Stock:
    def __init__(self, *, deflate: bool = False) -> None:
        """With `deflate` as uvicorn would have it, compressing every message for everybody."""
        self.votes = 0
        self._members: set[WebSocket] = set()
        app = Starlette(routes=[WebSocketRoute("/socket", self._converse)])
        config = uvicorn.Config(app, port=0, log_level="error", access_log=False, ws="websockets-sansio", ws_per_message_deflate=deflate)
        self._serving = Serving(config)

    async def open(self) -> dict[str, Any]:
        return {"port": await self._serving.open(), "path": "/socket"}

    def members(self) -> int:
        return len(self._members)

    async def publish(self, text: str) -> None:
        for socket in list(self._members):
            with suppress(WebSocketDisconnect):
                await socket.send_text(text)

    async def _converse(self, socket: WebSocket) -> None:
        """Whatever comes in is a vote, and its total is told to all."""
        await socket.accept()
        self._members.add(socket)
        try:
            async for _ in socket.iter_text():
                self.votes += 1
                await self.publish(json.dumps({"type": "tick", "votes": {"question": self.votes}}))
        finally:
            self._members.discard(socket)
