"""The one place that stands on parts of uvicorn which are not public: its WebSocket protocol hands the transport over after the accept.

pyproject.toml pins uvicorn's minor version; before the house opens, `trial.websocket_class` tries the installed one with a real
connection, and falls back to uvicorn's own protocol, spoken to by way of ASGI: slower, with the same promises.
"""

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from conference.wire.line import Line, Manners, Owner
from conference.wire.pulse import Pulse

HANDOVER = "conference.handover"  # in the scope's extensions: the protocol that can be taken over


class HandingOver(WebSocketsSansIOProtocol):
    """uvicorn's protocol for the handshake; once accepted, `hand_over` gives its transport to a Line and no task stays behind."""

    line: Line | None = None

    def hand_over(self, owner: Owner, manners: Manners, pulse: Pulse) -> Line:
        """After the accept. What was said already is heard; whoever left meanwhile is `gone` at once."""
        self.line = line = Line(self.transport, self.conn, self.connections, owner, manners, pulse)
        self.connections.discard(self)
        if self.disconnected or self.transport.is_closing():
            line.connection_lost(None)
        while not self.queue.empty():
            message = self.queue.get_nowait()
            if message["type"] == "websocket.receive":
                line.hear(message.get("text") or "")
        if not self.transport.is_closing():
            self.transport.resume_reading()
        return line

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.handshake_initiated and not self.handshake_complete:  # else it was refused, and there is no scope
            self.scope["extensions"][HANDOVER] = self  # type: ignore[assignment]
            self.transport.pause_reading()  # uvicorn can't answer a broken frame before the accept

    def start_keepalive(self) -> None:
        """The pulse asks for signs of life."""

    async def run_asgi(self) -> None:
        """As uvicorn's, except that the end of the application is not the end of a socket that was handed over."""
        try:
            await self.app(self.scope, self.receive, self.send)
        except ClientDisconnected:
            pass
        except Exception:
            self.logger.exception("Exception in ASGI application\n")
            self.send_500_response()
        else:
            if self.line:
                return
            if not self.handshake_complete and not self.close_sent:  # a refusal is complete too
                self.logger.error("ASGI callable returned without completing handshake.")
                self.send_500_response()
        if self.close_timer is None:
            self.transport.close()
