"""A public page, warm, and its 304: the CPU of the whole house beside Starlette with the same bytes in memory."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from tests.bench.children import Child, child
from tests.bench.machine import Cores
from tests.bench.report import Judged, Part, middle

READERS = 4  # connections that ask one after the other
WARM = 300  # requests before it counts
TARGET = 2.0
COLUMNS = ("case", "bytes", "Starlette CPU µs", "ours CPU µs", "ours / Starlette")


@dataclass(frozen=True, slots=True)
class Reader:
    """A connection that is kept open."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, path: str, tag: str = "") -> tuple[int, str, int]:
        """Status, tag, and bytes of the body."""
        known = f"If-None-Match: {tag}\r\n" if tag else ""
        self.writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{known}\r\n".encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = re.search(r"content-length: (\d+)", head)
        status, size = int(head.split(" ", 2)[1]), int(length[1]) if length else 0
        await self.reader.readexactly(size)
        found = re.search(r'etag: (w/"[^"]+")', head)
        return status, found[1].replace("w/", "W/") if found else "", size


async def pages(cores: Cores, turns: int, requests: int) -> Part:
    part = Part(f"A public page: {requests} requests over {READERS} connections, {turns} turns of each", COLUMNS)
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(child("house_page", cores.server))
        size = await _size(house)
        stock = await stack.enter_async_context(child("stock_page", cores.server, size=size))
        for case, known in (("the page", False), ("its 304", True)):
            costs: dict[str, list[float]] = {"stock": [], "house": []}
            for turn in range(turns):
                for name, server in (("stock", stock), ("house", house)) if turn % 2 else (("house", house), ("stock", stock)):
                    costs[name].append(await _cost(server, requests, part, known=known))
            ratio = middle(costs["house"]) / middle(costs["stock"])
            figures = (f"{middle(costs['stock']) * 1e6:.0f}", f"{middle(costs['house']) * 1e6:.0f}", f"{ratio:.2f}")
            part.rows.append((f"Programme, {case}", 0 if known else size, *figures))
            part.judged.append(Judged(f"CPU for {case}, ours / Starlette, medians of {turns} turns", ratio, TARGET))
    return part


async def _cost(server: Child, requests: int, part: Part, *, known: bool) -> float:
    """CPU seconds of the server for one request."""
    path = server.facts["path"]
    async with _readers(server) as readers:
        _, tag, _ = await readers[0].ask(path)
        given, expected = (tag, 304) if known else ("", 200)

        async def ask(reader: Reader, count: int) -> int:
            return sum([(await reader.ask(path, given))[0] == expected for _ in range(count)])

        await asyncio.gather(*(ask(reader, WARM // READERS) for reader in readers))
        before = (await server.ask("usage"))["cpu"]
        right = sum(await asyncio.gather(*(ask(reader, requests // READERS) for reader in readers)))
        spent = (await server.ask("usage"))["cpu"] - before
    if right != requests // READERS * READERS:
        part.faults.append(f"{server.role}: {right} of {requests} answers were the right ones")
    return float(spent) / right


async def _size(server: Child) -> int:
    async with _readers(server) as readers:
        status, _, size = await readers[0].ask(server.facts["path"])
    assert status == 200
    return size


@asynccontextmanager
async def _readers(server: Child) -> AsyncIterator[list[Reader]]:
    readers = [Reader(*await asyncio.open_connection("127.0.0.1", server.facts["port"], limit=1 << 20)) for _ in range(READERS)]
    try:
        yield readers
    finally:
        for each in readers:
            each.writer.close()
