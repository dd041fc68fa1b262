"""The last seats, when everybody wants them at once: over HTTP, on both databases."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from httpx2 import AsyncClient, Limits
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from conference.registration import pools, seats
from conference.registration.tables import Booking, CapacityPool, PoolSession, WaitlistEntry
from conference.settings import Settings
from conference.storage.database import Database
from tests.servers import serving
from tests.world import BEFORE, World, build_world, cookie_of, delegate, rehearse

PEOPLE, SEATS = 40, 3


async def fill(database: Database) -> tuple[World, list[dict[str, str]]]:
    async with database.writing() as db:
        world = await build_world(db, seats=SEATS)
        people = [await delegate(db, world, f"Delegate {number}") for number in range(PEOPLE)]
        cookies = [await cookie_of(db, person) for person in people]
    await rehearse(database, BEFORE)
    return world, cookies


async def everybody(address: str, path: str, cookies: list[dict[str, str]]) -> list[int]:
    """All press the button at the same moment, each from a browser of their own; the statuses they got."""

    async def one(client: AsyncClient, cookie: dict[str, str]) -> int:
        answer = await client.post(address + path, headers={"Cookie": "; ".join(f"{k}={v}" for k, v in cookie.items())})
        return answer.status_code

    async with AsyncClient(limits=Limits(max_connections=PEOPLE), timeout=60) as client:
        return list(await asyncio.gather(*(one(client, cookie) for cookie in cookies)))


async def seats_and_turns(database: Database, session_id: UUID) -> tuple[list[UUID], list[int], int]:
    """Who has a seat, the turns of those who wait, and what the pool has counted."""
    async with database.reading() as db:
        booked = list(
            (await db.exec(select(Booking.person_id).where(Booking.session_id == session_id, col(Booking.given_up_at).is_(None)))).all()
        )
        waiting = select(WaitlistEntry.turn).where(WaitlistEntry.session_id == session_id, col(WaitlistEntry.accepted_at).is_(None))
        turns = list((await db.exec(waiting.order_by(col(WaitlistEntry.id)))).all())
        taken = (await db.exec(select(CapacityPool.taken).join(PoolSession).where(PoolSession.session_id == session_id))).one()
    return booked, turns, taken


async def test_forty_people_and_three_seats_make_three_bookings_and_a_list_in_order(database: Database, settings: Settings) -> None:
    world, cookies = await fill(database)
    async with serving(settings.model_copy(update={"database_url": database.url})) as address:
        statuses = await everybody(address, f"/events/wi-test/sessions/{world.workshop.slug}/booking", cookies)
    booked, turns, taken = await seats_and_turns(database, world.workshop.id)
    assert statuses == [303] * PEOPLE
    assert (len(booked), len(set(booked)), taken) == (SEATS, SEATS, SEATS)
    assert turns == list(range(1, PEOPLE - SEATS + 1))


async def test_without_the_guard_the_same_race_overbooks(database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: with the lock and the check constraint taken out, more seats are given than there are."""
    world, cookies = await fill(database)
    await take_constraint_out(database)
    monkeypatch.setattr(seats, "lock_session_pool", looks_without_locking(database))
    async with serving(settings.model_copy(update={"database_url": database.url})) as address:
        await everybody(address, f"/events/wi-test/sessions/{world.workshop.slug}/booking", cookies)
    booked, _, _ = await seats_and_turns(database, world.workshop.id)
    assert len(booked) > SEATS


def looks_without_locking(database: Database) -> Callable[..., Any]:
    """What a careless booking does. On PostgreSQL: no FOR UPDATE. On SQLite, where writers take turns anyway: a look before the turn."""
    before_my_turn: list[CapacityPool] = []

    async def look(db: Any, session_id: UUID) -> CapacityPool | None:
        found = select(CapacityPool).join(PoolSession).where(PoolSession.session_id == session_id)
        if not database.is_sqlite:
            pool: CapacityPool | None = (await db.exec(found)).first()
            return pool
        if not before_my_turn:
            async with database.reading() as other:
                before_my_turn.append((await other.exec(found)).one())
        return CapacityPool(**before_my_turn[0].model_dump())

    return look


async def take_constraint_out(database: Database) -> None:
    if not database.is_sqlite:
        async with database.writer.begin() as connection:
            await connection.execute(text("ALTER TABLE capacity_pool DROP CONSTRAINT ck_capacity_pool_never_one_too_many"))


async def test_the_database_itself_refuses_one_too_many(database: Database) -> None:
    async with database.writing() as db:
        world = await build_world(db, seats=SEATS)

    async def take_too_many() -> None:
        async with database.writing() as db:
            pool = await pools.lock_session_pool(db, world.workshop.id)
            for _ in range(SEATS + 1):
                pools.take_place(pool)

    with pytest.raises(IntegrityError, match="never_one_too_many"):
        await take_too_many()


async def test_two_tabs_of_one_person_make_one_booking(database: Database, settings: Settings) -> None:
    world, cookies = await fill(database)
    async with serving(settings.model_copy(update={"database_url": database.url})) as address:
        await everybody(address, f"/events/wi-test/sessions/{world.workshop.slug}/booking", [cookies[0]] * 20)
    booked, turns, taken = await seats_and_turns(database, world.workshop.id)
    assert (len(booked), turns, taken) == (1, [], 1)


async def test_seats_given_up_in_a_storm_go_to_the_next_in_line_exactly_once(database: Database, settings: Settings) -> None:
    world, cookies = await fill(database)
    path = f"/events/wi-test/sessions/{world.workshop.slug}/booking"
    async with serving(settings.model_copy(update={"database_url": database.url})) as address:
        await everybody(address, path, cookies)
        first, _, _ = await seats_and_turns(database, world.workshop.id)
        await everybody(address, path + "/cancellation", cookies[:20])
    booked, _, taken = await seats_and_turns(database, world.workshop.id)
    async with database.reading() as db:
        given_up = (await db.exec(select(Booking.person_id).where(col(Booking.given_up_at).is_not(None)))).all()
        promoted = (await db.exec(select(WaitlistEntry.turn).where(col(WaitlistEntry.accepted_at).is_not(None)))).all()
    assert (len(booked), len(set(booked)), taken) == (SEATS, SEATS, SEATS)
    assert len(set(promoted)) == len(promoted) == len(given_up)
    assert set(first) - set(given_up) <= set(booked)
