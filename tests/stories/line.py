"""A telephone line that can be cut: a small TCP proxy between a browser and the house."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class Line:
    """Carries bytes both ways to `address` until it is cut; while it is cut nobody gets through."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.target = (parts.hostname or "", parts.port or 80)
        self.up = True
        self.ends: set[asyncio.StreamWriter] = set()
        self.server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        assert self.server
        return f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"

    def cut(self) -> None:
        self.up = False
        for end in self.ends:
            end.transport.abort()

    def mend(self) -> None:
        self.up = True

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.up:
            writer.transport.abort()
            return
        away_reader, away_writer = await asyncio.open_connection(*self.target)
        self.ends |= {writer, away_writer}
        with suppress(ConnectionError):
            await asyncio.gather(_pump(reader, away_writer), _pump(away_reader, writer))
        self.ends -= {writer, away_writer}
        for end in (writer, away_writer):
            end.close()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    with suppress(ConnectionError, OSError):
        sink.write_eof()


@asynccontextmanager
async def line_to(address: str) -> AsyncIterator[Line]:
    line = Line(address)
    line.server = await asyncio.start_server(line.carry, "127.0.0.1", 0)
    try:
        yield line
    finally:
        line.cut()
        line.server.close()
        await line.server.wait_closed()
