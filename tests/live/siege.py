"""Strangers at the door of a real house, and the honest people inside who must not notice."""

import asyncio
import socket
import struct
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from threading import Thread
from typing import NamedTuple
from uuid import uuid4

import httpx2
import psutil
from websockets.frames import Frame, Opcode

from conference.live.tables import Log
from tests.live.cast import Cast
from tests.live.phone import Phone
from tests.servers import Process

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
CALM = 1.0  # seconds that an honest reader may wait
LINGER = struct.pack("ii", 1, 0)  # close() sends an RST
READER = """
import sys, time, urllib.request
while True:
    began = time.monotonic()
    urllib.request.urlopen(sys.argv[1], timeout=30).read()
    print(time.monotonic() - began, flush=True)
    time.sleep(0.02)
"""  # in a process of its own, so that our own sending does not count


def frame(opcode: Opcode, data: bytes = b"", *, fin: bool = True) -> bytes:
    return bytes(Frame(opcode, data, fin).serialize(mask=True))


class Stranger:
    """A raw connection to the house."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def send(self, *data: bytes) -> None:
        with suppress(ConnectionError):
            self.writer.write(b"".join(data))
            await self.writer.drain()

    async def all(self, seconds: float = 8.0) -> bytes:
        """What comes until the house hangs up."""
        heard = bytearray()
        with suppress(ConnectionError):
            async with asyncio.timeout(seconds):
                while some := await self.reader.read(65536):
                    heard += some
        return bytes(heard)

    async def ending(self) -> int:
        """The close code that the house says at last."""
        [code] = messages(await self.all()).codes
        return code

    async def hear(self, *words: bytes) -> bytes:
        """Until one of these was heard."""
        heard = b""
        async with asyncio.timeout(5):
            while not any(word in heard for word in words):
                some = await self.reader.read(65536)
                assert some, heard
                heard += some
        return heard

    def reset(self) -> None:
        with suppress(OSError):  # it is closed already
            self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
        self.writer.transport.abort()


class Messages(NamedTuple):
    texts: list[bytes]
    codes: list[int]  # of closes


def messages(heard: bytes) -> Messages:
    """What frames say, after a handshake or without one."""
    rest = heard.partition(b"\r\n\r\n")[2] if heard.startswith(b"HTTP/1.1 ") else heard
    texts, codes = list[bytes](), list[int]()
    while len(rest) >= 2:
        opcode, length, head = rest[0] & 15, rest[1], 2
        if length == 126:
            length, head = int.from_bytes(rest[2:4], "big"), 4
        elif length == 127:
            length, head = int.from_bytes(rest[2:10], "big"), 10
        data, rest = rest[head : head + length], rest[head + length :]
        if opcode == Opcode.CLOSE:
            codes.append(int.from_bytes(data[:2], "big"))
        elif opcode == Opcode.TEXT:
            texts.append(data)
    return Messages(texts, codes)


class Fortress:
    """The house under siege."""

    def __init__(self, house: Process, cast: Cast) -> None:
        self.house, self.cast = house, cast
        self.path = f"/events/{cast.event.slug}/sessions/{cast.session.slug}/stage"
        self.strangers: list[Stranger] = []
        assert house.running
        self._process = psutil.Process(house.running.pid)

    @property
    def memory(self) -> int:
        """Bytes."""
        size: int = self._process.memory_info().rss
        return size

    @property
    def files(self) -> int:
        """How many it has open."""
        count: int = self._process.num_fds()
        return count

    @property
    def connections(self) -> int:
        return len([each for each in self._process.net_connections() if each.raddr])

    async def stranger(self) -> Stranger:
        self.strangers.append(Stranger(*await asyncio.open_connection("127.0.0.1", self.house.port)))
        return self.strangers[-1]

    async def lift(self) -> None:
        """Every stranger is gone."""
        for stranger in self.strangers:
            stranger.reset()
        self.strangers.clear()
        await until(lambda: self.connections == 0)

    def handshake(self, *, name: str = "", origin: str = "", version: str = "13", key: str = KEY) -> bytes:
        cookie = f"Cookie: sign_in={self.cast.tokens[name]}\r\n" if name else ""
        return (
            f"GET {self.path}/socket HTTP/1.1\r\nHost: 127.0.0.1:{self.house.port}\r\nOrigin: {origin or self.house.address}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: {version}\r\n"
            f"{f'Sec-WebSocket-Key: {key}' if key else 'X-No: key'}\r\n{cookie}\r\n"
        ).encode()

    async def open(self, name: str = "") -> Stranger:
        """A stranger who shook hands and was told the stage."""
        stranger = await self.stranger()
        await stranger.send(self.handshake(name=name))
        await stranger.hear(b'"type":"snapshot"')
        return stranger

    async def many(self, count: int, *data: bytes) -> list[Stranger]:
        """So many strangers, who all say this."""
        strangers = [await self.stranger() for _ in range(count)]
        await asyncio.gather(*(stranger.send(*data) for stranger in strangers))
        return strangers

    async def status(self, request: bytes) -> int:
        """Of the answer to this request."""
        stranger = await self.stranger()
        await stranger.send(request)
        heard = await stranger.all()
        assert heard.startswith(b"HTTP/1.1 "), heard
        return int(heard[9:12])

    @asynccontextmanager
    async def honest_people(self) -> AsyncIterator[Phone]:
        """Somebody listens, somebody reads, questions are asked and approved; meanwhile strangers do what they do."""
        said_before = len(self.house.log())
        phone = Phone([self.house.address], f"{self.path}/socket", None, None, Log.public)
        phone.open()
        reader = _Reader(self.house.address + self.path)
        try:
            await until(lambda: phone.held is not None and bool(reader.waits))
            yield phone
            texts = [await self._question() for _ in range(2)]
            await until(lambda: [text for text in texts if not any(text in line for _, line in phone.lines)] == [])
            assert phone.closes == []
            assert [seq for seq, _ in phone.lines] == [phone.lines[0][0] + number for number in range(len(phone.lines))]
            assert max(reader.waits) < CALM
            assert "Traceback" not in self.house.log()[said_before:]
        finally:
            reader.stop()
            await phone.close()

    async def _question(self) -> str:
        """Asked and approved by plain forms; its text."""
        text = f"Is all well? {uuid4().hex}"
        asker, moderator = self._browser("asker"), self._browser("moderator")
        async with asker, moderator:
            asked = await asker.post(self.path + "/questions", data={"text": text, "client_id": uuid4().hex})
            assert asked.status_code == 303, asked.text
            page = (await moderator.get("/manage" + self.path)).text
            before = page[: page.index(text)] + page[page.index(text) :].partition("/approval")[0]
            question_id = before.rpartition("/questions/")[2]
            approved = await moderator.post(f"{self.path}/questions/{question_id}/approval", data={"client_id": uuid4().hex})
            assert approved.status_code == 303, approved.text
        return text

    def _browser(self, name: str) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            base_url=self.house.address,
            cookies={"sign_in": self.cast.tokens[name]},
            headers={"Origin": self.house.address},
            trust_env=False,
            timeout=20,
        )


class _Reader:
    """Loads the stage's page again and again; how long it waited each time, in seconds."""

    def __init__(self, address: str) -> None:
        self.waits: list[float] = []
        self._process = subprocess.Popen([sys.executable, "-c", READER, address], stdout=subprocess.PIPE, text=True)
        self._ear = Thread(target=self._note)
        self._ear.start()

    def _note(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            if line.endswith("\n"):  # else it was stopped in the middle
                self.waits.append(float(line))

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self._ear.join()
        assert self._process.stdout
        self._process.stdout.close()


async def until(holds: Callable[[], bool], within: float = 10.0) -> None:
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - nothing says when
            await asyncio.sleep(0.02)
