"""Phones that come back at the same moment, on both databases."""

import asyncio
from uuid import uuid4

from sqlmodel import select

from conference.attendance.actions import Act, perform_acts
from conference.attendance.rules import occasion_from
from conference.attendance.tables import CheckIn, DoorScan, How
from conference.storage.database import Database
from tests.attendance.cast import DAY, SECRET, THURSDAY, build_week

PHONES = 5


async def test_the_same_acts_sent_by_many_requests_at_once_are_each_done_once(database: Database) -> None:
    async with database.writing() as db:
        week = await build_week(db)
    acts = [Act(uuid4(), occasion_from(DAY), How.code, THURSDAY, code=week.code(who)) for who in week.places]
    acts.append(Act(uuid4(), occasion_from(DAY), How.code, THURSDAY, code="0000-0000-0000-0000"))  # unknown: nothing to lock

    async def send(given: list[Act]) -> list[str]:
        async with database.writing() as db:
            return [scan.outcome.value for scan in await perform_acts(db, week.event, given, week.people["helper"], THURSDAY, SECRET)]

    told = await asyncio.gather(*(send(acts if number % 2 else acts[::-1]) for number in range(PHONES)))
    assert [sorted(outcomes) for outcomes in told] == [["checked_in"] * 3 + ["unknown"]] * PHONES
    async with database.reading() as db:
        kept = len((await db.exec(select(CheckIn))).all()), len((await db.exec(select(DoorScan))).all())
    assert kept == (3, 4)
