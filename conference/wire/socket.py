"""One open socket: what comes in is heard in turn, what goes out waits for nobody but its own reader."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from conference.broker import Parcel
from conference.wire.codes import FAULT, FLOODING, NOT_TEXT, TOO_LARGE, TOO_SLOW, Close
from conference.wire.hub import Listener
from conference.wire.limits import MAX_MESSAGE, Bucket

HEARTBEAT = 15.0  # seconds of silence before we say that we are there
SEND_PATIENCE = 20.0  # seconds for one message to leave us
CLOSE_PATIENCE = 2.0
Hear = Callable[[str], Awaitable[str]]
log = logging.getLogger("conference.wire")


@dataclass(frozen=True, slots=True)
class Opening:
    """What a listener is told first, up to the number `seq` of its log."""

    messages: Sequence[str]
    seq: int


@dataclass(frozen=True, slots=True)
class Manners:
    """What a protocol says when it has nothing to say, or was told too much."""

    heartbeat: str
    too_many: str


async def refuse(socket: WebSocket, status: int, sentence: str) -> None:
    """Answer a handshake with a no, before anything is accepted."""
    await socket.send_denial_response(PlainTextResponse(sentence, status, {"Cache-Control": "no-store"}))


async def converse(
    socket: WebSocket, listener: Listener, opening: Opening, hear: Callable[[str], Awaitable[str]], manners: Manners
) -> None:
    """Speak and listen on an accepted socket until either side ends. `hear` answers a text with a text."""
    writer = asyncio.create_task(_write(socket, listener, opening, manners.heartbeat))
    reader = asyncio.create_task(_read(socket, listener, hear, manners.too_many))
    try:
        await asyncio.wait((writer, reader, listener.ended), return_when=asyncio.FIRST_COMPLETED)
        close = _why_it_ended(listener, reader, writer)
    finally:
        for task in (writer, reader):
            task.cancel()
        await asyncio.gather(writer, reader, return_exceptions=True)
    if close:
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):  # a sleeper can't even be told
            async with asyncio.timeout(CLOSE_PATIENCE):
                await socket.close(close.code, close.reason)


def _why_it_ended(listener: Listener, *tasks: asyncio.Task[Close | None]) -> Close | None:
    """The close to send; None when the other side is gone."""
    if listener.ended.done():
        return listener.ended.result()
    for task in tasks:
        if not task.done():
            continue
        if fault := task.exception():
            log.error("a socket's conversation failed", exc_info=fault)
            return FAULT
        return task.result()
    return None


async def _write(socket: WebSocket, listener: Listener, opening: Opening, heartbeat: str) -> Close | None:
    said = opening.seq
    try:
        for text in opening.messages:
            await _send(socket, text)
        while True:
            parcel = await listener.next(HEARTBEAT)
            if parcel is None:
                await _send(socket, heartbeat)
                continue
            if parcel.seq is not None:
                if parcel.seq <= said:
                    continue  # the opening told it already
                if parcel.seq != said + 1:
                    log.warning("a listener was about to miss %s to %s: it resumes", said + 1, parcel.seq - 1)
                    return FAULT
                said = parcel.seq
            await _send(socket, parcel.text)
    except TimeoutError:
        return TOO_SLOW
    except WebSocketDisconnect:
        return None


async def _send(socket: WebSocket, text: str) -> None:
    async with asyncio.timeout(SEND_PATIENCE):
        await socket.send_text(text)


async def _read(socket: WebSocket, listener: Listener, hear: Hear, too_many: str) -> Close | None:
    bucket = Bucket(monotonic())
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return None
        text = message.get("text")
        if text is None:
            return NOT_TEXT
        if len(text) > MAX_MESSAGE or len(text.encode()) > MAX_MESSAGE:
            return TOO_LARGE
        if bucket.take(monotonic()):
            answer = await hear(text)
        elif bucket.overdrawn:
            return FLOODING
        else:
            answer = too_many
        listener.put(Parcel("", None, answer))
