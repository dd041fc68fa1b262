"""Valkey, or one of two processes, dies in the middle of many writes: nothing acknowledged is lost, nothing is there or heard twice."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from conference.live.messages import Here
from tests.live.houses import Place, houses_on, town_of
from tests.live.storm import Storm
from tests.live.town import Town, until
from tests.servers import Valkey

ROUNDS = [pytest.param(number, marks=[pytest.mark.soak] if number >= 1 else []) for number in range(20)]


@pytest.fixture
def two_workers(tmp_path: Path, postgres_url: str, valkey: Valkey) -> Iterator[Place]:
    """One house of two processes behind one port."""
    with houses_on(tmp_path, postgres_url, valkey.url, "--workers", "2", count=1) as place:
        yield place


@pytest.mark.parametrize("seed", ROUNDS)
async def test_when_valkey_is_killed_in_a_storm_nothing_is_lost_or_heard_twice_and_it_heals_by_itself(
    town: Town, valkey: Valkey, seed: int
) -> None:
    storm = Storm(town, seed)
    await storm.gather()
    blowing = asyncio.create_task(storm.blow(4.5))
    await asyncio.sleep(storm.chance.uniform(0.5, 1))
    valkey.kill()
    try:
        await told_delayed(town, [True])
        await asyncio.sleep(2)
    finally:
        valkey.start()
    await told_delayed(town, [True, False])
    await blowing
    await storm.end()
    await storm.assert_all_is_there_once()
    assert [phone.closes for phone in town.phones] == [[]] * len(town.phones)  # all of them heard it all on one line


@pytest.mark.parametrize("seed", ROUNDS)
async def test_when_valkey_hangs_for_five_seconds_nothing_is_lost_or_heard_twice_and_it_heals_by_itself(
    town: Town, valkey: Valkey, seed: int
) -> None:
    storm = Storm(town, seed)
    await storm.gather()
    blowing = asyncio.create_task(storm.blow(6))
    await asyncio.sleep(0.5)
    valkey.freeze()
    try:
        await told_delayed(town, [True])
        await asyncio.sleep(2)
    finally:
        valkey.thaw()
    await told_delayed(town, [True, False])
    await blowing
    await storm.end()
    await storm.assert_all_is_there_once()
    assert [phone.closes for phone in town.phones] == [[]] * len(town.phones)


async def test_nothing_that_waits_or_was_dismissed_reaches_anybody_else_though_valkey_dies_meanwhile(town: Town, valkey: Valkey) -> None:
    one, two = town.houses
    storm = Storm(town)
    await storm.gather()
    town.phone("voter", one)
    town.phone("voter", two)
    dismissed, waiting, nameless = [await town.ask("asker", f"Secret {number}", one, anonymous="yes") for number in range(3)]
    blowing = asyncio.create_task(storm.blow(3, per_second=30))
    await town.moderate("dismissal", dismissed, two, reason="Secret reason")
    await asyncio.sleep(0.5)
    valkey.kill()
    try:
        storm.looked_at[nameless] = time.monotonic()
        await town.moderate("approval", nameless, two)
        await asyncio.sleep(1)
    finally:
        valkey.start()
    await blowing
    await storm.end()
    for act in ("answer", "archiving"):
        await town.moderate(act, nameless, two)
    late = town.phone(None, one)
    await town.settled()

    secrets = {"Secret 0", "Secret 1", "Secret reason", "Asker in Nairobi", "asker@stage.example"}
    secrets |= set(map(str, (dismissed, waiting, town.id_of("asker"))))
    queues = [phone for _, phone in storm.queues]
    for phone in queues:  # what they are told is what others must not hear: the same search finds it
        assert {"Secret 0", "Secret 2", str(waiting), str(nameless)} < await storm.leaks(phone)
        assert "Asker in Nairobi" in phone.words()
    for phone in town.phones:
        assert phone in queues or (await storm.leaks(phone), [word for word in secrets if word in phone.words()]) == (set(), [])
        assert phone in queues or "Secret 2" in phone.words()
    assert late.page().seq == len(storm.moderated["approval"]) + 3  # nothing hidden was counted


async def test_a_vote_that_overtakes_its_question_while_valkey_is_down_counts_on_every_page(town: Town, valkey: Valkey) -> None:
    one, two = town.houses
    for house in (one, two):
        town.phone(None, house)
    await town.opened()
    valkey.kill()
    try:
        await told_delayed(town, [True])
        question_id = await town.ask_and_approve("asker", "Who pays?", one)
        assert await town.vote("voter", question_id, two) == 303
        await town.settled()
    finally:
        valkey.start()
    await told_delayed(town, [True, False])
    await town.settled()


async def test_when_a_process_dies_the_other_counts_right_within_ten_seconds_and_tells_what_died_with_it(
    town: Town, valkey: Valkey
) -> None:
    one, two = town.houses
    staying = [town.phone(name, one) for name in ("asker", None)]
    going = [town.phone(name, two) for name in ("asker", "voter", None, None)]
    shown, hidden = await town.ask_and_approve("asker", "Who pays?", two), await town.ask("asker", "When is lunch?", two)
    await until(lambda: all(phone.counted == Here(people=2, guests=3) for phone in town.phones))
    await town.settled()
    valkey.freeze()  # for a moment that nobody notices
    try:
        assert await town.vote("voter", shown, two) == 303
        await asyncio.sleep(0.2)  # this vote is on its way, and keeps back what comes after it
        await town.moderate("dismissal", hidden, two, reason="It is in the programme.")
        two.kill()
    finally:
        valkey.thaw()
    await asyncio.gather(*(phone.close() for phone in going))
    town.phones = staying
    await until(lambda: all(phone.counted == Here(people=1, guests=1) for phone in staying))
    await town.settled()
    assert "It is in the programme." in staying[0].words()
    assert [phone.delays for phone in staying] == [[], []]
    again = town.phone("asker", one)
    await town.opened()
    assert again.counted == Here(people=1, guests=1)  # the welcome's words


@pytest.mark.parametrize("seed", ROUNDS)
async def test_when_one_of_two_processes_is_killed_in_a_storm_nothing_is_lost_done_twice_or_heard_twice(town: Town, seed: int) -> None:
    storm = Storm(town, seed)
    await storm.gather()
    blowing = asyncio.create_task(storm.blow(3))
    await asyncio.sleep(storm.chance.uniform(0.7, 2))
    dead = town.houses[seed % 2]
    dead.kill()
    await asyncio.to_thread(dead.start)
    await blowing
    await storm.end()
    await storm.assert_all_is_there_once()
    there = [phone for phone in town.phones if phone.first_house == dead.address]
    assert [bool(phone.closes) for phone in town.phones] == [phone in there for phone in town.phones]


async def test_when_a_worker_is_killed_in_a_storm_nothing_is_lost_done_twice_or_heard_twice(two_workers: Place) -> None:
    [house] = two_workers.houses
    async with town_of(replace(two_workers, houses=[house, house])) as town:
        storm, workers = Storm(town), house.workers()
        for number, away in enumerate(reversed(workers)):
            away.suspend()  # so that the other one takes all who come now
            await storm.open_pages(number)
            away.resume()
        theirs = town.phones[: len(town.phones) // 2]
        blowing = asyncio.create_task(storm.blow(3))
        await asyncio.sleep(1)
        workers[0].kill()
        await blowing
        await storm.end()
        await storm.assert_all_is_there_once()
        assert [bool(phone.closes) for phone in town.phones] == [phone in theirs for phone in town.phones]


async def told_delayed(town: Town, words: list[bool]) -> None:
    """All pages were told this, and nothing else, of whether they hear late."""
    await until(lambda: all(phone.delays == words for phone in town.phones), 8)
