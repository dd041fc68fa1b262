"""A robot's line to the house: a WebSocket client (RFC 6455) that costs next to nothing, so that thousands fit into one process.

It reads what a server may send (unmasked frames, whole or in parts), answers pings, and measures nothing itself.
"""

import asyncio
from dataclasses import dataclass
from typing import Protocol, cast
from urllib.parse import urlsplit

from websockets.frames import Frame, Opcode
from websockets.utils import accept_key, generate_key

LEFT, BROKEN, UNSAID = 1000, 1002, 1005  # close codes of RFC 6455 7.4.1
ABNORMAL = 1006  # the line is gone, and nobody said goodbye
MOST_HEAD = 64 * 1024  # bytes
ENDS = b"\r\n\r\n"


class Holder(Protocol):
    """Whoever holds a line."""

    def take(self, line: "Line") -> None:
        """It is let in: messages follow."""

    def hear(self, payload: bytes) -> None: ...

    def lose(self, code: int) -> None:
        """The line that it took is over."""


class NotLetIn(Exception):
    """The handshake was answered with this status, or with nothing (0)."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Place:
    """Where a socket is: the house's address and the path of the stage's socket."""

    url: str  # http://host:port
    path: str

    @property
    def target(self) -> tuple[str, int, bool]:
        """Host, port, TLS."""
        parts = urlsplit(self.url)
        secure = parts.scheme == "https"
        return parts.hostname or "", parts.port or (443 if secure else 80), secure


async def dial(place: Place, query: str, token: str, holder: Holder) -> None:
    """Open a socket as a browser on the house's own page would; its holder takes it. Raises NotLetIn, OSError."""
    host, port, secure = place.target
    loop, key = asyncio.get_running_loop(), generate_key()
    line = Line(holder, accept_key(key), loop.create_future())
    await loop.create_connection(lambda: line, host, port, ssl=secure or None)
    assert line.transport
    line.transport.write(_request(place, query, token, key))
    try:
        await line.let_in
    except BaseException:
        line.transport.abort()
        raise


def _request(place: Place, query: str, token: str, key: str) -> bytes:
    """The cookie goes by both of its names: which one the house reads depends on whether people come to it by TLS."""
    lines = (
        f"GET {place.path}?{query} HTTP/1.1",
        f"Host: {urlsplit(place.url).netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        f"Origin: {place.url}",
        f"Cookie: sign_in={token}; __Host-sign_in={token}",
        "User-Agent: conference-rehearsal",
    )
    return "\r\n".join(lines).encode() + ENDS


class Line(asyncio.Protocol):
    """One socket: `hear` of its holder gets each text message's bytes."""

    def __init__(self, holder: Holder, accept: str, let_in: asyncio.Future[None]) -> None:
        self.holder, self.accept, self.let_in = holder, accept, let_in
        self.transport: asyncio.Transport | None = None
        self.buffer = bytearray()
        self.parts = bytearray()  # of a fragmented message
        self.open = False
        self.code = ABNORMAL

    def say(self, text: str) -> None:
        self._send(Opcode.TEXT, text.encode())

    def hang_up(self, code: int = LEFT) -> None:
        """Say goodbye, or answer one: with the same code."""
        self._send(Opcode.CLOSE, b"" if code == UNSAID else code.to_bytes(2, "big"))
        self.code = code
        if self.transport:
            self.transport.close()

    def drop(self) -> None:
        """Without a word, as a cut line does."""
        if self.transport:
            self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.open or self._read_head():
            self._read_frames()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.let_in.done():
            self.let_in.set_exception(NotLetIn(0))
        elif self.open:
            self.open = False
            self.holder.lose(self.code)

    def _read_head(self) -> bool:
        """Whether the server has let us in; what follows the head are frames."""
        end = self.buffer.find(ENDS)
        if end < 0 and len(self.buffer) <= MOST_HEAD:
            return False
        status, _, head = bytes(self.buffer[: max(end, 0)]).decode("latin-1").partition("\r\n")
        del self.buffer[: end + len(ENDS)]
        word = status.split(" ")[1:2]
        fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head.split("\r\n"))}
        if self.let_in.done():
            return False  # given up meanwhile
        if word != ["101"] or fields.get("sec-websocket-accept") != self.accept:
            self.let_in.set_exception(NotLetIn(int(word[0]) if word and word[0].isdigit() else 0))
            return False
        self.open = True
        self.let_in.set_result(None)
        self.holder.take(self)
        return True

    def _read_frames(self) -> None:
        buffer, at, size = self.buffer, 0, len(self.buffer)
        while size - at >= 2:
            length, start = buffer[at + 1], at + 2
            if length >= 126:
                wide = 2 if length == 126 else 8
                if length > 127 or size < start + wide:
                    break
                length, start = int.from_bytes(buffer[start : start + wide], "big"), start + wide
            if size < start + length:
                break
            first, at = buffer[at], start + length
            self._frame(first & 0x0F, bool(first & 0x80), bytes(buffer[start:at]))
        masked = size - at >= 2 and buffer[at + 1] > 127
        del buffer[:at]
        if masked:
            self._fail()

    def _frame(self, opcode: int, last: bool, payload: bytes) -> None:
        if opcode == Opcode.TEXT and last:
            self.holder.hear(payload)
        elif opcode in (Opcode.TEXT, Opcode.CONT):
            self.parts += payload
            if last:
                whole = bytes(self.parts)
                self.parts.clear()
                self.holder.hear(whole)
        elif opcode == Opcode.PING:
            self._send(Opcode.PONG, payload)
        elif opcode == Opcode.CLOSE:
            self.hang_up(int.from_bytes(payload[:2], "big") if len(payload) >= 2 else UNSAID)
        elif opcode != Opcode.PONG:
            self._fail()

    def _send(self, opcode: Opcode, payload: bytes) -> None:
        if self.transport and not self.transport.is_closing():
            self.transport.write(Frame(opcode, payload).serialize(mask=True))

    def _fail(self) -> None:
        """What no server may send."""
        self.code = BROKEN
        self.drop()
