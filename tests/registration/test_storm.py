"""Everything at once: booking, giving up, cancelling registrations, changing the limit, editing. No fault, nothing counted wrong."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from conference.errors import Refusal
from conference.people.tables import Person
from conference.programme.actions import edit_session
from conference.programme.releases import plan_of
from conference.programme.tables import Event, Session
from conference.registration.actions import cancel_registration, register_person
from conference.registration.seats import book_seat, give_up_seat, set_seats
from conference.registration.tables import Booking, CapacityPool, PoolServes, Registration, WaitlistEntry
from conference.registration.waiting import LIVE_ENTRY
from conference.storage.database import Database, Db
from tests.world import BEFORE, World, build_world, delegate

PEOPLE, ACTS = 16, 25
Act = Callable[[Db, Event, Session, Person, random.Random], Awaitable[Any]]


async def _limit(db: Db, event: Event, session: Session, _person: Person, chance: random.Random) -> None:
    await set_seats(db, event, session, chance.randint(1, 8), BEFORE, datetime.now(UTC))


async def _retitle(db: Db, event: Event, session: Session, _person: Person, chance: random.Random) -> None:
    await edit_session(db, event, session, replace(plan_of(session), title=f"Workshop {chance.random()}"), [], BEFORE)


MOVES: list[Act] = [
    lambda db, event, session, person, _: book_seat(db, event, session, person, BEFORE, datetime.now(UTC)),
    lambda db, event, session, person, _: book_seat(db, event, session, person, BEFORE, datetime.now(UTC)),
    lambda db, event, session, person, _: give_up_seat(db, event, session, person, BEFORE, datetime.now(UTC)),
    lambda db, event, _session, person, _chance: cancel_registration(db, event, person, BEFORE, datetime.now(UTC)),
    lambda db, event, _session, person, _chance: register_person(db, event, person, BEFORE, datetime.now(UTC)),
    _limit,
    _retitle,
]


async def one_person(database: Database, world: World, person_id: Any, chance: random.Random) -> None:
    for _ in range(ACTS):
        move = chance.choice(MOVES)
        try:
            async with database.writing() as db:
                event, session = await db.get_one(Event, world.event.id), await db.get_one(Session, world.workshop.id)
                await move(db, event, session, await db.get_one(Person, person_id), chance)
        except Refusal:
            continue  # an expected no; anything else fails the test


async def test_no_order_of_acts_faults_or_leaves_a_seat_without_a_registration(database: Database) -> None:
    async with database.writing() as db:
        world = await build_world(db, seats=3)
        people = [(await delegate(db, world, f"Delegate {number}")).id for number in range(PEOPLE)]
    await asyncio.gather(*(one_person(database, world, person, random.Random(number)) for number, person in enumerate(people)))
    async with database.reading() as db:
        booked = (await db.exec(select(Booking.person_id).where(col(Booking.given_up_at).is_(None)))).all()
        waiting = (await db.exec(select(WaitlistEntry.person_id).where(*LIVE_ENTRY))).all()
        confirmed = (await db.exec(select(Registration.person_id).where(col(Registration.cancelled_at).is_(None)))).all()
        pool = (await db.exec(select(CapacityPool).where(CapacityPool.serves == PoolServes.sessions))).one()
        accepted = (await db.exec(select(WaitlistEntry.id).where(col(WaitlistEntry.accepted_at).is_not(None)))).all()
        promoted = (await db.exec(select(Booking.waitlist_entry_id).where(col(Booking.waitlist_entry_id).is_not(None)))).all()
    having = [*booked, *waiting]
    assert len(having) == len(set(having))
    assert set(having) <= set(confirmed)
    assert pool.taken == len(booked) <= pool.capacity
    assert not waiting or len(booked) == pool.capacity
    assert sorted(accepted) == sorted(row for row in promoted if row)
