"""A programme's revision is known without a question: at once where it moves, in a moment everywhere else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace

import pytest

from conference.broker import Alone, Hear, Parcel, Told
from conference.programme.actions import edit_session
from conference.programme.queries import event_at, session_at
from conference.programme.releases import plan_of
from conference.programme.revisions import Revisions
from conference.storage.database import Database
from tests.calendars.cast import questions_to
from tests.world import BEFORE, build_world


class Wire(Alone):
    """Two processes' post, without a server."""

    def __init__(self) -> None:
        self.heard: list[Parcel] = []
        self.hears: list[Hear] = []

    def listen(self, hear: Hear, told: Told) -> None:
        self.hears.append(hear)

    def send(self, parcel: Parcel) -> None:
        self.heard.append(parcel)


async def retitle(database: Database) -> None:
    async with database.writing() as db:
        facts = await session_at(db, "wi-test", "opening-keynote")
        plan = replace(plan_of(facts.session), title=f"{facts.session.title}!")
        await edit_session(db, facts.event, facts.session, plan, facts.speakers, BEFORE)


@pytest.fixture
async def house(sqlite: Database) -> Database:
    async with sqlite.writing() as db:
        await build_world(db)
    return sqlite


@pytest.fixture
async def other(house: Database) -> AsyncIterator[Database]:
    """Another process's connection to it."""
    database = Database(house.url)
    yield database
    await database.close()


async def test_many_who_ask_at_once_ask_the_database_once_and_then_not_at_all(house: Database) -> None:
    revisions = Revisions(house, Alone())
    with questions_to(house) as asked:
        known = await asyncio.gather(*(revisions.at("wi-test") for _ in range(50)))
        await revisions.at("wi-test")
        nowhere = await revisions.at("nothing")
    assert (len(asked), len(set(known)), nowhere) == (1, 1, None)


async def test_a_release_here_is_known_the_moment_it_is_committed_and_posted_to_others(house: Database, other: Database) -> None:
    wire, elsewhere = Wire(), Wire()
    here, there = Revisions(house, wire), Revisions(other, elsewhere)
    before = [await each.at("wi-test") for each in (here, there)]
    await retitle(house)
    with questions_to(house) as asked:
        after = await here.at("wi-test")
    late = await there.at("wi-test")
    for parcel in wire.heard:
        elsewhere.hears[0](parcel)
    told = await there.at("wi-test")
    assert before[0]
    assert after
    assert (after.revision, asked) == (before[0].revision + 1, [])
    assert (late, told) == (before[1], after)


async def test_whoever_missed_the_post_finds_it_in_the_database(house: Database, other: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    there = Revisions(other, Alone())
    before = await there.at("wi-test")
    await retitle(house)
    monkeypatch.setattr("conference.programme.revisions.FRESH", 0.0)
    after = await there.at("wi-test")
    assert before
    assert after
    assert after.revision == before.revision + 1


async def test_a_transaction_that_fails_moves_nothing(house: Database) -> None:
    revisions = Revisions(house, Alone())
    before = await revisions.at("wi-test")
    with suppress(ZeroDivisionError):
        async with house.writing() as db:
            event = await event_at(db, "wi-test")
            event.revision += 1
            await db.flush()
            assert 1 // (event.revision - event.revision)
    assert await revisions.at("wi-test") == before
