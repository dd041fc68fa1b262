"""kill -9 of a house of one process in the middle of many writes: what was acknowledged is there once, and everybody hears it once."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.live.houses import Place, houses_on, town_of
from tests.live.storm import Storm
from tests.live.town import until

ROUNDS = [pytest.param(number, marks=[pytest.mark.soak] if number >= 1 else []) for number in range(20)]


@pytest.fixture(scope="module")
def one_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One process on SQLite, without a broker."""
    folder = tmp_path_factory.mktemp("house")
    with houses_on(folder, f"sqlite:///{folder / 'conference.db'}", count=1) as place:
        yield place


@pytest.mark.parametrize("seed", ROUNDS)
async def test_what_was_acknowledged_survives_a_kill_and_is_there_once_and_heard_once(one_house: Place, seed: int) -> None:
    """Whoever got no answer sends the command again; that nothing is done twice is looked up in the database, line by line."""
    async with town_of(one_house) as town:
        storm = Storm(town, seed)
        await storm.gather()
        blowing = asyncio.create_task(storm.blow(3))
        await asyncio.sleep(storm.chance.uniform(0.7, 2))
        await until(lambda: storm.acknowledged > 20)  # a kill that comes too early proves nothing
        [house] = town.houses
        house.kill()
        await asyncio.to_thread(house.start)
        await blowing
        await storm.end()
        await storm.assert_all_is_there_once()
        assert all(phone.closes for phone in town.phones)
