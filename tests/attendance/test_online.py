"""Time on stages: two tabs and two processes count once, nothing is lost while the database is away."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select, update

from conference.attendance.noting import note_meeting
from conference.attendance.showing import people_in, whole_of
from conference.attendance.tables import StageTime
from conference.clock import Clock
from conference.live.attending import Attending
from conference.people.actions import know_person
from conference.people.tables import Person
from conference.programme.queries import session_at
from conference.registration.seats import book_seat
from conference.storage.database import Database
from tests.world import BEFORE, TEN_IN_LONDON, World, build_world, delegate


class Hand(Clock):
    """A clock that is moved by hand."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at

    def real_now(self) -> datetime:
        return self.at

    def go_on(self, **span: float) -> None:
        self.at += timedelta(**span)


async def seconds(database: Database) -> dict[UUID, int]:
    async with database.reading() as db:
        return dict((await db.exec(select(StageTime.person_id, StageTime.seconds))).all())


async def people_of(database: Database, *names: str) -> tuple[World, list[Person]]:
    async with database.writing() as db:
        world = await build_world(db)
        return world, [await delegate(db, world, name) for name in names]


async def test_two_tabs_count_once_and_only_while_the_session_runs(sqlite: Database) -> None:
    world, (nairobi, kerala) = await people_of(sqlite, "In Nairobi", "In Kerala")
    clock = Hand(TEN_IN_LONDON - timedelta(minutes=8))
    attending, stage = Attending(sqlite, clock), world.talk.id
    attending.enter(stage, nairobi.id)
    attending.enter(stage, None)  # a guest
    clock.go_on(minutes=10)  # two of them count
    attending.enter(stage, nairobi.id)
    attending.enter(stage, kerala.id)
    await attending.write_down()
    clock.go_on(minutes=5)
    attending.leave(stage, nairobi.id)
    clock.go_on(minutes=1)
    attending.leave(stage, nairobi.id)
    attending.leave(stage, None)
    clock.go_on(minutes=90)  # the session ended after an hour
    await attending.write_down()
    assert await seconds(sqlite) == {nairobi.id: 8 * 60, kerala.id: 58 * 60}


async def test_two_processes_and_a_rehearsals_clock_count_each_second_once(database: Database) -> None:
    world, (nairobi,) = await people_of(database, "In Nairobi")
    real = datetime(2026, 5, 1, tzinfo=UTC)
    clock = Hand(real)
    clock.offset = TEN_IN_LONDON - real
    one, other = Attending(database, clock), Attending(database, clock)
    one.enter(world.talk.id, nairobi.id)
    clock.go_on(seconds=30)
    other.enter(world.talk.id, nairobi.id)
    clock.go_on(seconds=30)
    await other.write_down()
    await one.write_down()
    clock.go_on(seconds=60)
    await one.write_down()
    await other.write_down()
    assert await seconds(database) == {nairobi.id: 120}


async def test_what_can_not_be_written_down_is_kept_for_the_next_time(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    world, (nairobi,) = await people_of(sqlite, "In Nairobi")
    clock = Hand(TEN_IN_LONDON)
    attending = Attending(sqlite, clock)
    attending.enter(world.talk.id, nairobi.id)
    clock.go_on(minutes=3)
    with monkeypatch.context() as away:
        away.setattr(attending, "database", Database("sqlite:////nowhere/at/all.db"))
        with pytest.raises(Exception, match="unable to open"):
            await attending.write_down()
    clock.go_on(minutes=1)
    await attending.write_down()
    assert await seconds(sqlite) == {nairobi.id: 240}


async def test_robots_leave_no_trace(sqlite: Database) -> None:
    world, _ = await people_of(sqlite)
    async with sqlite.writing() as db:
        robot = await know_person(db, "robot@robots.example", "Robot 1", BEFORE)
        await db.exec(update(Person).where(col(Person.id) == robot.id).values(robot_of=world.event.id))
    clock = Hand(TEN_IN_LONDON)
    attending = Attending(sqlite, clock)
    attending.enter(world.talk.id, robot.id)
    clock.go_on(minutes=3)
    await attending.write_down()
    assert await seconds(sqlite) == {}


async def test_who_had_a_seat_and_never_came_is_told_after_the_end_and_the_meetings_door_counts(sqlite: Database) -> None:
    world, (nairobi, kerala, oslo) = await people_of(sqlite, "In Nairobi", "In Kerala", "In Oslo")
    event, workshop = world.event, world.workshop
    async with sqlite.writing() as db:
        for person in (nairobi, kerala):
            await book_seat(db, event, workshop, await db.get_one(Person, person.id), BEFORE, BEFORE)
        await note_meeting(db, workshop.id, nairobi.id, workshop.starts_at)
        await note_meeting(db, workshop.id, nairobi.id, workshop.ends_at)
    clock = Hand(TEN_IN_LONDON)
    attending = Attending(sqlite, clock)
    attending.enter(world.talk.id, oslo.id)
    clock.go_on(minutes=9)  # one too few
    await attending.write_down()
    async with sqlite.reading() as db:
        there = await people_in(db, await session_at(db, event.slug, workshop.slug))
        before = await whole_of(db, event, workshop.ends_at - timedelta(seconds=1))
        after = await whole_of(db, event, event.ends_at)
    assert {row.person.name: (row.booked, row.attended, row.entered) for row in there} == {
        "In Nairobi": (True, True, "11:00"),
        "In Kerala": (True, False, ""),
    }
    assert [(row.slug, row.seats, row.there, row.missed) for row in before.sessions] == [
        ("opening-keynote", None, 0, None),
        ("hands-on-workshop", 2, 1, None),
    ]
    assert after.sessions[1].missed == 1
    assert (before.missing, [row.person.name for row in after.missing]) == ((), ["In Kerala", "In Oslo"])
