"""What acts that share a transaction see of each other, and what is left of one that was refused."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest
from sqlmodel import col, select, update

from conference.errors import Conflict
from conference.people.actions import know_person
from conference.people.tables import Person
from conference.registration.tables import CapacityPool, Star
from conference.storage.counter import Counter, Shared, Turn
from conference.storage.database import Database, Db
from tests.world import BEFORE, build_world

Act = Callable[[Db], Awaitable[object]]


async def nothing(_db: Db, _turns: Sequence[Turn[str]]) -> None:
    """No keys here."""


async def together(database: Database, *acts: Act) -> list[object]:
    """What each heard, in one transaction for all."""
    counter = Counter[str](database, nothing, nothing)

    async def one(act: Act) -> object:
        turn = counter.turn("all", "")
        db = await turn.open()
        try:
            said = await act(db)
        except Conflict as no:
            turn.undo(no)
            turn.leave()
            await turn.shared
            return no.sentence
        await turn.commit()
        return said

    return [each.__class__ if isinstance(each, Shared) else each for each in await asyncio.gather(*map(one, acts), return_exceptions=True)]


@pytest.fixture
async def pool(sqlite: Database) -> CapacityPool:
    """Ten places, none taken."""
    async with sqlite.writing() as db:
        world = await build_world(db)
        made = CapacityPool(event_id=world.event.id, capacity=10)
        db.add(made)
    return made


def take(pool: CapacityPool, *, refused: bool = False) -> Act:
    """Counts one more, and says how many there are then."""

    async def act(db: Db) -> int:
        row = (await db.exec(select(CapacityPool).where(CapacityPool.id == pool.id))).one()
        row.taken += 1
        await db.flush()
        if refused:
            raise Conflict("No.")
        return row.taken

    return act


async def taken(database: Database, pool: CapacityPool) -> int:
    async with database.reading() as db:
        return (await db.exec(select(CapacityPool.taken).where(CapacityPool.id == pool.id))).one()


async def test_a_refusal_puts_back_what_it_counted_and_leaves_what_others_did(sqlite: Database, pool: CapacityPool) -> None:
    told = await together(sqlite, take(pool, refused=True), take(pool), take(pool, refused=True), take(pool, refused=True), take(pool))
    assert (told, await taken(sqlite, pool)) == (["No.", 1, "No.", "No.", 2], 2)


async def test_who_is_refused_after_something_reached_the_database_takes_all_back_and_each_is_tried_alone(
    sqlite: Database, pool: CapacityPool
) -> None:
    async def by_statement(db: Db) -> None:
        await db.exec(update(CapacityPool).where(col(CapacityPool.id) == pool.id).values(taken=9))
        raise Conflict("No.")

    assert await together(sqlite, take(pool), by_statement, take(pool)) == [Shared, Shared, Shared]
    assert await taken(sqlite, pool) == 0


async def test_an_act_sees_what_those_before_it_added_changed_and_removed(sqlite: Database) -> None:
    async with sqlite.writing() as db:
        person = await know_person(db, "ada@example.org", "Ada in Oslo", BEFORE)

    async def named(db: Db) -> list[str]:
        return sorted((await db.exec(select(Person.name).where(Person.language == "eo"))).all())

    async def add(db: Db) -> list[str]:
        db.add(Person(email="new@example.org", email_key="new@example.org", name="New", language="eo", made_at=BEFORE))
        return await named(db)

    async def change(db: Db) -> list[str]:
        (await db.get_one(Person, person.id)).language = "eo"
        return await named(db)

    async def remove(db: Db) -> list[str]:
        await db.delete((await db.exec(select(Person).where(Person.name == "New"))).one())
        return await named(db)

    told = await together(sqlite, named, add, named, change, named, remove, named)
    both = ["Ada in Oslo", "New"]
    assert told == [[], ["New"], ["New"], both, both, ["Ada in Oslo"], ["Ada in Oslo"]]


async def test_what_the_database_refuses_is_nobody_s_and_each_is_tried_alone(sqlite: Database, pool: CapacityPool) -> None:
    async def too_many(db: Db) -> None:
        (await db.exec(select(CapacityPool).where(CapacityPool.id == pool.id))).one().taken = 11

    async def nobody_s(db: Db) -> None:
        db.add(Star(session_id=pool.id, person_id=pool.id, made_at=BEFORE))

    assert await together(sqlite, take(pool), too_many) == [Shared, Shared]
    assert await together(sqlite, take(pool), nobody_s) == [Shared, Shared]
    assert await taken(sqlite, pool) == 0
