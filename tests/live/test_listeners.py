"""Listeners that sleep, sign out or lose their role; and those beside them."""

import asyncio
import time
from pathlib import Path

import pytest

from conference.broker import Parcel
from conference.live.messages import Refused
from conference.people.actions import end_role
from conference.people.tables import RoleKind
from conference.wire import line, public_way
from conference.wire.codes import ROLE_ENDED, SIGNED_OUT
from conference.wire.line import MAX_KEPT
from tests.live.cast import BOTH_WAYS, Ear, Way, World, eventually, open_house

pytestmark = BOTH_WAYS

CUT_WITHIN = 5.0  # seconds


async def test_signing_out_cuts_that_person_s_sockets_and_nobody_else_s(world: World) -> None:
    async with world.ear("asker") as one, world.ear("asker") as tab, world.ear("voter") as other, world.ear() as anybody:
        for ear in (one, tab, other, anybody):
            await ear.opened()
        began = time.monotonic()
        await world.sign_out("asker")
        assert [await ear.close_code() for ear in (one, tab)] == [SIGNED_OUT.code] * 2
        assert time.monotonic() - began < CUT_WITHIN
        for ear in (other, anybody):
            await ear.say(type="ping", client_id="here")
            assert (await ear.until("pong"))["client_id"] == "here"


async def test_after_signing_out_nothing_more_is_done_in_that_name(world: World) -> None:
    async with world.ear("asker") as ear:
        await ear.opened()
        await world.sign_out("asker")
        await ear.say(type="ask", client_id="late", text="Am I still here?")
        assert (await ear.until("refused"))["code"] == "sign_in_needed"


async def test_a_moderator_whose_role_ends_hears_no_more(world: World) -> None:
    moderator = world.cast.people["moderator"]
    async with world.ear("moderator", log="moderators") as queue, world.ear("moderator") as stage:
        await queue.opened()
        await stage.opened()
        began = time.monotonic()
        async with world.house.database.writing() as db:
            await end_role(db, moderator, world.cast.event.id, RoleKind.moderator, world.house.clock.now())
        assert await queue.close_code() == ROLE_ENDED.code
        assert time.monotonic() - began < CUT_WITHIN
        await stage.say(type="ping", client_id="as-anybody")
        assert (await stage.until("pong"))["client_id"] == "as-anybody"


async def test_whoever_is_gone_is_forgotten(world: World) -> None:
    async with world.ear(), world.ear("asker"):
        await eventually(lambda: len(world.floor.ears) == 2)
    await eventually(lambda: not world.floor.ears)


async def rounds(world: World, ear: Ear, big: str, count: int) -> list[float]:
    """How long each of `count` large lines takes to arrive, in seconds."""
    topic = next(iter(world.floor.ears)).topic
    taken: list[float] = []
    for _ in range(count):
        began = time.perf_counter()
        world.floor.hub.publish(Parcel(topic, None, wire_message(big)))
        await ear.next()
        taken.append(time.perf_counter() - began)
    return taken


def wire_message(text: str) -> str:
    return Refused(code="for_the_test", sentence=text).model_dump_json()


async def test_a_sleeping_phone_delays_nobody_and_is_let_go_with_a_fixed_buffer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (line, public_way):
        monkeypatch.setattr(module, "CLOSE_PATIENCE", 0.2)
    async with world.ear() as awake:
        await awake.opened()
        phones = [await world.sleeper() for _ in range(3)]
        await eventually(lambda: len(world.floor.ears) == 4)
        big = "x" * 32_000
        taken = await rounds(world, awake, big, 4 * (MAX_KEPT // len(big)) + 200)
        assert max(taken) < 0.5
        await eventually(lambda: len(world.floor.ears) == 1)  # the sleepers are gone, whoever reads is not
        await awake.say(type="ping", client_id="here")
        assert (await awake.until("pong"))["client_id"] == "here"
        for phone in phones:
            phone.close()


async def test_a_phone_that_sleeps_in_a_full_room_is_let_go_in_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What we keep for it never fills up; that it takes nothing is enough."""
    for module in (line, public_way):
        monkeypatch.setattr(module, "PATIENCE", 1.5)
        monkeypatch.setattr(module, "CLOSE_PATIENCE", 0.2)
    phone = await world.sleeper()
    await eventually(lambda: len(world.floor.ears) == 1)
    ear = next(iter(world.floor.ears))
    filled = 0
    async with asyncio.timeout(30):
        while world.floor.ears:  # the kernel may take more after it seemed full: it is filled up again, our own buffer never is
            if world.floor.pulse.full:
                filled += 1
            else:
                world.floor.hub.publish(Parcel(ear.topic, None, wire_message("x" * 30_000)))
            await asyncio.sleep(0.02)
    assert filled
    phone.close()


async def test_a_server_that_stops_tells_its_listeners_to_come_back(tmp_path: Path, way: Way) -> None:
    async with open_house(tmp_path, way) as world:
        opened = world.ear()
        ear = await opened.__aenter__()
        await ear.opened()
    assert await ear.close_code() == 1012
    await opened.__aexit__(None, None, None)
