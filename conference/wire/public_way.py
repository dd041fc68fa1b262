"""A listener by way of ASGI alone: a bounded queue, and two tasks while the socket is open. For servers that hand nothing over."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

from conference.wire.codes import FAULT, FLOODING, NOT_TEXT, TOO_LARGE, TOO_SLOW, Close
from conference.wire.frames import text_frame, text_of
from conference.wire.limits import MAX_MESSAGE, Bucket
from conference.wire.line import CLOSE_PATIENCE, MAX_FRAMES, MAX_KEPT, Manners, Owner
from conference.wire.pulse import PATIENCE, Pulse

log = logging.getLogger("conference.wire")


class QueueLine:
    """Does what a Line does. uvicorn itself pings."""

    def __init__(self, manners: Manners, pulse: Pulse, owner: Owner) -> None:
        self.spoke = 0
        self.ended: asyncio.Future[Close | None] = asyncio.get_running_loop().create_future()
        self._manners, self._pulse, self._owner = manners, pulse, owner
        self._kept: deque[bytes] = deque()
        self._size = 0
        self._awake = asyncio.Event()
        self._sending_since: float | None = None
        pulse.add(self)

    def write(self, frame: bytes) -> None:
        if self.ended.done():
            return
        if len(self._kept) >= MAX_FRAMES or self._size + len(frame) > MAX_KEPT:
            self.end(TOO_SLOW)
            return
        self._kept.append(frame)
        self._size += len(frame)
        self._awake.set()
        self._pulse.full.add(self)

    def greet(self, frames: Sequence[bytes]) -> None:
        """However much it is: the bound is on what comes later."""
        self._kept.extend(frames)
        self._awake.set()

    def end(self, close: Close | None) -> None:
        """None: the other side is gone."""
        if self.ended.done():
            return
        self.ended.set_result(close)
        self._kept.clear()
        self._pulse.remove(self)
        self._owner.gone()

    def beat(self) -> None:
        self.write(self._manners.heartbeat)

    def is_stuck(self, now: float) -> bool:
        return self._sending_since is not None and now - self._sending_since > PATIENCE

    def let_go(self) -> None:
        self.end(TOO_SLOW)

    async def last(self, socket: WebSocket) -> None:
        """Speak and listen until either side ends."""
        writer, reader = asyncio.create_task(self._write_all(socket)), asyncio.create_task(self._read_all(socket))
        try:
            await asyncio.wait((writer, reader, self.ended), return_when=asyncio.FIRST_COMPLETED)
            for task in (writer, reader):
                if task.done():
                    self.end(self._outcome(task))
        finally:
            self.end(None)
            for task in (writer, reader):
                task.cancel()
            await asyncio.gather(writer, reader, return_exceptions=True)
        if close := self.ended.result():
            with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):  # a sleeper can't even be told
                async with asyncio.timeout(CLOSE_PATIENCE):
                    await socket.close(close.code, close.reason)

    def _outcome(self, task: "asyncio.Task[Close | None]") -> Close | None:
        if fault := task.exception():
            log.error("a socket's conversation failed", exc_info=fault)
            return FAULT
        return task.result()

    async def _write_all(self, socket: WebSocket) -> Close | None:
        clock = asyncio.get_running_loop().time
        try:
            while True:
                while self._kept:
                    frame = self._kept.popleft()
                    self._size = max(self._size - len(frame), 0)
                    self._sending_since = clock()
                    await socket.send_text(text_of(frame))
                self._sending_since = None
                self._pulse.full.discard(self)
                self._awake.clear()
                await self._awake.wait()
        except WebSocketDisconnect:
            return None

    async def _read_all(self, socket: WebSocket) -> Close | None:
        clock = asyncio.get_running_loop().time
        bucket = Bucket(clock())
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return None
            text = message.get("text")
            if text is None:
                return NOT_TEXT
            if len(text.encode(errors="replace")) > MAX_MESSAGE:
                return TOO_LARGE
            if bucket.take(clock()):
                self.write(text_frame(await self._owner.hear(text)))
            elif bucket.overdrawn:
                return FLOODING
            else:
                self.write(self._manners.too_many)
