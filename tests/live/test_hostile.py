"""Whatever a stranger's socket does: a sentence or a documented close, never 1011, never a traceback, and others don't notice."""

import asyncio
import json
import logging
from collections.abc import Iterator

import pytest
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode

from conference.wire.codes import FLOODING
from conference.wire.limits import BURST, MAX_MESSAGE, STRIKES
from tests.live.cast import BOTH_WAYS, World

pytestmark = BOTH_WAYS


@pytest.fixture(autouse=True)
def no_traceback(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """None of this may look like a fault of ours in the log."""
    caplog.set_level(logging.INFO)
    yield
    assert [record.getMessage() for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://127.0.0.1", "http://localhost.evil.example"])
async def test_a_page_of_another_site_can_not_open_a_socket(world: World, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with world.ear("asker", origin=origin):
            pass
    assert refused.value.response.status_code == 403
    assert world.floor.ears == set()


@pytest.mark.parametrize(
    ("name", "log", "status"),
    [(None, "moderators", 401), ("asker", "moderators", 403), ("stranger", "moderators", 403), ("moderator", "both", 404)],
)
async def test_the_moderators_log_is_refused_before_the_socket_is_accepted(world: World, name: str | None, log: str, status: int) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with world.ear(name, log=log):
            pass
    assert refused.value.response.status_code == status


async def test_a_stage_that_is_not_there_is_refused(world: World) -> None:
    world.cast.session.slug = "nowhere"
    with pytest.raises(InvalidStatus) as refused:
        async with world.ear():
            pass
    assert refused.value.response.status_code == 404


UNREADABLE = [
    "",
    "hello",
    "null",
    "[]",
    "{}",
    '{"type":"ask"}',
    '{"type":"fly","client_id":"1"}',
    '{"type":"ask","client_id":"1","text":"x","author":"Somebody else"}',
    '{"type":"ask","client_id":"1","text":"x","anonymous":"maybe"}',
    '{"type":"ask","client_id":"","text":"x"}',
    '{"type":"ask","client_id":"' + "x" * 65 + '","text":"x"}',
    '{"type":"ask","client_id":"1\\u0000","text":"x"}',
    '{"type":"ask","client_id":"1","text":"\\ud800"}',
    '{"type":"ask","client_id":"1","text":NaN}',
    '{"type":"upvote","client_id":"1","question_id":"1"}',
    '{"type":"upvote","client_id":"1","question_id":{"$ne":null}}',
    '{"type":"question_approved","seq":1}',
    "[" * 30_000,
    '{"a":' * 10_000,
    "9" * 60_000,
    '"\\u0000"',
]


async def test_what_can_not_be_read_is_answered_with_a_sentence_and_the_line_stays(world: World) -> None:
    for some in (UNREADABLE[:10], UNREADABLE[10:]):
        async with world.ear("asker") as ear:
            await ear.opened()
            for text in some:
                await ear.socket.send(text)
                assert (await ear.until("refused"))["code"] == "unreadable"
            await ear.say(type="ping", client_id="still-here")
            assert await ear.next() == {"type": "pong", "client_id": "still-here"}


async def test_the_answer_to_an_unreadable_command_names_it_where_that_much_could_be_read(world: World) -> None:
    async with world.ear("asker") as ear:
        await ear.say(type="fly", client_id="f1")
        assert (await ear.until("refused"))["client_id"] == "f1"


@pytest.mark.parametrize(("sent", "code"), [(b"\x00\x01", 1003), ("x" * (MAX_MESSAGE + 1), 1009), ("é" * (MAX_MESSAGE // 2 + 1), 1009)])
async def test_bytes_and_too_much_end_the_line_with_the_documented_code(world: World, sent: bytes | str, code: int) -> None:
    async with world.ear() as ear, world.ear("asker") as other:
        await ear.opened()
        await other.opened()
        await ear.socket.send(sent)
        assert await ear.close_code() == code
        await other.say(type="ping", client_id="unmoved")
        assert (await other.next())["type"] == "pong"


async def test_a_command_in_many_fragments_is_one_command(world: World) -> None:
    async with world.ear("asker") as ear:
        text = json.dumps({"type": "ask", "client_id": "f", "text": "In pieces?"})
        await ear.socket.send(iter(text))
        assert (await ear.until("acknowledged"))["client_id"] == "f"


async def test_text_that_is_not_utf_8_ends_the_line_with_1007(world: World) -> None:
    async with world.ear() as ear:
        await ear.opened()
        transport = ear.socket.transport
        transport.write(Frame(Opcode.TEXT, b"\xff\xfe").serialize(mask=True))
        assert await ear.close_code() == 1007


async def test_broken_frames_end_the_line_with_1002(world: World) -> None:
    async with world.ear() as ear:
        await ear.opened()
        ear.socket.transport.write(b"\xf3\x81\x00\x00\x00\x00x")  # reserved bits
        assert await ear.close_code() == 1002


async def test_a_flooder_is_told_then_cut_and_the_stage_does_not_notice(world: World) -> None:
    async with world.ear("voter") as flooder, world.ear("asker") as other:
        await other.opened()
        await flooder.opened()
        for number in range(BURST + STRIKES + 10):
            await flooder.say(type="ping", client_id=str(number))
        assert await flooder.close_code() == FLOODING.code
        heard = [json.loads(text) for text in flooder.heard if "pong" in text or "refused" in text]
        kinds = [message.get("code", message["type"]) for message in heard]  # what was said in one breath may be cut off with the line
        pongs = kinds.count("pong")
        assert kinds == ["pong"] * pongs + ["too_many"] * (len(kinds) - pongs)
        assert pongs <= BURST
        await other.say(type="ask", client_id="a", text="All well?")
        async with asyncio.timeout(1):
            await other.until("acknowledged")


async def test_a_fault_of_ours_is_a_calm_answer_and_the_line_stays(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(*_: object) -> None:
        raise RuntimeError("secret detail")

    async with world.ear("asker") as ear:
        with monkeypatch.context() as broken:
            broken.setattr(world.floor.writer, "record", fails)
            await ear.say(type="ask", client_id="a", text="Does it break?")
            refused = await ear.until("refused")
        assert (refused["client_id"], refused["code"]) == ("a", "fault")
        assert "secret" not in refused["sentence"]
        assert [record.getMessage() for record in caplog.records if record.exc_info] == ["a command failed: ask"]
        caplog.clear()
        await ear.say(type="ask", client_id="a", text="Does it break?")
        await ear.until("acknowledged")
