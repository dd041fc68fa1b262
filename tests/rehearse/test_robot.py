"""A robot on a line of its own, beside a real WebSocket server: what it understands, and how it comes back."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve

from conference.rehearse.ledger import Ledger
from conference.rehearse.line import Place
from conference.rehearse.robot import Robot

WELCOME = {"type": "welcome", "protocol": 1, "log": "public", "door": "open", "may_take_part": True, "moderates": False}
EMPTY: dict[str, list[str]] = {"waiting": [], "dismissed": [], "asked": [], "voted": []}


def snapshot(seq: int) -> str:
    return json.dumps({"type": "snapshot", "log": "public", "seq": seq, "questions": [], "mine": EMPTY})


def answered(seq: int) -> str:
    return json.dumps({"type": "question_answered", "seq": seq, "at": "2021-06-25T09:20:00Z", "question_id": "x", "padding": "ö" * seq})


@asynccontextmanager
async def stage(*scenes: Callable[[ServerConnection], object]) -> AsyncIterator[tuple[Robot, list[str]]]:
    """A server that plays one scene to each connection; the robot, and the addresses that it asked for."""
    asked: list[str] = []

    async def play(socket: ServerConnection) -> None:
        assert socket.request
        asked.append(socket.request.path)
        await socket.send(json.dumps(WELCOME))
        await scenes[len(asked) - 1](socket)  # type: ignore[misc]

    server: Server = await serve(play, "127.0.0.1", 0, compression=None, max_size=None)
    port = server.sockets[0].getsockname()[1]
    robot = Robot(1, "token", Place(f"http://127.0.0.1:{port}", "/socket"), Ledger(), "run")
    try:
        yield robot, asked
    finally:
        robot.leave()
        server.close()
        await server.wait_closed()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 - nothing says when
            await asyncio.sleep(0.01)


async def test_it_reads_long_fragmented_and_unknown_messages_and_answers_pings() -> None:
    ponged = []

    async def scene(socket: ServerConnection) -> None:
        await socket.send(snapshot(0))
        await socket.send(answered(1))
        await socket.send([answered(2)[:20], answered(2)[20:40], answered(2)[40:]])
        await socket.send(json.dumps({"type": "weather"}))
        await socket.send(json.dumps({"type": "heartbeat", "padding": "x" * 70_000}))
        await (await socket.ping())
        ponged.append(True)
        await socket.send(answered(3))
        await socket.wait_closed()

    async with stage(scene) as (robot, asked):
        assert await robot.join()
        await until(lambda: robot.hearing.last == 3)
        assert (robot.takes_part, robot.hearing.delivered, dict(robot.ledger.unknown), ponged) == (True, 3, {"weather": 1}, [True])
        assert asked == ["/socket?log=public"]


@pytest.mark.parametrize("code", [1012, 1013, 1011, None])
async def test_a_lost_line_is_taken_up_where_it_ended_and_what_was_not_acknowledged_is_said_again(code: int | None) -> None:
    said: list[str] = []

    async def first(socket: ServerConnection) -> None:
        await socket.send(snapshot(4))
        await socket.send(answered(5))
        said.append(str(await socket.recv()))
        if code:
            await socket.close(code)
        else:
            socket.transport.abort()

    async def second(socket: ServerConnection) -> None:
        await socket.send(json.dumps({"type": "resumed", "log": "public", "after": 5, "seq": 6, "mine": EMPTY}))
        await socket.send(answered(6))
        said.append(str(await socket.recv()))
        command = json.loads(said[-1])
        await socket.send(json.dumps({"type": "acknowledged", "client_id": command["client_id"], "subject_id": "x", "said": "Yes."}))
        await socket.wait_closed()

    async with stage(first, second) as (robot, asked):
        assert await robot.join()
        robot.vote("x")
        await until(lambda: not robot.pending)
        assert asked == ["/socket?log=public", "/socket?log=public&after=5"]
        assert (said[0], dict(robot.ledger.ended), robot.hearing.delivered) == (said[1], {code or 1006: 1}, 2)
        assert (robot.ledger.acknowledged["upvote"], robot.ledger.longest_absence > 0) == (1, True)


@pytest.mark.parametrize("code", [4401, 4403, 1009])
async def test_it_stays_away_where_the_protocol_says_so(code: int) -> None:
    async def scene(socket: ServerConnection) -> None:
        await socket.send(snapshot(0))
        await socket.close(code)

    async with stage(scene) as (robot, asked):
        await robot.join()
        await until(lambda: dict(robot.ledger.ended) == {code: 1})
        await asyncio.sleep(0.1)
        assert (asked, robot.ready) == (["/socket?log=public"], False)


async def test_a_total_is_seen_when_it_has_the_own_vote_whichever_comes_first() -> None:
    async def scene(socket: ServerConnection) -> None:
        await socket.send(snapshot(0))
        for _ in range(2):
            command = json.loads(await socket.recv())
            await socket.send(json.dumps({"type": "tick", "votes": {command["question_id"]: 0}}))
            if command["question_id"] == "early":
                await socket.send(json.dumps({"type": "tick", "votes": {"early": 1}}))
            await socket.send(
                json.dumps({"type": "acknowledged", "client_id": command["client_id"], "subject_id": command["question_id"], "said": ""})
            )
        await socket.recv()
        await socket.send(json.dumps({"type": "tick", "votes": {"late": 3}}))
        await socket.wait_closed()

    async with stage(scene) as (robot, _):
        assert await robot.join()
        robot.vote("early")
        robot.vote("late")
        await until(lambda: robot.ledger.acknowledged["upvote"] == 2)
        assert (len(robot.ledger.total), list(robot.unseen)) == (1, ["late"])
        robot.send("ping")
        await until(lambda: not robot.unseen)
        assert len(robot.ledger.total) == 2


async def test_a_closed_door_is_told_by_its_status() -> None:
    server = await asyncio.start_server(_refuse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    robot = Robot(1, "token", Place(f"http://127.0.0.1:{port}", "/socket"), Ledger(), "run")
    assert (await robot._dial(), dict(robot.ledger.not_let_in)) == (False, {"status 429": 1})
    server.close()
    await server.wait_closed()
    assert (await robot._dial(), robot.ledger.not_let_in.total()) == (False, 2)


async def _refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    await writer.drain()
    writer.close()
