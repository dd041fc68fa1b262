"""The post between processes, over a real Valkey that is killed, frozen and talked into."""

import asyncio
import logging
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from redis import asyncio as redis

from conference.broker import Alone, Parcel
from conference.bus import MAX_SIZE, MAX_WAITING, Bus, broker_for, channel_of, unpacked
from conference.settings import read_settings
from tests.servers import Valkey, free_port

FAILS, BACK = "the post between processes fails", "the post between processes is back"


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """One of our own: houses of other tests may still beat on the shared one."""
    server = Valkey(tmp_path_factory.mktemp("v"))
    server.start()
    yield server
    server.kill()


@dataclass
class Desk:
    """One process's end of the post, and what reached it."""

    bus: Bus
    heard: list[Parcel] = field(default_factory=list)
    told: list[bool] = field(default_factory=list)


def desk(url: str) -> Desk:
    made = Desk(Bus(url))
    made.bus.listen(made.heard.append, made.told.append)
    return made


@asynccontextmanager
async def desks(url: str, count: int = 2) -> AsyncIterator[list[Desk]]:
    """That many processes' ends, all up."""
    async with AsyncExitStack() as open_ones:
        made = [desk(url) for _ in range(count)]
        for one in made:
            await one.bus.start()
            open_ones.push_async_callback(one.bus.stop)
        await until(lambda: all(one.bus.is_up for one in made))
        yield made


async def until(holds: Callable[[], bool], within: float = 8) -> float:
    """Wait for it; the seconds that took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < within, "it did not come about in time"
        await asyncio.sleep(0.01)
    return time.monotonic() - began


def parcels(*numbers: int, topic: str = "stage") -> list[Parcel]:
    return [Parcel(topic, number or None, f'{{"text":"No. {number}, “naïve”"}}') for number in numbers]


@pytest.mark.parametrize("way", ["url", "unix_url", "valkey"])
async def test_what_one_process_sends_all_others_hear_in_order_and_itself_does_not(valkey: Valkey, way: str) -> None:
    url = valkey.url.replace("redis://", "valkey://") if way == "valkey" else getattr(valkey, way)
    sent = parcels(*range(200))
    async with desks(url, 3) as (one, two, three):
        for number, parcel in enumerate(sent):
            one.bus.send(parcel)
            if number % 50 == 49:
                await asyncio.sleep(0.06)
        two.bus.send(Parcel("foyer", None, "{}"))
        await until(lambda: len(three.heard) == 201 and len(two.heard) == 200 and len(one.heard) == 1)
        assert two.heard == sent
        assert [parcel for parcel in three.heard if parcel.topic == "stage"] == sent
        assert one.heard == [Parcel("foyer", None, "{}")]
        assert [each.told for each in (one, two, three)] == [[True]] * 3


async def test_a_process_publishes_once_a_tick_whatever_there_is_to_say(valkey: Valkey) -> None:
    async with tapped(valkey) as messages, desks(valkey.url) as (one, two):
        await until(lambda: len(messages) >= 2)
        messages.clear()
        await until(lambda: len(messages) >= 2)  # both have just said that they are there
        await asyncio.sleep(0.15)
        first, *others = parcels(*range(300))
        one.bus.send(first)
        await until(lambda: len(two.heard) == 1)
        for parcel in others:
            one.bus.send(parcel)
        await until(lambda: len(two.heard) == 300)
        await asyncio.sleep(0.05)  # for the tap
        assert [size for size in (len(unpacked(data)[1]) for data in messages) if size] == [1, 299]


async def test_who_has_nothing_to_say_says_so_once_a_second(valkey: Valkey) -> None:
    async with desks(valkey.url, 1), tapped(valkey) as messages:
        await asyncio.sleep(2.5)
        assert 2 <= len(messages) <= 3


async def test_what_was_sent_just_before_the_end_still_goes_out(valkey: Valkey) -> None:
    async with desks(valkey.url) as (one, two):
        sent = parcels(1, 2, 3)
        for parcel in sent:
            one.bus.send(parcel)
            await asyncio.sleep(0)
        await one.bus.stop()
        await until(lambda: two.heard == sent, 1)


async def test_valkey_is_killed_and_comes_back(valkey: Valkey, caplog: pytest.LogCaptureFixture) -> None:
    async with desks(valkey.url) as (one, two):
        valkey.kill()
        try:
            assert await until(lambda: one.told == [True, False] and two.told == [True, False]) < 3.5
            assert (one.bus.is_up, two.bus.is_up) == (False, False)
            one.bus.send(parcels(1)[0])  # nobody may hear this: the log has it
            await asyncio.sleep(1)
        finally:
            valkey.start()
        await until(lambda: one.told == [True, False, True] and two.told == [True, False, True])
        one.bus.send(parcels(2)[0])
        await until(lambda: two.heard[-1:] == parcels(2))
    assert said(caplog) == [(FAILS, 2), (BACK, 2)]


async def test_a_frozen_valkey_is_noticed_and_keeps_nobody_from_stopping(valkey: Valkey, caplog: pytest.LogCaptureFixture) -> None:
    async with desks(valkey.url, 3) as (one, two, three):
        valkey.freeze()
        try:
            assert await seconds(one.bus.stop()) < 1  # before it was noticed
            assert await until(lambda: two.told == [True, False] and three.told == [True, False]) < 3.5
            two.bus.send(parcels(1)[0])
            assert await seconds(two.bus.stop()) < 1
            late = desk(valkey.url)
            await late.bus.start()
            await asyncio.sleep(0.3)
            assert (late.bus.is_up, await seconds(late.bus.stop()) < 1) == (False, True)
        finally:
            valkey.thaw()
        await until(lambda: three.told == [True, False, True])
    assert said(caplog) == [(FAILS, 2), (BACK, 1)]


async def test_a_lost_subscription_is_taken_up_again_and_others_are_told_to_look_for_what_they_missed(valkey: Valkey) -> None:
    async with desks(valkey.url) as (one, two):
        with valkey.client() as outside:
            assert outside.client_kill_filter(_type="pubsub") == 2
        await until(lambda: one.told == [True, False, True] and two.told == [True, False, True])
        one.bus.send(parcels(1)[0])
        await until(lambda: two.heard == parcels(1))


async def test_a_post_that_can_t_be_reached_is_no_error_and_its_password_is_never_told(
    valkey: Valkey, caplog: pytest.LogCaptureFixture
) -> None:
    here = valkey.url.removeprefix("redis://")
    for url in (f"redis://:hidden@127.0.0.1:{free_port()}/0", f"redis://somebody:hidden@{here}"):
        away = desk(url)
        away.bus.send(parcels(1)[0])
        await away.bus.start()
        await asyncio.sleep(0.5)
        assert (away.bus.is_up, away.told, await seconds(away.bus.stop()) < 1) == (False, [], True)
    assert said(caplog) == [(FAILS, 2), (BACK, 0)]
    assert [word in caplog.text for word in ("hidden", "Traceback", "127.0.0.1:")] == [False, False, True]


GARBAGE = [b"", b"\xff\xfe", b"{}", b"[]", b'["x"]', b'["x",{}]', b'["x",[1]]', b'["x",[["t",1]]]', b'["x",[["t",1.5,""]]]', b"[" * 100_000]
MORE_GARBAGE = [b'["x",[["t",true,""]]]', b'["x",[["t",1,"a"],["t",2]]]', b"1" * 9_000, b"null", b'"x"', b"[1,[]]", bytes(1_000_000)]


async def test_garbage_on_the_channel_is_skipped_in_a_line_each(valkey: Valkey, caplog: pytest.LogCaptureFixture) -> None:
    async with desks(valkey.url) as (one, two):
        with valkey.client() as outside:
            for rubbish in GARBAGE + MORE_GARBAGE:
                assert outside.publish(channel_of(valkey.url), rubbish) == 2
        one.bus.send(parcels(1)[0])
        await until(lambda: two.heard == parcels(1))
        assert (one.heard, one.told, two.told) == ([], [True], [True])
    skipped = [record for record in caplog.records if record.getMessage().endswith("that are not ours; skipped")]
    assert (len(skipped), "Traceback" in caplog.text) == (2 * len(GARBAGE + MORE_GARBAGE), False)


async def test_whoever_listens_badly_does_not_end_the_post(valkey: Valkey) -> None:
    async with desks(valkey.url) as (one, two):
        two.bus.listen(lambda parcel: two.told[99], lambda up: None)  # type: ignore[arg-type]
        for number in (1, 2):
            one.bus.send(parcels(number)[0])
        await until(lambda: two.heard == parcels(1, 2))
        assert two.told == [True]


async def test_what_waits_while_the_post_is_down_is_bounded_and_the_newest_are_kept(valkey: Valkey) -> None:
    async with desks(valkey.url, 1) as (two,):
        one = desk(valkey.url)
        for parcel in parcels(*range(1, MAX_WAITING + 6)):
            one.bus.send(parcel)
        await one.bus.start()
        await until(lambda: len(two.heard) >= MAX_WAITING)
        assert two.heard == parcels(*range(6, MAX_WAITING + 6))
        await one.bus.stop()
        two.heard.clear()
        large = [Parcel("s", number, str(number) * (MAX_SIZE // 4 - 1)) for number in range(1, 8)]
        for parcel in large:
            one.bus.send(parcel)
        await one.bus.start()
        await until(lambda: len(two.heard) >= 4)
        assert two.heard == large[-4:]
        one.bus.send(Parcel("s", 8, "x" * (MAX_SIZE + 1)))  # too large for any post
        one.bus.send(large[0])
        await until(lambda: two.heard == [*large[-4:], large[0]])
        await one.bus.stop()


async def test_houses_in_two_databases_of_one_server_do_not_hear_each_other(valkey: Valkey) -> None:
    other = valkey.url.removesuffix("/0") + "/1"
    async with desks(valkey.url) as (one, two), desks(other) as (three, four):
        one.bus.send(parcels(1)[0])
        three.bus.send(parcels(2)[0])
        await until(lambda: bool(two.heard and four.heard))
        assert (two.heard, four.heard) == (parcels(1), parcels(2))
    assert [channel_of(url) for url in ("redis://h", "redis://h/", "redis://h/3", "unix:///a", "unix:///a?db=3")] == [
        f"conference:post:1:{number}" for number in (0, 0, 3, 0, 3)
    ]


def test_the_settings_choose_the_post() -> None:
    assert isinstance(broker_for(read_settings(demo=True)), Alone)
    assert isinstance(broker_for(read_settings(demo=True, broker_url="valkeys://:word@post.example")), Bus)


def test_without_the_extra_the_house_runs_and_a_post_is_refused_in_a_sentence() -> None:
    asks = (
        "import sys; sys.modules['redis'] = None\n"
        "from conference.bus import broker_for\nfrom conference.settings import read_settings\n"
        "print(broker_for(read_settings(demo=True)).shared)\n"
        "try: broker_for(read_settings(demo=True, broker_url='redis://h'))\nexcept Exception as no: print(no)"
    )
    answer = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, timeout=30, check=True)
    assert answer.stdout.splitlines() == [
        "False",
        "CONFERENCE_BROKER_URL needs a client: install the extra, pip install '.[valkey]'.",
    ]


async def seconds(work: Awaitable[None]) -> float:
    began = time.monotonic()
    await work
    return time.monotonic() - began


def said(caplog: pytest.LogCaptureFixture) -> list[tuple[str, int]]:
    """How often each of the two lines was logged, by warnings without a traceback."""
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING and not record.exc_info]
    return [(words, sum(line.startswith(words) for line in lines)) for words in (FAILS, BACK)]


@asynccontextmanager
async def tapped(valkey: Valkey) -> AsyncIterator[list[bytes]]:
    """All messages on the channel, as they are."""
    client, heard = redis.Redis.from_url(valkey.url, protocol=2), list[bytes]()
    ears: Any = client.pubsub(ignore_subscribe_messages=True)
    await ears.subscribe(channel_of(valkey.url))

    async def write_down() -> None:
        while True:
            if message := await ears.get_message(timeout=None):
                heard.append(message["data"])

    work = asyncio.create_task(write_down())
    yield heard
    work.cancel()
    await asyncio.wait([work])
    await ears.aclose()
    await client.aclose()
