"""Every way in which a Line ends: the owner is told once, and no task, timer or object of it stays."""

import asyncio
import gc
import socket
import struct
from collections.abc import Awaitable, Callable

import pytest
from websockets.frames import Frame, Opcode

from conference.wire.codes import FLOODING, SILENT, TOO_SLOW
from conference.wire.direct import HandingOver
from conference.wire.incoming import Incoming
from conference.wire.line import Line
from tests.wire.line_pair import BOTH_LOOPS, Loop, Pair, close_code, numbered, pair, until


async def _hangs_up(made: Pair) -> None:
    await made.peer.send(Frame(Opcode.CLOSE, struct.pack("!H", 1001)))
    assert close_code(await made.peer.read_all()) == 1001


async def _resets(made: Pair) -> None:
    made.peer.reset()


async def _half_closes(made: Pair) -> None:
    made.peer.sock.shutdown(socket.SHUT_WR)
    await made.peer.read_all()


async def _resets_in_mid_frame(made: Pair) -> None:
    await made.peer.send(bytes(Frame(Opcode.TEXT, b"x" * 500).serialize(mask=True))[:100])
    made.peer.reset()


async def _breaks_a_frame(made: Pair) -> None:
    await made.peer.send(b"\xf3\x81\x00\x00\x00\x00x")
    assert close_code(await made.peer.read_all()) == 1002


async def _floods(made: Pair) -> None:
    await made.peer.send(*[Frame(Opcode.PING, b"")] * 1000)
    await until(lambda: made.owner.gone_times == 1)
    await made.peer.send(Frame(Opcode.CLOSE, struct.pack("!H", 1000)))
    assert close_code(await made.peer.read_all()) == FLOODING.code


async def _is_silent(made: Pair) -> None:
    made.line._heard = False
    made.line.beat()
    await made.peer.send(Frame(Opcode.CLOSE, struct.pack("!H", SILENT.code)))
    assert close_code(await made.peer.read_all()) == SILENT.code


async def _server_stops(made: Pair) -> None:
    for connection in tuple(made.state.connections):
        connection.shutdown()
    await made.peer.send(Frame(Opcode.CLOSE, struct.pack("!H", 1012)))
    assert close_code(await made.peer.read_all()) == 1012


async def _is_cut_when_full(made: Pair) -> None:
    made.fill(numbered(0))
    made.line.end(TOO_SLOW)
    await made.peer.read_all()


async def _leaves_in_mid_command(made: Pair) -> None:
    made.owner.free.clear()
    await made.peer.send(Frame(Opcode.TEXT, b"1"), Frame(Opcode.TEXT, b"2"))
    await until(lambda: made.owner.heard == ["1"])
    made.peer.reset()
    made.line.write(numbered(1))
    await asyncio.sleep(0.05)
    made.owner.free.set()


WAYS = [
    _hangs_up,
    _resets,
    _half_closes,
    _resets_in_mid_frame,
    _breaks_a_frame,
    _floods,
    _is_silent,
    _server_stops,
    _is_cut_when_full,
    _leaves_in_mid_command,
]


@BOTH_LOOPS
@pytest.mark.parametrize("ends", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_however_it_ends_the_owner_is_told_once_and_nothing_stays(new_loop: Loop, ends: Callable[[Pair], Awaitable[None]]) -> None:
    async def story() -> None:
        async with pair() as made:
            await ends(made)
            await until(lambda: made.owner.gone_times == 1)

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(story())
        gc.collect()
        assert [each for each in gc.get_objects() if type(each) in (Line, Incoming, HandingOver)] == []
