"""One listener of the load: as little as tells exactly what it was sent."""

import asyncio
from time import monotonic
from typing import Protocol

from tests.bench.frames import CLOSE, PING, PONG, TEXT, masked, stamp_of, walk

END_OF_HEAD = b"\r\n\r\n"


class Ledger(Protocol):
    """What the listeners of a crowd know and note together."""

    expected: bytes  # the whole frame of this round
    stamped: int  # bytes of a stamped frame
    got: int  # listeners that have the expected frame
    delays: list[float]  # seconds from a stamped frame's sending to its receipt
    strange: int  # rounds that came when they were not expected
    acknowledged: int

    def has_all(self, at: float) -> None:
        """Called at the last receipt of a round, or when the last vote was acknowledged."""

    @property
    def size(self) -> int: ...


class Listener(asyncio.Protocol):
    """Says its upgrade, if it has one; `opened` is done when it is heard, or with an error."""

    def __init__(self, ledger: Ledger, upgrade: bytes, *, sleeps: bool = False) -> None:
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.rounds = 0
        self.last = b""  # the last text, with its head, that is no round
        self.closed = False
        self._ledger = ledger
        self._upgrade = upgrade
        self._sleeps = sleeps
        self._rest = b""
        self._upgraded = not upgrade

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport
        if self._upgraded:
            self.opened.set_result(None)
        else:
            transport.write(self._upgrade)

    def data_received(self, data: bytes) -> None:
        ledger = self._ledger
        if self._upgraded and not self._rest:
            if data == ledger.expected:
                self._count()
                return
            if len(data) == ledger.stamped:
                ledger.delays.append(monotonic() - stamp_of(data))
                return
        self._rest += data
        if self._upgraded or self._is_upgraded():
            self._walk()

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("closed before it was open"))

    def say(self, message: bytes) -> None:
        self.transport.write(masked(message))

    def _is_upgraded(self) -> bool:
        head, found, rest = self._rest.partition(END_OF_HEAD)
        if not found:
            return False
        self._rest, self._upgraded = rest, True
        if not head.startswith(b"HTTP/1.1 101 "):
            self.opened.set_exception(ConnectionError(head.splitlines()[0].decode()))
        else:
            self.opened.set_result(None)
            if self._sleeps:
                self.transport.pause_reading()
        return True

    def _walk(self) -> None:
        for opcode, frame, head in walk(self._rest):
            self._rest = self._rest[len(frame) :]
            if opcode == PING:
                self.transport.write(masked(frame[head:], PONG))
            elif opcode == CLOSE:
                self.closed = True
            elif opcode == TEXT:
                self._hear(frame, head)

    def _hear(self, frame: bytes, head: int) -> None:
        if frame == self._ledger.expected:
            self._count()
        elif frame.startswith(b'{"at"', head):
            self._ledger.delays.append(monotonic() - stamp_of(frame))
        elif frame.startswith(b'{"type":"round"', head):
            self._ledger.strange += 1
        elif b'"acknowledged"' in frame:
            self._ledger.acknowledged += 1
        else:
            self.last = frame

    def _count(self) -> None:
        self.rounds += 1
        self._ledger.got += 1
        if self._ledger.got == self._ledger.size:
            self._ledger.has_all(monotonic())
