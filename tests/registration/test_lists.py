"""Any order of acts on places, seats, offers and limits: counted right, in order, nobody twice, and everybody is told where they stand."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlmodel import col, select

from conference.errors import Refusal
from conference.mail.tables import QueuedMail
from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.registration.actions import cancel_registration, register_person
from conference.registration.places import decline_offered_place, leave_place_list, take_offered_place
from conference.registration.pooling import PoolPlan, change_pool, delete_pool, end_held_back, hold_back, make_pool
from conference.registration.queries import standing_of
from conference.registration.seats import book_seat, decline_offered_seat, give_up_seat, take_offered_seat
from conference.registration.tables import (
    Booking,
    CapacityPool,
    HeldBack,
    PoolAct,
    PoolLine,
    PoolServes,
    Registration,
    WaitlistEntry,
)
from conference.registration.turns import settle_pool
from conference.registration.waiting import IN_LINE, LIVE_ENTRY, due_pools
from conference.storage.database import Database, Db
from tests.blank import make_blank
from tests.world import BEFORE, World, build_world, delegate

PEOPLE = 5
REAL = datetime(2026, 1, 5, 12, tzinfo=UTC)
START = BEFORE - timedelta(days=9)
PHASES = [Phase.generate]  # what fails is read from the log, not shrunk
SERVED = (PoolAct.promoted, PoolAct.offered)
who = st.integers(0, PEOPLE - 1)
which = st.sampled_from(["talk", "workshop"])
Act = Callable[[Db], Awaitable[Any]]


class Lists(RuleBasedStateMachine):
    """An event with three places and two sessions that share a seat, all taken; one transaction for each run, a savepoint for each act."""

    database: ClassVar[Database]
    loop: ClassVar[asyncio.AbstractEventLoop]

    @initialize(offers=st.sampled_from([None, 30]))
    def open(self, offers: int | None) -> None:
        self.stack, self.now, self.codes = AsyncExitStack(), START, [""]
        self.told, self.lazy = 0, False
        self._run(self._open(offers))

    async def _open(self, offers: int | None) -> None:
        self.db = await self.stack.enter_async_context(_undone(self.database))
        self.world: World = await build_world(self.db, seats=1)
        self.people = [(await delegate(self.db, self.world, f"Delegate {number}", registered=False)).id for number in range(PEOPLE)]
        self.sessions = {"talk": self.world.talk.id, "workshop": self.world.workshop.id}
        await self._make(PoolServes.event, 3, offers)
        await self._make(PoolServes.sessions, 1, offers)
        for person in self.people:
            await register_person(self.db, await self._event(), await self.db.get_one(Person, person), self.now, REAL)
        for person in self.people[:3]:
            await self._book(person, self.world.workshop)

    async def _book(self, person: UUID, session: Session) -> None:
        await book_seat(self.db, await self._event(), session, await self.db.get_one(Person, person), self.now, REAL)

    async def _make(self, serves: PoolServes, places: int, offers: int | None) -> None:
        sessions = list(self.sessions.values()) if serves == PoolServes.sessions else []
        plan = PoolPlan("", places, True, offers)
        await make_pool(self.db, await self._event(), serves, plan, self.now, REAL, sessions=sessions)

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self._run(self.stack.aclose())

    @rule(person=who)
    def register(self, person: int) -> None:
        self._act(lambda db, event, somebody: register_person(db, event, somebody, self.now, REAL), person)

    @rule(person=who, code=st.integers(0, 3))
    def register_with_a_code(self, person: int, code: int) -> None:
        typed = self.codes[code % len(self.codes)]
        self._act(lambda db, event, somebody: register_person(db, event, somebody, self.now, REAL, code=typed), person)

    @rule(person=who)
    def cancel(self, person: int) -> None:
        self._act(lambda db, event, somebody: cancel_registration(db, event, somebody, self.now, REAL), person)

    @rule(person=who, session=which, code=st.integers(0, 3))
    def book(self, person: int, session: str, code: int) -> None:
        typed = self.codes[code % len(self.codes)]
        self._seat(lambda *given: book_seat(*given, code=typed), person, session)

    @rule(person=who, session=which)
    def give_up(self, person: int, session: str) -> None:
        self._seat(give_up_seat, person, session)

    @rule(person=who, session=which)
    def take_the_seat(self, person: int, session: str) -> None:
        self._seat(take_offered_seat, person, session)

    @rule(person=who, session=which)
    def decline_the_seat(self, person: int, session: str) -> None:
        self._seat(decline_offered_seat, person, session)

    @rule(person=who, what=st.sampled_from([take_offered_place, decline_offered_place, leave_place_list]))
    def answer_about_a_place(self, person: int, what: Callable[..., Any]) -> None:
        self._act(lambda db, event, somebody: what(db, event, somebody, self.now, REAL), person)

    @rule(pool=st.integers(0, 1), places=st.integers(0, 5), offers=st.sampled_from([None, 30, 90]))
    def change_the_limit(self, pool: int, places: int, offers: int | None) -> None:
        plan = PoolPlan("", places, True, offers)
        self._pool(lambda event, pool_id: change_pool(self.db, event, pool_id, plan, self.now, REAL), pool)

    @rule(pool=st.integers(0, 1), places=st.integers(1, 2), minutes=st.sampled_from([None, 45]))
    def keep_some_back(self, pool: int, places: int, minutes: int | None) -> None:
        async def keep(event: Event, pool_id: UUID) -> None:
            ends_at = self.now + timedelta(minutes=minutes) if minutes else None
            held = await hold_back(self.db, event, pool_id, "speakers", places, self.now, REAL, ends_at=ends_at, with_code=True)
            self.codes.append(held[1])

        self._pool(keep, pool)

    @rule()
    def keep_them_back_no_more(self) -> None:
        async def end(db: Db, event: Event, _: Person) -> None:
            for held in (await db.exec(select(HeldBack).where(col(HeldBack.closed_at).is_(None)))).all():
                await end_held_back(db, event, held.pool_id, held.id, self.now, REAL)

        self._act(end, 0)

    @rule(pool=st.integers(0, 1), places=st.integers(1, 3))
    def delete_the_limit_and_set_it_again(self, pool: int, places: int) -> None:
        self._pool(lambda event, pool_id: delete_pool(self.db, event, pool_id, self.now, REAL), pool)
        serves = list(PoolServes)[0 if pool == 0 else 2]
        self._act(lambda *_: self._make(serves, places, None), 0)

    @rule(minutes=st.sampled_from([10, 30, 60]), worker=st.booleans())
    def time_goes_by(self, minutes: int, worker: bool) -> None:
        self.now += timedelta(minutes=minutes)

        async def settle(db: Db, *_: Any) -> None:
            for event_id, pool_id in await due_pools(db, self.now, REAL) if worker else ():
                await settle_pool(db, event_id, pool_id, self.now, REAL)

        self._act(settle, 0)
        self.lazy = not worker  # what is due now waits for the worker, or for somebody who comes by

    @invariant()
    def all_is_well(self) -> None:
        if hasattr(self, "stack"):
            self._run(self._check())

    async def _check(self) -> None:
        pools = (await self.db.exec(select(CapacityPool))).all()
        live = (await self.db.exec(select(WaitlistEntry).where(*LIVE_ENTRY))).all()
        for pool in pools:
            await self._check_counts(pool, [entry for entry in live if entry.pool_id == pool.id and entry.offered_at])
        assert self.lazy or not await due_pools(self.db, self.now, REAL)
        await self._check_where_each_stands(live)
        await self._check_nobody_was_served_twice()

    async def _check_counts(self, pool: CapacityPool, offers: Collection[WaitlistEntry]) -> None:
        seats = select(Booking.id).where(Booking.pool_id == pool.id, col(Booking.given_up_at).is_(None))
        places = select(Registration.id).where(Registration.pool_id == pool.id, col(Registration.cancelled_at).is_(None))
        rows = len((await self.db.exec(seats)).all()) + len((await self.db.exec(places)).all()) + len(offers)
        kept = select(HeldBack).where(HeldBack.pool_id == pool.id, col(HeldBack.closed_at).is_(None))
        held = sum(one.places - one.used for one in (await self.db.exec(kept)).all())
        assert (pool.taken, pool.held) == (rows, held)
        assert pool.taken + pool.held <= pool.capacity or pool.deleted_at

    async def _check_where_each_stands(self, live: Collection[WaitlistEntry]) -> None:
        for person in self.people:
            standing = await standing_of(self.db, person, self.world.event.id)
            mine = {entry.session_id: entry for entry in live if entry.person_id == person}
            expected = {session: self._ahead(entry, live) for session, entry in mine.items()}
            told: dict[UUID | None, int] = {session: ahead for session, ahead in standing.ahead.items()}  # noqa: C416
            if standing.place_turn:
                told[None] = standing.place_turn.ahead
            assert told == expected
            assert not (standing.booked & standing.ahead.keys())

    def _ahead(self, entry: WaitlistEntry, live: Collection[WaitlistEntry]) -> int:
        if entry.offered_at:
            return 0
        return len([other for other in live if other.pool_id == entry.pool_id and not other.offered_at and other.turn < entry.turn])

    async def _check_nobody_was_served_twice(self) -> None:
        lines = (await self.db.exec(select(PoolLine))).all()
        got = [(line.pool_id, line.turn) for line in lines if line.act in (PoolAct.promoted, PoolAct.accepted)]
        assert len(got) == len(set(got))
        offered = [line for line in lines if line.act == PoolAct.offered]
        mails = [mail.template for mail in (await self.db.exec(select(QueuedMail))).all()]
        assert mails.count("turn_offered") == len(offered)
        promoted = [line for line in lines if line.act == PoolAct.promoted]
        assert mails.count("seat_promoted") + mails.count("place_promoted") == len(promoted)

    def _seat(self, what: Callable[..., Any], person: int, session: str) -> None:
        async def act(db: Db, event: Event, somebody: Person) -> None:
            await what(db, event, await db.get_one(Session, self.sessions[session]), somebody, self.now, REAL)

        self._act(act, person)

    def _pool(self, what: Callable[[Event, UUID], Awaitable[Any]], number: int) -> None:
        async def act(db: Db, event: Event, _: Person) -> None:
            serves = PoolServes.event if number == 0 else PoolServes.sessions
            live = select(CapacityPool.id).where(CapacityPool.serves == serves, col(CapacityPool.deleted_at).is_(None))
            if pool_id := (await db.exec(live)).first():
                await what(event, pool_id)

        self._act(act, number)

    def _act(self, what: Callable[..., Awaitable[Any]], person: int) -> None:
        async def act() -> None:
            waited = await self._in_line()
            try:
                async with self.db.begin_nested():
                    await what(self.db, await self._event(), await self.db.get_one(Person, self.people[person]))
            except Refusal:
                return
            await self._check_order(waited)

        self._run(act())

    async def _check_order(self, waited: dict[UUID, set[int]]) -> None:
        """Whoever was served now had nobody before them who is left waiting."""
        lines = (await self.db.exec(select(PoolLine).order_by(col(PoolLine.id)))).all()
        served = [line for line in lines[self.told :] if line.act in SERVED]
        self.told = len(lines)
        still = await self._in_line()
        for line in served:
            assert not {turn for turn in still.get(line.pool_id, set()) if turn < (line.turn or 0)}

    async def _in_line(self) -> dict[UUID, set[int]]:
        found: dict[UUID, set[int]] = {}
        for entry in (await self.db.exec(select(WaitlistEntry).where(*IN_LINE))).all():
            found.setdefault(entry.pool_id, set()).add(entry.turn)
        return found

    async def _event(self) -> Event:
        return await self.db.get_one(Event, self.world.event.id)

    def _run(self, what: Coroutine[Any, Any, Any]) -> None:
        self.loop.run_until_complete(what)


class _undone:  # noqa: N801
    """One transaction of the database that nobody keeps."""

    def __init__(self, database: Database) -> None:
        self.stack = AsyncExitStack()
        self.database = database

    async def __aenter__(self) -> Db:
        self.db = Db(self.database.writer, expire_on_commit=False)
        await self.db.begin()
        return self.db

    async def __aexit__(self, *_: object) -> None:
        await self.db.rollback()
        await self.db.close()


def run_lists(examples: int, steps: int) -> None:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'conference.db'}"
        make_blank(url)
        Lists.loop, Lists.database = asyncio.new_event_loop(), Database(url)
        quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much]
        how = settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=quiet, phases=[Phase.generate]
        )
        try:
            run_state_machine_as_test(Lists, settings=how)
        finally:
            Lists.loop.run_until_complete(Lists.database.close())
            Lists.loop.close()


def test_lists_are_kept_right_whatever_people_do() -> None:
    run_lists(8, 25)


@pytest.mark.soak
def test_lists_are_kept_right_for_a_long_time() -> None:
    run_lists(400, 60)
