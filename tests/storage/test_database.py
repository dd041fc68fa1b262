"""What the database promises: synced writes, readers that see one moment, ids that sort by time."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from conference.record.actions import hold_lease, release_lease
from conference.record.tables import Lease
from conference.storage.database import Database
from conference.storage.ids import new_id

NOW = datetime(2021, 6, 25, 9, tzinfo=UTC)
LENGTH = timedelta(seconds=20)


async def test_sqlite_syncs_each_commit_keeps_its_foreign_keys_and_overwrites_what_is_gone(sqlite: Database) -> None:
    async with sqlite.writer.connect() as connection:
        said = {
            name: (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


async def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(database: Database) -> None:
    async with database.reading() as reader:
        before = (await reader.exec(select(Lease))).all()
        async with database.writing() as db:
            db.add(Lease(duty="mail", holder="a", until=NOW))
        assert list((await reader.exec(select(Lease))).all()) == list(before) == []


async def test_a_block_that_raises_leaves_nothing_behind(database: Database) -> None:
    async def write_and_stumble() -> None:
        async with database.writing() as db:
            db.add(Lease(duty="mail", holder="a", until=NOW))
            await db.flush()
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        await write_and_stumble()
    async with database.reading() as db:
        assert (await db.exec(select(Lease))).all() == []


async def test_one_process_at_a_time_holds_a_duty_and_another_takes_over_when_it_is_silent(database: Database) -> None:
    async def takes(holder: str, at: datetime) -> bool:
        async with database.writing() as db:
            return await hold_lease(db, "mail", holder, LENGTH, at)

    first = await asyncio.gather(*(takes(f"process {number}", NOW) for number in range(5)))
    assert sorted(first) == [False, False, False, False, True]
    winner = f"process {first.index(True)}"
    assert await takes(winner, NOW + LENGTH / 2) is True
    assert await takes("another", NOW + LENGTH) is False
    assert await takes("another", NOW + LENGTH * 2) is True
    async with database.writing() as db:
        await release_lease(db, "mail", "another")
    assert await takes("a third", NOW + LENGTH * 2) is True


async def test_ids_sort_by_the_moment_they_were_made() -> None:
    made = []
    for _ in range(5):
        made.append(new_id())
        await asyncio.sleep(0.002)
    assert sorted(made) == made
    assert {identity.version for identity in made} == {7}
    assert len({identity.hex[:6] for identity in made}) == 1  # the moment is in front
