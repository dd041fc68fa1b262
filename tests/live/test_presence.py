"""Who is here, as several processes count it together: each person once, and nobody through a process that is dead."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from conference.live.messages import Here
from conference.live.presence import BEAT, DEAD, Presences
from conference.live.tables import LiveProcess, Presence
from conference.storage.database import Database
from tests.live.cast import make_cast

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
ONE, OTHER = UUID(int=1), UUID(int=2)
RIGHT_WITHIN = timedelta(seconds=10)


async def meet(database: Database, now: datetime, *all_of_them: Presences) -> None:
    """Each writes and reads; twice, so that each has read what all wrote."""
    for _ in range(2):
        for each in all_of_them:
            await each.exchange(database, now)


async def test_a_person_in_two_processes_is_one_person_and_guests_are_counted_by_page(database: Database) -> None:
    stage = (await make_cast(database, NOW)).session.id
    here, there = Presences(shared=True), Presences(shared=True)
    for each in (here, there):
        each.enter(stage, ONE)
        each.enter(stage, None)
    here.enter(stage, ONE)  # another tab
    there.enter(stage, OTHER)
    await meet(database, NOW, here, there)
    assert [each.here(stage) for each in (here, there)] == [Here(people=2, guests=2)] * 2
    here.leave(stage, ONE)  # one tab of two
    there.leave(stage, OTHER)
    await meet(database, NOW, here, there)
    assert [each.here(stage) for each in (here, there)] == [Here(people=1, guests=2)] * 2
    here.leave(stage, ONE)
    there.leave(stage, ONE)
    await meet(database, NOW, here, there)
    assert [each.here(stage) for each in (here, there)] == [Here(people=0, guests=2)] * 2
    async with database.reading() as db:
        assert (await db.exec(select(Presence))).all() == []


async def test_nobody_is_present_through_a_dead_process_and_one_that_was_only_asleep_is_back(database: Database) -> None:
    stage = (await make_cast(database, NOW)).session.id
    here, dead = Presences(shared=True), Presences(shared=True)
    here.enter(stage, ONE)
    dead.enter(stage, OTHER)
    await meet(database, NOW, here, dead)
    assert here.here(stage) == Here(people=2, guests=0)
    later = NOW + DEAD + timedelta(seconds=BEAT)
    assert later + timedelta(seconds=BEAT) - NOW <= RIGHT_WITHIN
    await here.exchange(database, later)
    assert here.here(stage) == Here(people=1, guests=0)
    much_later = NOW + timedelta(minutes=5)
    newcomer = Presences(shared=True)
    await meet(database, much_later, here, newcomer)  # whoever comes tidies up
    async with database.reading() as db:
        assert set(await db.exec(select(LiveProcess.id))) == {here.process_id, newcomer.process_id}
        assert set(await db.exec(select(Presence.person_id))) == {ONE}
    await meet(database, much_later, dead, here)  # it was only asleep
    assert [each.here(stage) for each in (here, dead)] == [Here(people=2, guests=0)] * 2


async def test_a_process_that_stops_says_goodbye(database: Database) -> None:
    stage = (await make_cast(database, NOW)).session.id
    here, leaving = Presences(shared=True), Presences(shared=True)
    here.enter(stage, ONE)
    leaving.enter(stage, OTHER)
    await meet(database, NOW, here, leaving)
    await leaving.say_goodbye(database)
    await here.exchange(database, NOW)
    assert here.here(stage) == Here(people=1, guests=0)


async def test_what_could_not_be_written_is_written_the_next_time(sqlite: Database) -> None:
    stage = (await make_cast(sqlite, NOW)).session.id
    here, there = Presences(shared=True), Presences(shared=True)
    here.enter(stage, ONE)
    here.enter(UUID(int=99), OTHER)  # a session that the database does not know: refused as a whole
    with pytest.raises(IntegrityError):
        await here.exchange(sqlite, NOW)
    here.leave(UUID(int=99), OTHER)
    await meet(sqlite, NOW, here, there)
    assert there.here(stage) == Here(people=1, guests=0)


async def test_a_process_that_is_alone_counts_for_itself_and_tells_only_news() -> None:
    alone = Presences(shared=False)
    alone.enter(ONE, OTHER)
    alone.enter(ONE, OTHER)
    assert alone.news() == {ONE: Here(people=1, guests=0)}
    assert alone.news() == {}
    alone.enter(ONE, None)
    assert alone.news() == {ONE: Here(people=1, guests=1)}
