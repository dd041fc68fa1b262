"""A Line on a real connection, on both event loops: what it keeps and cuts, and in which order it speaks."""

import asyncio
import struct
from contextlib import suppress

import pytest
from websockets.frames import Frame, Opcode

from conference.wire import line as line_module
from conference.wire.codes import FAULT, RESTART
from conference.wire.frames import PING, text_frame
from conference.wire.limits import BURST
from conference.wire.line import MAX_FRAMES, MAX_KEPT, MAX_UNSENT
from conference.wire.pulse import PATIENCE
from conference.wire.trial import MANNERS
from tests.wire.line_pair import Peer, close_code, numbered, on_both_loops, pair, until


@on_both_loops
async def test_what_was_kept_comes_out_whole_and_in_order_over_several_pauses() -> None:
    async with pair() as made:
        written = bytearray()
        heard = b""
        number = 0
        for _ in range(3):
            while made.line._kept_bytes < 100_000:
                made.line.write(numbered(number))
                written += numbered(number)
                number += 1
            heard += await made.peer.read(60_000)
            await asyncio.sleep(0.02)
        heard += await made.peer.read(len(written) - len(heard))
        assert heard == bytes(written)
        await until(lambda: not made.pulse.full)
        made.line.write(numbered(number))
        assert await made.peer.read(len(numbered(number))) == numbered(number)
        assert (made.line._kept, made.line._kept_bytes, made.owner.gone_times) == (None, 0, 0)


@on_both_loops
async def test_whoever_takes_nothing_costs_so_much_and_no_more_and_is_cut() -> None:
    async with pair() as made:
        most, frame = 0, numbered(0)
        for _ in range(2 * (MAX_UNSENT + MAX_KEPT) // len(frame)):
            made.line.write(frame)
            most = max(most, made.unsent + made.line._kept_bytes)
            await asyncio.sleep(0)
        assert MAX_KEPT < most <= MAX_UNSENT + MAX_KEPT + 2 * len(frame)
        assert made.owner.gone_times == 1
        assert b"\x03\xf5" not in await made.peer.read_all()  # it could not even be told: 1013


@on_both_loops
async def test_whoever_takes_nothing_is_cut_after_so_many_small_frames_too() -> None:
    async with pair() as made:
        made.fill(numbered(0))
        for _ in range(MAX_FRAMES):
            made.line.write(PING)
        assert made.owner.gone_times == 0 or made.line._kept is None
        made.line.write(PING)
        assert made.owner.gone_times == 1


@on_both_loops
async def test_slow_is_not_stuck_and_stuck_is() -> None:
    async with pair() as made:
        made.fill(numbered(0))
        now = asyncio.get_running_loop().time()
        assert not made.line.is_stuck(now + PATIENCE - 1)
        before = made.unsent
        while made.unsent == before:
            await made.peer.read(1000)
            await asyncio.sleep(0.01)
        assert not made.line.is_stuck(now + PATIENCE + 1)  # it took something
        assert not made.line.is_stuck(now + PATIENCE + 2)
        assert made.line.is_stuck(now + 2 * PATIENCE + 3)
        made.line.let_go()
        assert made.owner.gone_times == 1


@on_both_loops
async def test_an_end_is_said_and_the_other_side_has_a_moment_to_answer_it() -> None:
    async with pair() as made:
        made.line.write(numbered(1))
        made.line.end(RESTART)
        made.line.end(FAULT)  # again does nothing
        made.line.write(numbered(2))
        said = await made.peer.read(len(numbered(1)) + 4 + len(RESTART.reason))
        assert said == numbered(1) + bytes(Frame(Opcode.CLOSE, struct.pack("!H", 1012) + RESTART.reason.encode()).serialize(mask=False))
        await made.peer.send(Frame(Opcode.TEXT, b"too late"), Frame(Opcode.CLOSE, struct.pack("!H", 1012)))
        assert await made.peer.read_all() == b""
        assert made.owner.heard == []


@on_both_loops
async def test_whoever_does_not_answer_an_end_is_hung_up_on() -> None:
    with pytest.MonkeyPatch.context() as patience:
        patience.setattr(line_module, "CLOSE_PATIENCE", 0.1)
        async with pair() as made:
            made.line.end(RESTART)
            assert close_code(await made.peer.read_all()) == 1012


@on_both_loops
async def test_answers_keep_the_order_of_what_was_said() -> None:
    async with pair() as made:
        said = [f"{number}{' slow' if number % 3 == 0 else ''}" for number in range(BURST)]
        await made.peer.send(*(Frame(Opcode.TEXT, text.encode()) for text in said))
        expected = b"".join(text_frame(f"re: {text}") for text in said)
        assert await made.peer.read(len(expected)) == expected
        await until(lambda: made.line._task is None)


@on_both_loops
async def test_nothing_is_read_while_a_command_is_carried_out_and_then_it_goes_on() -> None:
    async with pair() as made:
        made.owner.free.clear()
        await made.peer.send(Frame(Opcode.TEXT, b"1"), Frame(Opcode.TEXT, b"2"))
        await until(lambda: made.owner.heard == ["1"])
        await made.peer.send(Frame(Opcode.TEXT, b"3"))
        await asyncio.sleep(0.05)
        assert (made.owner.heard, list(made.line._inbox or ())) == (["1"], ["2"])
        made.line._heard = False
        made.line.beat()  # it can't have heard an answer to the last ping
        assert made.owner.gone_times == 0
        made.owner.free.set()
        expected = MANNERS.heartbeat + PING + b"".join(text_frame(f"re: {number}") for number in (1, 2, 3))
        assert await made.peer.read(len(expected)) == expected


@on_both_loops
async def test_a_fault_in_an_answer_ends_the_line_with_1013() -> None:
    async with pair() as made:
        await made.peer.send(Frame(Opcode.TEXT, b"fault"), Frame(Opcode.TEXT, b"never heard"))
        assert close_code(await made.peer.read(4 + len(FAULT.reason))) == 1013
        assert made.owner.heard == ["fault"]


async def _says_much(peer: Peer) -> None:
    await peer.send(*[Frame(Opcode.TEXT, b"early")] * 3)
    await asyncio.sleep(0.02)


async def _says_much_and_resets(peer: Peer) -> None:
    await _says_much(peer)
    peer.reset()  # the server hears of it after the accept


@on_both_loops
async def test_what_was_said_before_the_accept_is_answered_after_the_greeting() -> None:
    async with pair(_says_much) as made:
        made.line.greet([text_frame("welcome")])
        expected = b"".join([text_frame("welcome"), *[text_frame("re: early")] * 3])
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += await made.peer.read(1)
        assert await made.peer.read(len(expected)) == expected


@on_both_loops
async def test_whoever_left_during_the_handshake_is_gone() -> None:
    async with pair(_says_much_and_resets) as made:
        await until(lambda: made.owner.gone_times == 1)
        made.line.greet([text_frame("welcome")])  # to nobody


@on_both_loops
async def test_an_answer_that_is_ready_after_the_end_is_not_said() -> None:
    async with pair() as made:
        made.owner.free.clear()
        await made.peer.send(Frame(Opcode.TEXT, b"1"))
        await until(lambda: made.owner.heard == ["1"])
        made.line.end(RESTART)
        made.owner.free.set()
        await until(lambda: made.line._task is None)
        await made.peer.send(Frame(Opcode.CLOSE, struct.pack("!H", 1012)))
        assert len(await made.peer.read_all()) == 4 + len(RESTART.reason)


@on_both_loops
async def test_an_answer_waits_its_turn_behind_what_is_kept() -> None:
    async with pair() as made:
        made.owner.free.clear()
        await made.peer.send(Frame(Opcode.TEXT, b"1"))
        await until(lambda: made.owner.heard == ["1"])
        filled = made.fill(numbered(0))
        made.line.write(numbered(1))
        made.owner.free.set()
        await until(lambda: made.line._task is None)
        expected = numbered(0) * filled + numbered(1) + text_frame("re: 1")
        assert await made.peer.read(len(expected)) == expected


@on_both_loops
async def test_whoever_takes_nothing_is_not_sent_pongs_without_end() -> None:
    async with pair() as made:
        made.fill(numbered(0))
        before = made.unsent
        await made.peer.send(*[Frame(Opcode.PING, b"x" * 125)] * 300)
        await asyncio.sleep(0.1)
        assert made.unsent <= before


@on_both_loops
async def test_whoever_says_goodbye_and_takes_nothing_is_hung_up_on() -> None:
    with pytest.MonkeyPatch.context() as patience:
        patience.setattr(line_module, "CLOSE_PATIENCE", 0.1)
        async with pair() as made:
            made.fill(numbered(0))
            await made.peer.send(Frame(Opcode.CLOSE, struct.pack("!H", 1000)))
            await until(lambda: made.owner.gone_times == 1)
            await until(lambda: not made.state.connections)  # its transport is gone too, unread as it is


@on_both_loops
async def test_a_flood_is_not_read_to_its_end() -> None:
    """What a flooder still sends while we wait for its goodbye costs nothing: it isn't parsed."""
    async with pair() as made:
        parsed, receive = 0, made.line._parser.receive_data

        def count(data: bytes | bytearray) -> None:
            nonlocal parsed
            parsed += len(data)
            receive(data)

        made.line._parser.receive_data = count  # type: ignore[method-assign]
        flood = bytes(Frame(Opcode.PONG, b"").serialize(mask=True)) * 100_000
        with suppress(ConnectionError):
            await made.peer.send(flood)
        await until(lambda: made.owner.gone_times == 1)
        await asyncio.sleep(0.3)
        assert parsed < 100_000
