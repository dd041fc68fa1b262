"""Which WebSocket protocol uvicorn is given: ours, if a real connection shows that it works with the installed uvicorn."""

import asyncio
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import uvicorn
from uvicorn.server import ServerState
from websockets.frames import Frame, Opcode

from conference.wire.direct import HANDOVER, HandingOver
from conference.wire.frames import text_frame
from conference.wire.line import Manners
from conference.wire.pulse import Pulse

KNOWN = "0.54."
PUBLIC_WAY = "websockets-sansio"
PATIENCE = 5.0  # seconds
MANNERS = Manners(text_frame("beat"), text_frame("too many"))
HANDSHAKE = (
    b"GET /trial HTTP/1.1\r\nHost: trial\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
log = logging.getLogger("conference.wire")


class Echo:
    """An owner for the trial."""

    async def hear(self, text: str) -> str:
        return f"echo: {text}"

    def gone(self) -> None:
        """Nobody waits for it."""


@cache
def websocket_class() -> type[HandingOver] | str:
    """For uvicorn's `ws`. Tries it once, in a loop of its own."""
    with ThreadPoolExecutor(1) as aside:
        why = aside.submit(asyncio.run, why_not()).result()
    if why is None:
        return HandingOver
    log.warning("Sockets go the public way, which is slower and promises the same: %s", why)
    return PUBLIC_WAY


async def why_not(protocol: type[HandingOver] = HandingOver) -> str | None:
    """What keeps us from writing to uvicorn's transports ourselves; None where all is well."""
    if not uvicorn.__version__.startswith(KNOWN):
        return f"uvicorn {uvicorn.__version__} is not one of {KNOWN}x, which this release was made for"
    try:
        async with asyncio.timeout(PATIENCE):
            heard = await _conversation(protocol)
    except Exception as wrong:
        return f"uvicorn {uvicorn.__version__} does not hand its sockets over ({type(wrong).__name__}: {wrong})"
    expected = text_frame("welcome") + text_frame("echo: hello")
    return None if heard == expected else f"uvicorn {uvicorn.__version__} garbles what is handed over"


async def _conversation(protocol: type[HandingOver]) -> bytes:
    """Shake hands over a real pair of sockets, be greeted, say hello; what was heard after the handshake."""
    ours, theirs = socket.socketpair()
    loop, pulse, state = asyncio.get_running_loop(), Pulse(), ServerState()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        line = scope["extensions"][HANDOVER].hand_over(Echo(), MANNERS, pulse)
        line.write(text_frame("welcome"))

    config = uvicorn.Config(app, log_config=None, lifespan="off", ws_per_message_deflate=False)
    config.load()
    await loop.connect_accepted_socket(lambda: protocol(config, state, {}), ours)
    reader, writer = await asyncio.open_connection(sock=theirs)
    try:
        writer.write(HANDSHAKE)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(Frame(Opcode.TEXT, b"hello").serialize(mask=True))
        heard = await reader.readexactly(len(text_frame("welcome") + text_frame("echo: hello")))
    finally:
        for connection in tuple(state.connections):
            connection.shutdown()
        writer.close()
    return heard
