"""Robots are removed while people listen: nobody keeps their questions on the screen, and nobody resumes into a hole."""

from typing import Any

from conference.live.commands import Approve, Ask, Upvote
from conference.live.robots import make_robots, remove_robots
from conference.people.access import signed_in_person
from conference.web.request import Visitor
from conference.wire.codes import HOLE
from tests.live.cast import World


async def rehearse(world: World) -> str:
    """A robot asks, another votes for a person's question; the id of that question."""
    clock, floor, session = world.house.clock, world.floor, world.cast.session
    asked = await world.ask_and_approve("Asked by a person", 1)
    async with world.house.database.writing() as db:
        robots = await make_robots(db, world.cast.event, 3, clock.now(), clock.real_now())
    visitors = [await visitor(world, token) for _, token in robots]
    question = await floor.carry_out(session.id, visitors[1], Ask(client_id="a", text="Asked by a robot"))
    await floor.carry_out(session.id, visitors[0], Approve(client_id="b", question_id=question.subject_id))
    await floor.carry_out(session.id, visitors[2], Upvote.model_validate({"client_id": "c", "question_id": asked}))
    return asked


async def visitor(world: World, token: str) -> Visitor:
    """Whoever holds this token, as a request knows them."""
    async with world.house.database.reading() as db:
        found = await signed_in_person(db, token, world.house.clock.real_now())
    assert found
    return Visitor(found[1].id, found[0].id)


async def test_whoever_listens_gets_a_fresh_start_without_them(world: World) -> None:
    async with world.ear() as ear:
        await ear.opened()
        asked = await rehearse(world)
        heard = [(await ear.until("question_approved"))["question"]["text"] for _ in range(2)]
        assert heard == ["Asked by a person", "Asked by a robot"]
        while (await ear.until("tick"))["votes"].get(asked) != 1:
            pass
        async with world.house.database.writing() as db:
            removed = await remove_robots(db, world.cast.event.id, world.house.clock.real_now())
        assert (removed.robots, removed.questions, removed.votes) == (3, 1, 1)
        assert await ear.close_code() == HOLE.code
    async with world.ear(after="2") as again, world.ear() as newcomer:
        assert (await again.until("resync"))["reason"] == "too_old"
        fresh: list[dict[str, Any]] = [await again.opened(), await newcomer.opened()]
    assert fresh[0] == fresh[1]
    assert [(question["text"], question["votes"]) for question in fresh[0]["questions"]] == [("Asked by a person", 0)]


async def test_the_line_goes_on_after_the_hole(world: World) -> None:
    await rehearse(world)
    async with world.house.database.writing() as db:
        await remove_robots(db, world.cast.event.id, world.house.clock.real_now())
    async with world.ear() as ear:
        seq = (await ear.opened())["seq"]
        await world.ask_and_approve("Asked afterwards", 2)
        assert (await ear.until("question_approved"))["seq"] == seq + 1


async def test_robots_that_only_voted_leave_the_right_totals_on_the_screens(world: World) -> None:
    clock = world.house.clock
    asked = await world.ask_and_approve("Asked by a person", 1)
    async with world.house.database.writing() as db:
        robots = await make_robots(db, world.cast.event, 2, clock.now(), clock.real_now())
    voter = await visitor(world, robots[1][1])
    async with world.ear() as ear:
        await ear.opened()
        await world.floor.carry_out(world.cast.session.id, voter, Upvote.model_validate({"client_id": "c", "question_id": asked}))
        while (await ear.until("tick"))["votes"].get(asked) != 1:
            pass
        async with world.house.database.writing() as db:
            await remove_robots(db, world.cast.event.id, clock.real_now())
        while (await ear.until("tick"))["votes"].get(asked) != 0:
            pass
