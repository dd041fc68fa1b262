"""Many tabs at once ask to be told, and several workers tell: one row, one mail."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from conference.calls.interest import leave_interest, tell_interested
from conference.calls.tables import CallInterest
from conference.mail.tables import QueuedMail
from conference.people.tables import Person
from conference.storage.database import Database
from tests.calls.cast import OPENS, applicant, build_call
from tests.world import build_world


async def test_six_tabs_are_one_wish_and_three_workers_write_one_mail(database: Database) -> None:
    async with database.writing() as db:
        made = await build_call(db, await build_world(db))
        person = await applicant(db, "Librarian in Nairobi")

    async def ask() -> None:
        async with database.writing() as db:
            mine = await db.get(Person, person.id)
            assert mine
            await leave_interest(db, made.call, mine, OPENS - timedelta(days=1))

    async def tell() -> int:
        async with database.writing() as db:
            return await tell_interested(db, OPENS, datetime.now(UTC), base_url="http://house.example")

    await asyncio.gather(*(ask() for _ in range(6)))
    told = await asyncio.gather(*(tell() for _ in range(3)))
    async with database.reading() as db:
        wishes = (await db.exec(select(CallInterest))).all()
        mails = (await db.exec(select(QueuedMail).where(QueuedMail.template == "call_opens"))).all()
    assert (len(wishes), sum(told), len(mails)) == (1, 1, 1)
