"""One accepted socket without a task of its own: frames go straight to its transport, the websockets library reads what comes in."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from websockets.frames import Frame
from websockets.protocol import OPEN
from websockets.protocol import Protocol as Parser

from conference.wire.codes import FAULT, FLOODING, RESTART, SILENT, TOO_SLOW, Close
from conference.wire.frames import PING, text_frame
from conference.wire.incoming import Incoming
from conference.wire.pulse import PATIENCE, Pulse

MAX_UNSENT = 64 * 1024  # bytes in the transport before we keep the rest
MAX_KEPT = 256 * 1024  # bytes that are kept for a socket that takes nothing; the frames themselves are shared by all
MAX_FRAMES = 1_000
SLICE = 4096  # bytes that are parsed before we look whether that was too much
CLOSE_PATIENCE = 2.0  # seconds for the other side to answer our close
log = logging.getLogger("conference.wire")


@dataclass(frozen=True, slots=True)
class Manners:
    """What a protocol says when it has nothing to say, or was told too much; as frames."""

    heartbeat: bytes
    too_many: bytes


class Owner(Protocol):
    """Whose socket it is."""

    async def hear(self, text: str) -> str:
        """Answer a text with a text."""

    def gone(self) -> None:
        """The socket is closed, or being closed. Called once."""


def _nothing(frame: bytes) -> None:
    """Whoever is gone is told nothing."""


class Line(asyncio.Protocol):
    """Made for a transport whose WebSocket handshake is done; it takes the transport over.

    `write` is the transport's own, until the transport is full: then frames are kept, up to a bound.
    """

    __slots__ = (
        "_connections",
        "_ended",
        "_full_since",
        "_heard",
        "_inbox",
        "_incoming",
        "_kept",
        "_kept_bytes",
        "_manners",
        "_owner",
        "_parser",
        "_pulse",
        "_task",
        "_timer",
        "_transport",
        "_unsent",
        "spoke",
        "write",
    )

    def __init__(
        self,
        transport: asyncio.Transport,
        parser: Parser,
        connections: set[Any],
        owner: Owner,
        manners: Manners,
        pulse: Pulse,
    ) -> None:
        self.write: Callable[[bytes], None] = transport.write
        self._transport, self._parser, self._connections = transport, parser, connections
        self._owner, self._manners, self._pulse = owner, manners, pulse
        self.spoke = 0
        self._ended = False
        self._heard = True
        self._full_since: float | None = None
        self._unsent = 0  # bytes in the transport when it was last looked at
        self._kept: deque[bytes] | None = None
        self._kept_bytes = 0
        self._incoming: Incoming | None = None
        self._inbox: deque[str | None] | None = None  # None in it: one too many
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        connections.add(self)
        transport.set_write_buffer_limits(high=MAX_UNSENT)
        transport.set_protocol(self)
        pulse.add(self)

    # What goes out.

    def greet(self, frames: Sequence[bytes]) -> None:
        self.write(b"".join(frames))

    def end(self, close: Close) -> None:
        """Say why, and let go. A socket that takes nothing is cut: it could not even be told."""
        if self._ended:
            return
        self._let_go_of_everything()
        if self._full_since is not None or self._parser.state is not OPEN:
            self._transport.abort()
            return
        self._parser.send_close(close.code, close.reason)
        self._flush_parser()
        self._read_on()
        self._hang_up_later()

    def shutdown(self) -> None:
        """The server stops: uvicorn says so to each of its connections."""
        self.end(RESTART)

    def beat(self) -> None:
        if not self._heard and self._task is None:  # while a command is carried out we read nothing, not even an answer to a ping
            self.end(SILENT)
            return
        self._heard = False
        self.write(self._manners.heartbeat + PING)

    def pause_writing(self) -> None:
        """The transport is full."""
        self._full_since = asyncio.get_running_loop().time()
        self._unsent = self._transport.get_write_buffer_size()
        if not self._ended:
            self.write = self._keep
            self._pulse.full.add(self)

    def resume_writing(self) -> None:
        """The transport is nearly empty: first what was kept, which may fill it again."""
        self._full_since = None
        self._pulse.full.discard(self)
        if self._ended:
            return
        self.write = self._transport.write
        kept, self._kept, self._kept_bytes = self._kept or deque(), None, 0
        while kept and self._full_since is None:
            self._transport.write(kept.popleft())
        if kept:
            self._kept, self._kept_bytes = kept, sum(map(len, kept))

    def is_stuck(self, now: float) -> bool:
        unsent = self._transport.get_write_buffer_size()
        if unsent < self._unsent:  # slow, but reading
            self._full_since = now
        self._unsent = unsent
        return self._full_since is not None and now - self._full_since > PATIENCE

    def let_go(self) -> None:
        self.end(TOO_SLOW)

    def _keep(self, frame: bytes) -> None:
        if self._kept is None:
            self._kept = deque()
        self._kept.append(frame)
        self._kept_bytes += len(frame)
        if self._kept_bytes > MAX_KEPT or len(self._kept) > MAX_FRAMES:
            self.end(TOO_SLOW)

    # What comes in.

    def data_received(self, data: bytes) -> None:
        self._heard = True
        if self._ended and len(data) > SLICE:
            return  # no goodbye: what a flooder still sends is not worth reading
        for start in range(0, len(data), SLICE):
            self._parse(data[start : start + SLICE])
            if self._ended:
                return

    def _parse(self, data: bytes) -> None:
        self._parser.receive_data(data)
        for event in self._parser.events_received():
            if not self._ended and isinstance(event, Frame):
                self._take(event)
        self._flush_parser()
        if self._parser.parser_exc is not None or self._parser.close_rcvd is not None:
            self._let_go_of_everything()
            self._transport.close()
            self._hang_up_later()

    def hear(self, text: str) -> None:
        """One message: refused when there are too many, otherwise answered in its turn."""
        now = asyncio.get_running_loop().time()
        messages = self._talk(now).messages
        fine = messages.take(now)
        if messages.overdrawn:
            self.end(FLOODING)
            return
        if self._inbox is None:
            self._inbox = deque()
        self._inbox.append(text if fine else None)
        if self._task is None:
            self._task = asyncio.create_task(self._answer())
        else:
            self._transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self._let_go_of_everything()
        self._connections.discard(self)
        if self._timer:
            self._timer.cancel()

    def _take(self, frame: Frame) -> None:
        now = asyncio.get_running_loop().time()
        said = self._talk(now).take(frame, now)
        if isinstance(said, Close):
            self.end(said)
        elif said is not None:
            self.hear(said)

    def _talk(self, now: float) -> Incoming:
        if self._incoming is None:
            self._incoming = Incoming(now)
        return self._incoming

    async def _answer(self) -> None:
        """What was said, one after the other; nothing of this outlives it."""
        try:
            while self._inbox and not self._ended:
                text = self._inbox.popleft()
                answer = self._manners.too_many if text is None else text_frame(await self._owner.hear(text))
                self.write(answer)  # looked up now: meanwhile the socket may be full, or gone
        except Exception:
            log.exception("a socket's conversation failed")
            self.end(FAULT)
        finally:
            self._task = None
            self._read_on()

    def _hang_up_later(self) -> None:
        """A socket that takes nothing would never close by itself."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(CLOSE_PATIENCE, self._transport.abort)

    def _read_on(self) -> None:
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def _flush_parser(self) -> None:
        """What the library wants to say: pongs, and its side of a close."""
        if out := b"".join(self._parser.data_to_send()):
            (self._transport.write if self._ended or self._parser.state is not OPEN else self.write)(out)

    def _let_go_of_everything(self) -> None:
        """Hear and say no more; tell the owner, once."""
        if self._ended:
            return
        self._ended = True
        self.write = _nothing
        self._kept = None
        self._pulse.remove(self)
        self._owner.gone()
