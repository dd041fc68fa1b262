"""What the servers of a benchmark have in common: the commands they obey, and uvicorn inside a loop that is ours."""

import asyncio
import time
from contextlib import nullcontext
from typing import Any, Protocol

import uvicorn

from tests.bench.frames import stamped
from tests.bench.machine import resident, tidy


class Server(Protocol):
    """A design under test."""

    votes: int  # counted so far

    async def open(self) -> dict[str, Any]:
        """Listen on a free loopback port; `port` and what else a load must know."""

    def members(self) -> int:
        """Connections that would be sent a message now."""

    async def publish(self, text: str) -> None:
        """To all members."""


class Commands:
    """What a server does when it is told to."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._stream: asyncio.Task[None] | None = None
        self._told = 0

    async def usage(self) -> dict[str, Any]:
        """CPU seconds of the process so far (user and system), bytes in memory, members, votes."""
        return {"cpu": time.process_time(), "memory": resident(), "members": self.server.members(), "votes": self.server.votes}

    async def publish(self, text: str | None) -> dict[str, float]:
        """When it began, by the machine's monotonic clock, and the CPU seconds then. Without a text: what obeying itself costs."""
        spent, began = time.process_time(), time.monotonic()
        if text is not None:
            await self.server.publish(text)
        return {"began": began, "cpu": spent}

    async def tidied(self) -> dict[str, Any]:
        """As `usage`, with nothing left to collect."""
        tidy()
        return await self.usage()

    async def stream(self, rate: float, seconds: float, size: int) -> None:
        """Begin to publish stamped messages."""
        self._told = 0
        self._stream = asyncio.create_task(self._publish_on(rate, seconds, size))

    async def streamed(self) -> int:
        """The messages of the stream, once it has ended."""
        assert self._stream
        await self._stream
        return self._told

    async def _publish_on(self, rate: float, seconds: float, size: int) -> None:
        began = time.monotonic()
        while self._told < rate * seconds:
            await asyncio.sleep(max(0.0, began + self._told / rate - time.monotonic()))
            await self.server.publish(stamped(time.monotonic(), size))
            self._told += 1


class Quiet(uvicorn.Server):
    """It leaves the process's signals alone."""

    def capture_signals(self) -> Any:
        return nullcontext()


class Serving:
    """An application behind uvicorn, in the running loop."""

    def __init__(self, config: uvicorn.Config) -> None:
        self.server = Quiet(config)
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> int:
        """Listen; the port."""
        self._task = asyncio.create_task(self.server.serve())
        while not self.server.started:
            if self._task.done():
                self._task.result()
            await asyncio.sleep(0.01)
        port: int = self.server.servers[0].sockets[0].getsockname()[1]
        return port

    @property
    def connections(self) -> int:
        return len(self.server.server_state.connections)
