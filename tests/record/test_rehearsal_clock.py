"""One rehearsal's clock for all processes: each follows what is kept, and none goes back to what it read before."""

import asyncio
from datetime import UTC, datetime, timedelta

from conference.clock import Clock
from conference.record.actions import follow_rehearsal, set_rehearsal
from conference.storage.database import Database

REAL = datetime(2026, 5, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def test_a_process_follows_the_clock_that_another_set_and_goes_back_to_real_time_with_it(database: Database) -> None:
    clock = Clock()
    for offset in (HOUR, -HOUR, None):
        async with database.writing() as db:
            await set_rehearsal(db, REAL + offset if offset is not None else None, REAL)
        await follow_rehearsal(database, clock)
        assert (clock.offset, clock.rehearsing) == (offset, offset is not None)


async def test_a_clock_that_is_set_while_the_old_one_is_read_does_not_go_back() -> None:
    clock, kept = Clock(), [None, HOUR]
    reads: list[timedelta | None] = []

    async def read() -> timedelta | None:
        reads.append(found := kept[len(reads)])
        if len(reads) == 1:
            clock.offset = HOUR
        return found

    await clock.follow(read)
    assert (clock.offset, reads) == (HOUR, [None, HOUR])


async def test_of_two_that_read_at_once_the_later_answer_is_asked_for_again() -> None:
    """Which of two answers is the older one nobody knows."""
    clock, kept = Clock(), [HOUR]
    slow, answered = asyncio.Event(), [0]

    async def read_slowly() -> timedelta | None:
        found = kept[0]
        answered[0] += 1
        await slow.wait()
        return found

    async def read() -> timedelta | None:
        return kept[0]

    reading = asyncio.create_task(clock.follow(read_slowly))
    await asyncio.sleep(0)
    kept[0] = 2 * HOUR
    await clock.follow(read)
    slow.set()
    await reading
    assert (clock.offset, answered) == (2 * HOUR, [2])
