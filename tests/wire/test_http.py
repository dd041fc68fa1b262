"""The listener's HTTP side on a real socket: endless heads and half-sent requests are cut, honest ones don't notice."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator

import pytest

from conference.files import folder
from conference.settings import Settings
from conference.web.links import static_version
from conference.wire import http
from tests.servers import serving
from tests.world import World

SOON = 0.5  # seconds of patience in these tests


@pytest.fixture
async def port(world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    for name in ("HEAD_SECONDS", "IDLE_SECONDS"):
        monkeypatch.setattr(http, name, SOON)
    async with serving(settings) as address:
        yield int(address.rsplit(":", 1)[1])


async def answer_to(port: int, *parts: bytes, pause: float = 0.0) -> tuple[bytes, float]:
    """Everything that comes back until the line is closed, and the seconds that took. What can't be sent any more isn't."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.monotonic()
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
    except ConnectionError:
        pass
    try:
        said = await asyncio.wait_for(reader.read(), 10)
    except ConnectionError:
        said = b""
    writer.close()
    return said, time.monotonic() - began


GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
POST = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 40\r\n"


async def test_an_honest_request_is_answered(port: int) -> None:
    said, _ = await answer_to(port, GET + b"\r\n")
    assert said.startswith(b"HTTP/1.1 200 OK\r\n")


async def test_a_large_head_within_the_bound_is_answered_and_one_beyond_it_is_not(port: int) -> None:
    fits, _ = await answer_to(port, GET, *[b"X-%d: %s\r\n" % (number, b"a" * 1000) for number in range(60)], b"\r\n")
    too_much, _ = await answer_to(port, GET, *[b"X-%d: %s\r\n" % (number, b"a" * 1000) for number in range(70)], b"\r\n")
    assert fits.startswith(b"HTTP/1.1 200 OK\r\n")
    assert too_much.startswith(b"HTTP/1.1 431 ") or too_much == b""


async def test_endless_headers_are_cut_long_before_they_cost_anything(port: int) -> None:
    sent = 0
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(GET)
    try:
        for number in range(2_000):
            writer.write(b"X-%d: %s\r\n" % (number, b"a" * 10_000))
            await writer.drain()
            sent += 10_000
            await asyncio.sleep(0)
        await asyncio.wait_for(reader.read(), 5)
    except ConnectionError:
        pass
    writer.close()
    assert sent < 20_000_000


@pytest.mark.parametrize(
    "parts",
    [[b""], [b"GET /hea"], [GET], [POST + b"\r\n", b"email=half"]],
    ids=["silent", "half a line", "half a head", "half a body"],
)
async def test_a_request_that_stays_half_sent_is_cut(port: int, parts: list[bytes]) -> None:
    said, seconds = await answer_to(port, *parts)
    assert said.startswith(b"HTTP/1.1 408 ")
    assert SOON * 0.8 <= seconds < SOON * 6


async def test_a_body_that_comes_slowly_but_steadily_is_read(port: int) -> None:
    said, _ = await answer_to(
        port, POST + b"\r\n", *[b"emai", b"l=no", b"t+an", b"+add", b"ress", b"&nex", b"t=/m", b"e&pa", b"dd=1", b"2345"], pause=0.15
    )
    assert said.startswith(b"HTTP/1.1 422 ")


async def test_a_hundred_and_fifty_half_sent_requests_do_not_keep_an_honest_reader_waiting(port: int) -> None:
    crowd = [asyncio.create_task(answer_to(port, POST + b"\r\nemail=")) for _ in range(150)]
    await asyncio.sleep(0.1)
    said, seconds = await answer_to(port, GET + b"\r\n")
    assert said.startswith(b"HTTP/1.1 200 OK\r\n")
    assert seconds < 1
    assert {answer[:12] for answer, _ in await asyncio.gather(*crowd)} == {b"HTTP/1.1 408"}


async def test_a_line_that_is_kept_alive_serves_several_requests(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(3):
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert await reader.readexactly(2) == b"ok"
        await asyncio.sleep(SOON * 1.2)
    writer.close()


async def test_whoever_reads_no_answer_is_hung_up_on(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many answers are asked for in one breath, and none is read."""
    monkeypatch.setattr(http, "DEAF_SECONDS", SOON)
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(deaf, ("127.0.0.1", port))
    font = f"/static/{static_version()}/fonts/{next(folder('static').glob('fonts/*.woff2')).name}"
    await loop.sock_sendall(deaf, f"GET {font} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 400)
    await asyncio.sleep(SOON * 3)
    heard = 0
    try:
        async with asyncio.timeout(10):
            while some := await loop.sock_recv(deaf, 65536):
                heard += len(some)
    except ConnectionError:
        pass  # cut, not closed
    deaf.close()
    assert heard < 400 * (folder("static") / "fonts" / font.rsplit("/", 1)[1]).stat().st_size
