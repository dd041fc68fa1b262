"""The load: thousands of listeners in one process, on another core than the server."""

import asyncio
import json
import socket
from collections import Counter
from time import monotonic
from typing import Any

from tests.bench.frames import numbered, text_frame, upgrade
from tests.bench.listener import Listener
from tests.bench.report import middle, part_of

ADDRESSES = [f"127.0.0.{last}" for last in range(1, 9)]  # the ephemeral ports of one don't suffice
AT_ONCE = 50  # handshakes
SMALL_WINDOW = 4096  # bytes that a sleeper's system takes for it


class Crowd:
    """Obeys its conductor; keeps what its listeners note (listener.Ledger)."""

    def __init__(self) -> None:
        self.listeners: list[Listener] = []
        self.sleepers: list[Listener] = []
        self.expected = b""
        self.stamped = 0
        self.got = self.strange = self.acknowledged = self.rounds = 0
        self.delays: list[float] = []
        self._all: asyncio.Future[float] | None = None

    @property
    def size(self) -> int:
        return len(self.listeners)

    async def join(
        self, port: int, count: int, path: str = "", cookies: list[str] | None = None, *, deflate: bool = False, sleepers: bool = False
    ) -> int:
        """So many more listeners. Without a path a bare connection is all there is."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(number: int) -> Listener:
            cookie = cookies[number] if cookies else ""
            hello = upgrade(port, path, cookie, deflate=deflate) if path else b""
            async with gate:
                return await self._connect(port, ADDRESSES[number % len(ADDRESSES)], hello, sleeps=sleepers)

        joined = await asyncio.gather(*(one(number) for number in range(count)))
        (self.sleepers if sleepers else self.listeners).extend(joined)
        return len(joined)

    def leave(self) -> None:
        """All at once, without a goodbye."""
        for listener in (*self.listeners, *self.sleepers):
            listener.transport.abort()

    async def expect(self, number: int) -> None:
        """The message that comes next."""
        self.rounds += 1
        self.expected = text_frame(numbered(number))
        self.got = 0
        self._all = asyncio.get_running_loop().create_future()

    async def received(self, patience: float) -> dict[str, Any]:
        """When the last listener had it; `missing` are those that still have not, after `patience` seconds."""
        assert self._all
        done, _ = await asyncio.wait((self._all,), timeout=patience)
        return {"at": self._all.result() if done else None, "missing": self.size - self.got}

    async def tally(self) -> dict[str, Any]:
        """Whether everybody had each round once; `counts` says how many listeners had how many of `rounds`."""
        counts = Counter(listener.rounds for listener in self.listeners)
        exact = dict(counts) == {self.rounds: self.size} and not self.strange
        closed = sum(listener.closed for listener in self.listeners)
        return {"exact": exact, "rounds": self.rounds, "counts": sorted(counts.items()), "strange": self.strange, "closed": closed}

    async def vote(self, rate: float, count: int, message: str) -> None:
        """One message of each listener in turn."""
        self.acknowledged, began, said = 0, monotonic(), message.encode()
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number / rate - monotonic()))
            self.listeners[number % self.size].say(said)

    async def told(self) -> dict[str, Any]:
        """Votes acknowledged so far, and how many listeners heard which total last."""
        totals = Counter(_total_of(listener.last) for listener in self.listeners)
        return {"acknowledged": self.acknowledged, "totals": sorted((total, heard) for total, heard in totals.items())}

    async def measure(self, size: int) -> None:
        """From now on note the delays of stamped messages of so many bytes."""
        self.stamped = size
        self.delays = []

    async def measured(self) -> dict[str, Any]:
        """How many stamped messages were heard, and their delays in seconds."""
        closed = sum(listener.closed for listener in self.listeners)
        late = {"p50": middle(self.delays), "p99": part_of(self.delays, 0.99)} if self.delays else {}
        return {"heard": len(self.delays), "closed": closed, **late}

    def has_all(self, at: float) -> None:
        if self._all and not self._all.done():
            self._all.set_result(at)

    async def _connect(self, port: int, address: str, hello: bytes, *, sleeps: bool) -> Listener:
        door = socket.socket()
        door.setblocking(False)
        if sleeps:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_WINDOW)
        door.bind((address, 0))
        loop = asyncio.get_running_loop()
        await loop.sock_connect(door, ("127.0.0.1", port))
        _, listener = await loop.create_connection(lambda: Listener(self, hello, sleeps=sleeps), sock=door)
        await listener.opened
        return listener


def _total_of(frame: bytes) -> int:
    """The votes that a tick tells, all questions together; 0 for anything else."""
    start = frame.find(b"{")
    if start < 0:
        return 0
    message = json.loads(frame[start:])
    return sum(message["votes"].values()) if message["type"] == "tick" else 0
