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
DEAF_SECONDS = 30.0  # for a full connection to take 48 KiB of an answer
LEFTOVER = 16 * 1024 * 1024  # bytes of a body that are still taken after the answer: whoever sends may not have read it yet
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class CarefulHttp(HttpToolsProtocol):
    """Cuts whoever sends an endless head, or keeps a request half sent."""

    _timer: Any = None
    _head_bytes = 0
    _dry_bytes = 0  # since the last of a body: trailers, and what chunks are dressed in; they are kept in memory
    _leftover = 0  # bytes of a body that came after its answer
    _in_head = True
    _body_until = 0.0
    _hang_up: Any = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._stop_hanging_up()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD and not self._head_ends_in(data):
                self._cut(TOO_LARGE)
                return
        elif self._timer is not None:
            self._expect(min(IDLE_SECONDS, self._body_until - self.loop.time()))
            self._dry_bytes += len(data)
        super().data_received(data)
        if self._dry_bytes > MAX_HEAD or self._leftover > LEFTOVER:
            self._cut(TOO_LARGE)

    def on_body(self, body: bytes) -> None:
        self._dry_bytes = 0
        if self._is_answered:
            self._leftover += len(body)
        super().on_body(body)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._hang_up_in(DEAF_SECONDS)

    def resume_writing(self) -> None:
        self._stop_hanging_up()
        super().resume_writing()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self._hang_up_in(IDLE_SECONDS)

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._hang_up_in(IDLE_SECONDS)

    def on_message_begin(self) -> None:
        self._in_head = True
        if self._head_bytes == 0 or self._timer is None:
            self._expect(HEAD_SECONDS)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head, self._head_bytes, self._dry_bytes, self._leftover = False, 0, 0, 0
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

    @property
    def _is_answered(self) -> bool:
        return self.cycle is not None and self.cycle.response_complete

    def _hang_up_in(self, seconds: float) -> None:
        """Closing waits until all is written; whoever reads nothing would keep the connection for ever."""
        self._stop_hanging_up()
        self._hang_up = self.loop.call_later(seconds, self.transport.abort)

    def _stop_hanging_up(self) -> None:
        if self._hang_up is not None:
            self._hang_up.cancel()
            self._hang_up = None

    def _cut(self, answer: bytes) -> None:
        """Say why, if nothing was answered yet, and let go. What the application still reads ends as a disconnect."""
        self._stop_waiting()
        if not self.transport.is_closing():
            if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
                self.transport.write(answer)
            self.transport.close()
            self._hang_up_in(IDLE_SECONDS)
