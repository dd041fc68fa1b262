"""Robots come, ask, vote and moderate among people; removed, they leave everything that people see as it was."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel, col, select

from conference.errors import Refusal
from conference.live.actions import perform
from conference.live.commands import Approve, Ask, Dismiss, MarkAnswered, Upvote
from conference.live.queries import cut_of, questions_of_session
from conference.live.robots import Removed, make_robots, remove_robots, robot_counts
from conference.live.tables import Log, Question, Stage, StageCommand, StageEvent, Vote
from conference.live.views import snapshot
from conference.people.access import signed_in_person
from conference.people.queries import people_with_role, person_by_email
from conference.people.roles import roles_at
from conference.people.tables import Person, RoleKind, SignIn
from conference.record.tables import AuditEntry
from conference.registration.queries import place_counts, pool_of_event
from conference.storage.database import Database, Db
from tests.world import BEFORE, World, build_world, delegate, with_role

REAL = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class House:
    """A stage on which two people asked; Ann's question is shown, and Ben voted for it."""

    database: Database
    world: World
    people: dict[str, Person]

    async def act(self, person: Person, command: Any) -> Any:
        async with self.database.writing() as db:
            return (await perform(db, self.world.talk.id, person, command, BEFORE, REAL)).answer.subject_id

    async def robots(self, count: int) -> list[Person]:
        async with self.database.writing() as db:
            return [robot for robot, _ in await make_robots(db, self.world.event, count, BEFORE, REAL)]

    async def remove(self) -> Removed:
        async with self.database.writing() as db:
            return await remove_robots(db, self.world.event.id, REAL)

    async def seen(self) -> dict[str, Any]:
        """What each person, the public and the organisers see; logs' numbers and audit lines apart."""
        async with self.database.reading() as db:
            stages = {name: await self._stage(db, person) for name, person in {**self.people, "nobody": None}.items()}
            return {
                "stages": stages,
                "session's page": await questions_of_session(db, self.world.talk.id),
                "roles": [(role.kind, person.name) for role, person in await roles_at(db, self.world.event.id)],
                "places": (await place_counts(db, self.world.event.id), await pool_of_event(db, self.world.event.id)),
                "robots": await robot_counts(db, [self.world.event.id]),
                "people": sorted((await db.exec(select(Person.name))).all()),
                "signed in": len((await db.exec(select(SignIn.id))).all()),
                "remembered": sorted((await db.exec(select(StageCommand.client_id))).all()),
            }

    async def _stage(self, db: Db, person: Person | None) -> list[Any]:
        cut = await cut_of(db, self.world.talk.id, person.id if person else None)
        return [snapshot(cut.state, log, 0, person.id if person else None) for log in Log]


@pytest.fixture
async def house(database: Database) -> House:
    return await furnish(database)


async def furnish(database: Database) -> House:
    async with database.writing() as db:
        world = await build_world(db)
        people = {name: await delegate(db, world, name) for name in ("Ann", "Ben")}
        people["Moderator"] = await with_role(db, world, "Moderator", RoleKind.moderator)
    made = House(database, world, people)
    asked = await made.act(people["Ann"], Ask(client_id="a", text="Who pays?", anonymous=True))
    await made.act(people["Moderator"], Approve(client_id="a", question_id=asked))
    await made.act(people["Ben"], Upvote(client_id="a", question_id=asked))
    await made.act(people["Ben"], Ask(client_id="b", text="Who waits?"))
    return made


async def test_robots_and_what_they_did_go_without_a_trace_for_people(house: House) -> None:
    before, people = await house.seen(), house.people
    moderator, *robots = await house.robots(5)
    shown = next(each.id for each in before["session's page"])
    theirs = [await house.act(robot, Ask(client_id="q", text="Rehearsal question")) for robot in robots[:2]]
    await house.act(moderator, Approve(client_id="p", question_id=theirs[0]))
    for robot in robots:
        await house.act(robot, Upvote(client_id="v", question_id=shown))
    await house.act(robots[2], Upvote(client_id="w", question_id=theirs[0]))
    await house.act(people["Ann"], Upvote(client_id="v", question_id=theirs[0]))
    await house.act(people["Moderator"], Dismiss(client_id="d", question_id=theirs[1], reason="A robot."))
    await house.act(moderator, MarkAnswered(client_id="m", question_id=theirs[0]))
    assert (await house.seen()) != before
    assert await house.remove() == Removed(robots=5, questions=2, votes=4 + 2)
    assert await house.seen() == before
    assert await house.database.is_sound()


async def test_a_stage_that_robots_used_has_its_logs_cut_off_and_its_totals_told_anew(house: House) -> None:
    _, robot = await house.robots(2)
    asked = await house.act(robot, Ask(client_id="q", text="Rehearsal question"))
    before = await heads(house)
    await house.remove()
    async with house.database.reading() as db:
        assert (await db.exec(select(StageEvent))).all() == []
        assert (await db.exec(select(Question.text).where(Question.id == asked))).all() == []
    assert await heads(house) == (before[0] + 1, before[1] + 1, before[2])


async def test_a_stage_on_which_robots_only_voted_keeps_its_logs(house: House) -> None:
    shown = next(each.id for each in (await house.seen())["session's page"])
    _, robot = await house.robots(2)
    await house.act(robot, Upvote(client_id="q", question_id=shown))
    before = await heads(house)
    assert await house.remove() == Removed(robots=2, questions=0, votes=1)
    assert await heads(house) == (before[0], before[1], before[2] + 1)
    async with house.database.reading() as db:
        assert len((await db.exec(select(StageEvent))).all()) == before[0] + before[1]


async def test_coming_again_takes_the_same_robots_and_adds_what_is_missing(house: House) -> None:
    first = await house.robots(3)
    async with house.database.writing() as db:
        again = await make_robots(db, house.world.event, 5, BEFORE, REAL)
    assert [robot.id for robot, _ in again][:3] == [robot.id for robot in first]
    assert [robot.name for robot, _ in again] == [f"Robot {number} (rehearsal)" for number in range(5)]
    assert [robot.email for robot, _ in again][1] == "robot-1@wi-test.rehearsal.invalid"
    async with house.database.reading() as db:
        signed_in = [await signed_in_person(db, token, REAL) for _, token in again]
        moderators = await people_with_role(db, house.world.event.id, RoleKind.moderator)
    assert [found[1].id for found in signed_in if found] == [robot.id for robot, _ in again]
    assert sorted(person.name for person in moderators) == ["Moderator", "Robot 0 (rehearsal)"]


async def test_nobody_becomes_a_robot_by_typing_its_address(house: House) -> None:
    async with house.database.writing() as db:
        person = await delegate(db, house.world, "Squatter")
        person.email = person.email_key = "robot-1@wi-test.rehearsal.invalid"
    robots = await house.robots(2)
    async with house.database.reading() as db:
        assert await person_by_email(db, robots[0].email) is None
        found = await person_by_email(db, robots[1].email)
    assert found == person
    await house.remove()
    async with house.database.reading() as db:
        assert await person_by_email(db, robots[1].email) == person


async def test_removing_says_who_did_it_and_how_much(house: House) -> None:
    await house.robots(3)
    organiser = house.people["Moderator"].id
    async with house.database.writing() as db:
        await remove_robots(db, house.world.event.id, REAL, by=organiser)
    async with house.database.reading() as db:
        noted = (await db.exec(select(AuditEntry).where(col(AuditEntry.act).like("robots %")).order_by(col(AuditEntry.id)))).all()
    assert [(line.act, line.person_id, line.details) for line in noted] == [
        ("robots made", None, {"robots": 3}),
        ("robots removed", organiser, {"robots": 3, "questions": 0, "votes": 0}),
    ]


async def test_two_thousand_robots_are_made_and_removed_in_seconds(sqlite: Database) -> None:
    house = await furnish(sqlite)
    began = time.monotonic()
    assert len(await house.robots(2001)) == 2001
    assert (await house.remove()).robots == 2001
    assert time.monotonic() - began < 10


VERBS = st.sampled_from(["ask", "ask", "approve", "approve", "upvote", "upvote", "answer"])
MOVES = st.lists(st.tuples(VERBS, st.integers(0, 5), st.integers(0, 9)), max_size=25)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
async def test_whatever_robots_and_people_did_only_what_people_did_alone_stays(sqlite: Database, moves: list[tuple[str, int, int]]) -> None:
    async with sqlite.writing() as db:
        for table in reversed(SQLModel.metadata.sorted_tables):
            await db.exec(table.delete())
    house = await furnish(sqlite)
    robots = await house.robots(3)
    cast = [*house.people.values(), *robots]
    for number, (verb, who, which) in enumerate(moves):
        async with sqlite.reading() as db:
            known = (await db.exec(select(Question.id).order_by(col(Question.id)))).all()
        given = {"client_id": f"m{number}", "question_id": known[which % len(known)]}
        kinds: dict[str, Any] = {"approve": Approve, "upvote": Upvote, "answer": MarkAnswered}
        command = Ask(client_id=f"m{number}", text=f"Question {number}") if verb == "ask" else kinds[verb](**given)
        try:
            await house.act(cast[who], command)
        except Refusal:
            continue
    expected = await without_robots(sqlite, {robot.id for robot in robots})
    await house.remove()
    assert await without_robots(sqlite, set()) == expected
    assert await sqlite.is_sound()


async def without_robots(database: Database, robots: set[Any]) -> dict[str, Any]:
    """Questions and votes of people on people's questions, with the totals that those votes make."""
    async with database.reading() as db:
        questions = {each.id: each for each in await db.exec(select(Question)) if each.person_id not in robots}
        votes = {(each.question_id, each.person_id) for each in await db.exec(select(Vote))}
    kept = {vote for vote in votes if vote[0] in questions and vote[1] not in robots}
    facts = {key: each.model_dump(exclude={"votes"}) for key, each in questions.items()}
    totals = {key: sum(vote[0] == key for vote in kept) for key in questions}
    if not robots:
        assert totals == {key: each.votes for key, each in questions.items()}
    return {"questions": facts, "votes": kept, "totals": totals}


async def heads(house: House) -> tuple[int, int, int]:
    async with house.database.reading() as db:
        stage = (await db.exec(select(Stage))).one()
    return stage.public_seq, stage.moderators_seq, stage.votes_seq
