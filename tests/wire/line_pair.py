"""A Line and its other side on a real connection, for stories told on both event loops."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
import uvloop
from uvicorn.server import ServerState
from websockets.frames import Frame

from conference.wire.direct import HANDOVER, HandingOver
from conference.wire.frames import text_frame
from conference.wire.line import Line
from conference.wire.pulse import Pulse
from conference.wire.trial import HANDSHAKE, MANNERS

SOON = 5.0  # seconds in which what must come comes
SMALL = 4096  # bytes of the kernel's buffers, so that a sleeper is noticed soon
LINGER = struct.pack("ii", 1, 0)  # close() sends an RST
Loop = Callable[[], asyncio.AbstractEventLoop]
Story = Callable[[], Awaitable[None]]
BOTH_LOOPS = pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])


def on_both_loops(story: Story) -> Callable[[Loop], None]:
    @BOTH_LOOPS
    def told(new_loop: Loop) -> None:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            runner.run(story())  # type: ignore[arg-type]

    return told


class Owner:
    """Answers after a while where it is told to wait; notes what it heard, and how often the socket was gone."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.gone_times = 0
        self.free = asyncio.Event()
        self.free.set()

    async def hear(self, text: str) -> str:
        self.heard.append(text)
        await self.free.wait()
        await asyncio.sleep(0.01 if text.endswith("slow") else 0)
        if text == "fault":
            raise RuntimeError(text)
        return f"re: {text}"

    def gone(self) -> None:
        self.gone_times += 1


class Peer:
    """The other side: reads only when told to."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock, self.unread = sock, b""
        self.loop = asyncio.get_running_loop()

    async def send(self, *frames: Frame | bytes) -> None:
        data = b"".join(frame if isinstance(frame, bytes) else bytes(frame.serialize(mask=True)) for frame in frames)
        async with asyncio.timeout(SOON):
            await self.loop.sock_sendall(self.sock, data)

    async def read(self, size: int) -> bytes:
        """So many bytes; fewer where the line ends."""
        data = bytearray()
        async with asyncio.timeout(SOON):
            while len(data) < size and (more := await self.loop.sock_recv(self.sock, size - len(data))):
                data += more
        return bytes(data)

    async def read_all(self) -> bytes:
        """What comes until the line ends; however it ends."""
        data = bytearray()
        try:
            async with asyncio.timeout(SOON):
                while more := await self.loop.sock_recv(self.sock, 65536):
                    data += more
        except ConnectionError:
            pass
        return bytes(data)

    def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
        self.sock.close()


class Pair:
    def __init__(self, line: Line, owner: Owner, peer: Peer, pulse: Pulse, state: ServerState) -> None:
        self.line, self.owner, self.peer, self.pulse, self.state = line, owner, peer, pulse, state

    @property
    def unsent(self) -> int:
        return self.line._transport.get_write_buffer_size()

    def fill(self, frame: bytes) -> int:
        """Write until its socket takes nothing; how many frames that took."""
        written = 0
        while not self.pulse.full:
            self.line.write(frame)
            written += 1
        return written


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not holds():  # noqa: ASYNC110 - nothing says when
            await asyncio.sleep(0.005)


async def connected() -> tuple[socket.socket, socket.socket]:
    """A real connection over loopback with small buffers: the server's end, the peer's."""
    loop = asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0)) as door:
        theirs = socket.socket()
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        theirs.setblocking(False)
        await loop.sock_connect(theirs, door.getsockname())
        ours = door.accept()[0]
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
        ours.setblocking(False)
        return ours, theirs


@asynccontextmanager
async def pair(before: Callable[[Peer], Awaitable[None]] | None = None) -> AsyncIterator[Pair]:
    """A Line that took over after uvicorn's own handshake. `before`: what the peer does between its handshake and the accept.

    In the end the owner was told once, and no task, timer or Line is left.
    """
    loop, owner, pulse, state = asyncio.get_running_loop(), Owner(), Pulse(), ServerState()
    ours, theirs = await connected()
    peer = Peer(theirs)
    made: asyncio.Future[Line] = loop.create_future()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        if before:
            await before(peer)
        await send({"type": "websocket.accept"})
        made.set_result(scope["extensions"][HANDOVER].hand_over(owner, MANNERS, pulse))

    config = uvicorn.Config(app, log_config=None, lifespan="off", ws_per_message_deflate=False, ws_max_size=65536)
    config.load()
    await loop.connect_accepted_socket(lambda: HandingOver(config, state, {}), ours)
    await peer.send(HANDSHAKE)
    try:
        async with asyncio.timeout(SOON):
            line = await made
        if not before:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += await peer.read(1)
        yield Pair(line, owner, peer, pulse, state)
        peer.sock.close()
        await until(lambda: line._transport.is_closing() and not state.connections)
        await until(lambda: asyncio.all_tasks() == {asyncio.current_task()} and not state.tasks)
    finally:
        theirs.close()
    assert owner.gone_times == 1
    assert (sum(map(len, pulse._spokes)), pulse.full, state.connections, state.tasks) == (0, set(), set(), set())
    assert line._timer is None or line._timer.cancelled() or line._timer.when() <= loop.time()


def close_code(data: bytes) -> int:
    """Of the close frame that these bytes end with."""
    at = max(data.rfind(b"\x88" + bytes([length])) for length in range(2, 126))
    return int.from_bytes(data[at + 2 : at + 4], "big")


def numbered(number: int, size: int = 1000) -> bytes:
    return text_frame(f"{number:06d} " + "x" * size)
