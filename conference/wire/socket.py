"""A conversation on an accepted socket: handed over to a Line where the server can do that, by way of ASGI otherwise."""

from collections.abc import Callable

from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocket

from conference.wire.direct import HANDOVER
from conference.wire.hub import Listener
from conference.wire.line import Manners, Owner
from conference.wire.public_way import QueueLine
from conference.wire.pulse import Pulse


async def refuse(socket: WebSocket, status: int, sentence: str) -> None:
    """Answer a handshake with a no, before anything is accepted."""
    await socket.send_denial_response(PlainTextResponse(sentence, status, {"Cache-Control": "no-store"}))


async def converse(socket: WebSocket, pulse: Pulse, manners: Manners, owner: Owner, begin: Callable[[Listener], None]) -> None:
    """Call it right after the accept. `begin` gets the listener at once and greets it; what is said is heard by the `owner`.

    Returns at once where the transport was handed over, and at the conversation's end otherwise.
    """
    if handover := socket.scope.get("extensions", {}).get(HANDOVER):
        begin(handover.hand_over(owner, manners, pulse))
        return
    line = QueueLine(manners, pulse, owner)
    begin(line)
    await line.last(socket)
