"""The Python floor: a ready frame written to every transport, and nothing else."""

import asyncio
from typing import Any

from tests.bench.frames import text_frame


class Connection(asyncio.Protocol):
    def __init__(self, members: set[asyncio.Transport]) -> None:
        self._members = members
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport
        self._members.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport:
            self._members.discard(self._transport)


class Raw:
    votes = 0

    def __init__(self) -> None:
        self._members: set[asyncio.Transport] = set()

    async def open(self) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self._members), "127.0.0.1", 0, backlog=2048)
        return {"port": self._server.sockets[0].getsockname()[1]}

    def members(self) -> int:
        return len(self._members)

    def close(self) -> None:
        self._server.close()
        for transport in self._members:
            transport.abort()

    async def publish(self, text: str) -> None:
        frame = text_frame(text)
        for transport in self._members:
            transport.write(frame)
