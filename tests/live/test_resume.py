"""A line that drops and comes back: nothing missed, nothing twice, and never a silent gap."""

import asyncio
import random

import pytest
from sqlmodel import select

from conference.live.floor import LOOK_EVERY
from conference.live.folding import fold
from conference.live.messages import Said, Snapshot
from conference.live.resume import MAX_REPLAY
from conference.live.tables import Stage
from conference.wire.codes import TOO_SLOW
from tests.live.cast import BOTH_WAYS, Ear, World

pytestmark = BOTH_WAYS


async def logged(ear: Ear, count: int) -> list[tuple[int, str]]:
    """The next lines of a log: number and type."""
    lines: list[tuple[int, str]] = []
    while len(lines) < count:
        message = await ear.next()
        if "seq" in message and message["type"] not in ("snapshot", "resumed"):
            lines.append((message["seq"], message["type"]))
    return lines


async def test_a_dropped_line_goes_on_where_it_was_once_and_in_order(world: World) -> None:
    async with world.ear() as ear:
        await ear.opened()
        first = await world.ask_and_approve("One", 1)
        assert await logged(ear, 1) == [(1, "question_approved")]
    await world.ask_and_approve("Two", 2)
    async with world.browser("moderator") as moderator:
        await moderator.post(f"{world.stage()}/questions/{first}/answer", data={"client_id": "x"})
        async with world.ear(after="1") as ear:
            resumed = await ear.until("resumed")
            assert (resumed["after"], resumed["seq"]) == (1, 3)
            assert await logged(ear, 2) == [(2, "question_approved"), (3, "question_answered")]
            assert set((await ear.until("tick"))["votes"].values()) == {0}
            await world.ask_and_approve("Three", 3)
            assert await logged(ear, 1) == [(4, "question_approved")]


async def test_the_totals_that_were_missed_come_with_the_resumption(world: World) -> None:
    question_id = await world.ask_and_approve("One", 1)
    async with world.ear() as ear:
        seq = (await ear.opened())["seq"]
    async with world.browser("voter") as voter:
        await voter.post(f"{world.stage()}/questions/{question_id}/votes", data={"client_id": "v"})
    async with world.ear("voter", after=str(seq)) as ear:
        assert (await ear.until("resumed"))["mine"]["voted"] == [question_id]
        assert (await ear.until("tick"))["votes"] == {question_id: 1}


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        ("-1", "negative"),
        ("-99999999999999999999999999", "negative"),
        ("2", "future"),
        ("999999999999999999", "future"),
        ("", "unknown"),
        ("one", "unknown"),
        ("1.0", "unknown"),
        ("1e0", "unknown"),
        ("٣", "unknown"),
        ("%00", "unknown"),
        ("+1", "unknown"),
        ("9" * 1000, "unknown"),
    ],
)
async def test_a_resume_point_that_can_not_be_gets_an_explicit_fresh_start(world: World, after: str, reason: str) -> None:
    await world.ask_and_approve("One", 1)
    async with world.ear(after=after) as ear:
        assert (await ear.next())["type"] == "welcome"
        assert await ear.next() == {"type": "resync", "reason": reason}
        snapshot = await ear.next()
        assert (snapshot["type"], snapshot["seq"], len(snapshot["questions"])) == ("snapshot", 1, 1)


async def test_a_listener_that_was_away_for_too_long_gets_a_fresh_snapshot(world: World) -> None:
    await world.ask_and_approve("One", 1)
    async with world.house.database.writing() as db:
        stage = (await db.exec(select(Stage))).one()
        stage.public_seq += MAX_REPLAY + 1
    async with world.ear(after="1") as ear:
        assert (await ear.until("resync"))["reason"] == "too_old"
        assert (await ear.next())["type"] == "snapshot"


async def test_many_listeners_that_come_and_go_all_end_with_the_same_history(world: World) -> None:
    chance, rounds = random.Random(7), 6

    async def wander() -> tuple[Snapshot, list[int]]:
        """Keeps one snapshot true by what it hears, through every loss of the line."""
        held: Snapshot | None = None
        heard: list[int] = []
        while held is None or held.seq < 2 * rounds:
            async with world.ear(after=str(held.seq) if held else None) as ear:
                while held is None or held.seq < 2 * rounds:
                    message = await ear.next()
                    if message["type"] == "snapshot":
                        held = Snapshot.model_validate(message)
                    elif message["type"] in ("question_approved", "question_answered"):
                        assert held
                        heard.append(message["seq"])
                        held = fold(held, Said.validate_json(ear.heard[-1]))  # type: ignore[arg-type]
                        if chance.random() < 0.4:
                            break  # the line is lost
        return held, heard

    wanderers = [asyncio.create_task(wander()) for _ in range(8)]
    for number in range(rounds):
        question_id = await world.ask_and_approve(f"Question {number}", number)
        async with world.browser("moderator") as moderator:
            await moderator.post(f"{world.stage()}/questions/{question_id}/answer", data={"client_id": f"done-{number}"})
    ends = await asyncio.gather(*wanderers)
    async with world.ear() as ear:
        fresh = Snapshot.model_validate(await ear.opened())
    assert {end.model_dump_json() for end, _ in ends} == {fresh.model_dump_json()}
    assert all(heard == sorted(set(heard)) for _, heard in ends)


async def test_what_was_recorded_but_never_sent_is_found_in_the_log(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bus loses a message: the database's log is the truth, and the gap heals by itself."""
    async with world.ear() as ear:
        await ear.opened()
        with monkeypatch.context() as broken:
            broken.setattr(world.floor.writer, "publish", lambda *_: None)
            await world.ask_and_approve("Lost on the way", 1)
        await world.ask_and_approve("Sent", 2)
        async with asyncio.timeout(LOOK_EVERY * 2):
            assert await logged(ear, 2) == [(1, "question_approved"), (2, "question_approved")]


async def test_whoever_is_cut_for_being_slow_comes_back_by_its_number(world: World) -> None:
    async with world.ear() as ear:
        await ear.opened()
        await world.ask_and_approve("One", 1)
        assert await logged(ear, 1) == [(1, "question_approved")]
        for each in tuple(world.floor.ears):
            each.end(TOO_SLOW)
        assert await ear.close_code() == TOO_SLOW.code
    async with world.ear(after="1") as ear:
        assert (await ear.until("resumed"))["seq"] == 1


async def test_the_two_logs_number_apart(world: World) -> None:
    async with world.ear() as anybody, world.ear("moderator", log="moderators") as moderator:
        await anybody.opened()
        await moderator.opened()
        await world.ask_and_approve("One", 1)
        assert await logged(moderator, 2) == [(1, "question_asked"), (2, "question_changed")]
        assert await logged(anybody, 1) == [(1, "question_approved")]
