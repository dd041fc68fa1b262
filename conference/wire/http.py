"""The HTTP side of the listener: uvicorn's, with a bound on heads and on patience.

Neither of uvicorn's parsers limits how long a head may get, or cuts a request that stays half sent. This stands on parts of
uvicorn's httptools protocol that are not public: pyproject.toml pins its minor version, tests/wire/test_http.py holds it to it.
"""

from asyncio import Transport
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD = 64 * 1024  # bytes of request line and headers
HEAD_SECONDS = 10.0  # for a whole head, from the first byte
IDLE_SECONDS = 10.0  # without a byte while a body is due
BODY_SECONDS = 120.0  # for a whole body
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class CarefulHttp(HttpToolsProtocol):
    """Cuts whoever sends an endless head, or keeps a request half sent."""

    _timer: Any = None
    _head_bytes = 0
    _in_head = True
    _body_until = 0.0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD and not self._head_ends_in(data):
                self._cut(TOO_LARGE)
                return
        elif self._timer is not None:
            self._expect(min(IDLE_SECONDS, self._body_until - self.loop.time()))
        super().data_received(data)

    def on_message_begin(self) -> None:
        self._in_head = True
        if self._head_bytes == 0 or self._timer is None:
            self._expect(HEAD_SECONDS)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head, self._head_bytes = False, 0
        self._body_until = self.loop.time() + BODY_SECONDS
        self._expect(IDLE_SECONDS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._stop_waiting()
        self._in_head = True
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._stop_waiting()
        super().handle_websocket_upgrade()

    def _head_ends_in(self, data: bytes) -> bool:
        """A body may follow its head in the same bytes; then it is the head alone that counts."""
        return self._head_bytes - len(data) + max(data.find(b"\r\n\r\n"), 0) <= MAX_HEAD and b"\r\n\r\n" in data

    def _expect(self, seconds: float) -> None:
        self._stop_waiting()
        self._timer = self.loop.call_later(max(seconds, 0), self._cut, TOO_SLOW)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _cut(self, answer: bytes) -> None:
        """Say why, if nothing was answered yet, and let go. What the application still reads ends as a disconnect."""
        self._stop_waiting()
        if not self.transport.is_closing():
            if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
                self.transport.write(answer)
            self.transport.close()
