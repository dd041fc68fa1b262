"""`conference serve` under siege: whatever strangers' sockets do, honest people don't notice, and nothing of it stays behind."""

import asyncio
import struct
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.frames import Opcode

from conference.wire.limits import MAX_MESSAGE
from tests.live.siege import Fortress, frame, messages
from tests.live.town import build
from tests.servers import running

PING = b'{"type":"ping","client_id":"p"}'
FLAT = 12 * 1024 * 1024  # bytes that the process may be larger afterwards
FLOOD_SECONDS = 1.5
HALF = 150  # requests that are half sent, and sockets that say nothing
STOP_SECONDS = 10.0
GOODBYE = frame(Opcode.CLOSE, struct.pack("!H", 1000))


@pytest.fixture(scope="module")
def fortress(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fortress]:
    yield from besieged(tmp_path_factory.mktemp("siege"))


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Fortress]:
    """For what a house does not survive, or does not forget."""
    yield from besieged(tmp_path)


def besieged(data: Path) -> Iterator[Fortress]:
    cast = build(f"sqlite:///{data / 'conference.db'}", ())
    with running(data, "serve") as house:
        yield Fortress(house, cast)


@pytest.fixture(autouse=True)
async def lifted(fortress: Fortress) -> AsyncIterator[None]:
    """In the end every stranger has left, and the house has noticed."""
    yield
    await fortress.lift()


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://127.0.0.1", "http://localhost.evil.example", "file://"])
async def test_another_sites_page_is_refused_before_the_accept(fortress: Fortress, origin: str) -> None:
    assert await fortress.status(fortress.handshake(origin=origin)) == 403


async def test_half_handshakes_are_refused(fortress: Fortress) -> None:
    for bad in (fortress.handshake(key=""), fortress.handshake(key="short"), fortress.handshake(version="8")):
        assert await fortress.status(bad) == 400


BAD = {
    "one byte too much": (frame(Opcode.TEXT, b"x" * (MAX_MESSAGE + 1)), 1009),
    "one byte too much in pieces": (frame(Opcode.TEXT, b"x" * MAX_MESSAGE, fin=False) + frame(Opcode.CONT, b"x"), 1009),
    "a length of 2^62": (b"\x81\xff" + (2**62).to_bytes(8, "big") + b"mask", 1009),
    "a length of 2^63": (b"\x81\xff" + (2**63).to_bytes(8, "big") + b"mask", 1009),
    "binary": (frame(Opcode.BINARY, b"x"), 1003),
    "binary in pieces": (frame(Opcode.BINARY, b"x", fin=False), 1003),
    "not UTF-8": (frame(Opcode.TEXT, b"\xff"), 1007),
    "half a letter": (frame(Opcode.TEXT, "é".encode()[:1], fin=False) + frame(Opcode.CONT, b"x"), 1007),
    "a surrogate": (frame(Opcode.TEXT, b"\xed\xa0\x80"), 1007),
    "reserved bits": (b"\xf1\x80mask", 1002),
    "a reserved opcode": (b"\x83\x80mask", 1002),
    "unmasked": (b"\x81\x02hi", 1002),
    "a ping of 126 bytes": (b"\x89\xfe\x00\x7emask" + b"x" * 126, 1002),
    "a ping in pieces": (b"\x09\x80mask", 1002),
    "a text within a text": (frame(Opcode.TEXT, b"a", fin=False) + frame(Opcode.TEXT, b"b"), 1002),
    "a continuation of nothing": (frame(Opcode.CONT, b"a"), 1002),
    "a close of one byte": (frame(Opcode.CLOSE, b"x"), 1002),
    "a close with a forbidden code": (frame(Opcode.CLOSE, struct.pack("!H", 1005)), 1002),
    "a close that isn't UTF-8": (frame(Opcode.CLOSE, struct.pack("!H", 1000) + b"\xff"), 1007),
}


async def test_bad_frames_end_with_the_documented_code_and_nobody_else_notices(fortress: Fortress) -> None:
    async def ending(bad: bytes) -> int:
        stranger = await fortress.open()
        await stranger.send(bad)
        return await stranger.ending()

    async with fortress.honest_people():
        endings = await asyncio.gather(*(ending(bad) for bad, _ in BAD.values()))
        assert dict(zip(BAD, endings, strict=True)) == {name: code for name, (_, code) in BAD.items()}


async def test_a_command_in_pieces_with_pings_between_is_one_command(fortress: Fortress) -> None:
    stranger = await fortress.open()
    pieces = [frame(Opcode.CONT if at else Opcode.TEXT, PING[at : at + 1], fin=at == len(PING) - 1) for at in range(len(PING))]
    await stranger.send(*(piece + frame(Opcode.PING, b"?") + frame(Opcode.PONG) for piece in pieces))
    assert messages(await stranger.hear(b'"pong"')).texts == [b'{"type":"pong","client_id":"p"}']
    await stranger.send(GOODBYE)
    assert await stranger.ending() == 1000


async def test_nonsense_is_answered_and_the_line_stays(fortress: Fortress) -> None:
    stranger = await fortress.open()
    nonsense = [b"", b"{", b"null", b'{"type":"fly"}', b"[" * 30_000, b'{"type":"ask"}', b"\x00", b'{"type":["ask"]}', b'"\\ud800"']
    for text in nonsense:
        await stranger.send(frame(Opcode.TEXT, text))
        assert b'"unreadable"' in await stranger.hear(b'"refused"')
    await stranger.send(frame(Opcode.TEXT, PING))
    await stranger.hear(b'"pong"')


async def test_a_thousand_messages_a_second_are_limited_then_cut(fortress: Fortress) -> None:
    async with fortress.honest_people():
        until_then, cut = time.monotonic() + FLOOD_SECONDS, list[int]()
        while time.monotonic() < until_then:
            flooder = await fortress.open("voter")
            for _ in range(20):
                await flooder.send(frame(Opcode.TEXT, PING) * 50)
                await asyncio.sleep(0.05)
            await flooder.send(GOODBYE)
            cut.append(await flooder.ending())
        assert set(cut) == {4429}


async def test_whoever_talks_and_never_reads_delays_nobody(fortress: Fortress) -> None:
    async with fortress.honest_people():
        deaf = [await fortress.open() for _ in range(10)]
        for stranger in deaf:
            stranger.writer.transport.pause_reading()  # type: ignore[attr-defined]
        for _ in range(10):
            await asyncio.gather(*(stranger.send(frame(Opcode.TEXT, PING), frame(Opcode.PING, b"x" * 125)) for stranger in deaf))
            await asyncio.sleep(0.1)


NOTHING = frame(Opcode.CONT, fin=False)
FLOODS_OF = {
    "pings": [frame(Opcode.PING), frame(Opcode.PING)],
    "large pings": [frame(Opcode.PING), frame(Opcode.PING, b"x" * 125)],
    "pongs": [frame(Opcode.PONG), frame(Opcode.PONG)],
    "pieces of nothing": [frame(Opcode.TEXT, fin=False), NOTHING],
}


@pytest.mark.parametrize("flood", FLOODS_OF)
async def test_a_flood_of_frames_is_cut_and_nobody_else_notices(fortress: Fortress, flood: str) -> None:
    first, again = FLOODS_OF[flood]

    async def rage() -> None:
        flooder = await fortress.open()
        await flooder.send(first)
        with suppress(TimeoutError):
            async with asyncio.timeout(FLOOD_SECONDS):
                while not flooder.writer.is_closing():
                    await flooder.send(again * (200_000 // len(again)))
                    await asyncio.sleep(0)
        flooder.reset()

    async with fortress.honest_people():
        await asyncio.gather(*(rage() for _ in range(3)))


async def test_pieces_that_are_never_finished_cost_a_message_and_no_more(fortress: Fortress) -> None:
    async with fortress.honest_people():
        strangers = [await fortress.open() for _ in range(20)]
        before = fortress.memory
        for stranger in strangers:
            await stranger.send(frame(Opcode.TEXT, b"x" * (MAX_MESSAGE - 10), fin=False), frame(Opcode.CONT, fin=False) * 50)
        await asyncio.sleep(0.3)
        assert fortress.memory - before < 20 * 2 * MAX_MESSAGE + FLAT


async def test_goodbyes_that_are_half_said_end_in_time(fortress: Fortress) -> None:
    async with fortress.honest_people():
        for last_words in (GOODBYE, frame(Opcode.BINARY, b"x"), frame(Opcode.CLOSE)):
            strangers = [await fortress.open() for _ in range(5)]
            for stranger in strangers:
                await stranger.send(last_words)  # and doesn't hang up, nor answer
            assert [len(messages(heard).codes) for heard in await asyncio.gather(*(each.all(5) for each in strangers))] == [1] * 5


async def test_whoever_vanishes_in_the_middle_of_anything_leaves_nothing(fortress: Fortress) -> None:
    async with fortress.honest_people():
        for words in (b"", fortress.handshake()[:40], fortress.handshake(), fortress.handshake() + frame(Opcode.TEXT, PING)[:5]):
            for stranger in await fortress.many(30, words):
                stranger.reset()
        for _ in range(30):
            stranger = await fortress.open("asker")
            await stranger.send(frame(Opcode.TEXT, PING), frame(Opcode.TEXT, b"x" * 500)[:100])
            stranger.reset()


async def test_what_comes_with_the_handshake_does_no_harm(fortress: Fortress) -> None:
    async with fortress.honest_people():
        for more in (frame(Opcode.TEXT, PING), frame(Opcode.TEXT, PING)[:4], b"\xf1\x80mask", fortress.handshake()):
            stranger = await fortress.stranger()
            await stranger.send(fortress.handshake() + more)
            await stranger.hear(b'"snapshot"', b"HTTP/1.1 4")


@pytest.mark.parametrize("bad", ["reserved bits", "not UTF-8", "a length of 2^63"])
async def test_bad_frames_before_the_accept_are_no_fault_of_ours(fortress: Fortress, bad: str) -> None:
    async with fortress.honest_people():
        for number in range(20):
            stranger = await fortress.stranger()
            await stranger.send(fortress.handshake())
            await asyncio.sleep(number * 0.0005)
            await stranger.send(BAD[bad][0])
            with suppress(TimeoutError):  # with the handshake in one packet they are never read
                await stranger.all(0.1)


async def test_endless_heads_half_requests_and_silence_are_cut_in_time(fortress: Fortress) -> None:
    async with fortress.honest_people():
        endless = await fortress.stranger()
        await endless.send(b"GET / HTTP/1.1\r\n", b"X: %s\r\n" % (b"a" * 1000) * 100)
        assert (await endless.all(2))[:12] in (b"HTTP/1.1 431", b"")
        body = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 40\r\n\r\nemail="
        began = time.monotonic()
        crowd = [*await fortress.many(HALF, body), *await fortress.many(HALF), *await fortress.many(10, fortress.handshake()[:-2])]
        answers = await asyncio.gather(*(stranger.all(14) for stranger in crowd))
        assert {answer[:12] for answer in answers} == {b"HTTP/1.1 408"}
        assert time.monotonic() - began < 13


async def test_afterwards_nothing_of_it_is_left(fortress: Fortress) -> None:
    """Run twice what was harmless, and the second time costs nothing."""
    for _ in range(40):
        await fortress.open()
    await fortress.lift()
    files, memory = fortress.files, fortress.memory
    for _ in range(5):
        strangers = [await fortress.open() for _ in range(40)]
        for stranger, (bad, _) in zip(strangers, list(BAD.values()) * 3, strict=False):
            await stranger.send(bad)
        await fortress.lift()
    assert fortress.files <= files + 2
    assert fortress.memory - memory < FLAT


async def test_endless_trailers_are_cut(another: Fortress) -> None:
    memory = another.memory
    stranger = await another.stranger()
    await stranger.send(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n")
    for _ in range(400):
        await stranger.send(b"X: %s\r\n" % (b"a" * 1000) * 100)
    grown = another.memory - memory
    await another.lift()
    assert grown < FLAT


async def test_a_stop_under_siege_is_in_time_and_honest_people_are_told_to_come_back(another: Fortress) -> None:
    async with another.honest_people() as phone:
        pass
    listener = await another.open("asker")
    deaf = [await another.open() for _ in range(20)]
    for stranger in deaf:
        stranger.writer.transport.pause_reading()  # type: ignore[attr-defined]
    await another.many(20, b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\nemail=")
    await another.many(20)
    ending = asyncio.create_task(listener.ending())
    assert await asyncio.to_thread(another.house.stop) < STOP_SECONDS
    assert await ending == 1012
    assert phone.closes == []
    assert "Traceback" not in another.house.log()
    for stranger in another.strangers:
        stranger.reset()
