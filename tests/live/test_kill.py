"""kill -9 in the middle of asking and voting: what was acknowledged is there once, and sending again does nothing twice."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from sqlmodel import col, select

from conference.clock import Clock
from conference.live.queries import cut_of
from conference.live.stage import QuestionFacts
from conference.live.tables import Log, StageEvent, Vote
from conference.storage.database import Database
from conference.storage.migrate import migrate
from tests.live.cast import Cast, eventually, make_cast
from tests.servers import Process

CROWD = [f"delegate-{number}" for number in range(12)]
EACH = 4  # questions of one person
ASKED = {f"{name} asks {number}" for name in CROWD for number in range(EACH)}
ROUNDS = [pytest.param(number, marks=[pytest.mark.soak] if number >= 2 else []) for number in range(20)]


@asynccontextmanager
async def browser(process: Process, cast: Cast, name: str) -> AsyncIterator[httpx2.AsyncClient]:
    given = {"cookies": {"sign_in": cast.tokens[name]}, "headers": {"Origin": process.address}}
    async with httpx2.AsyncClient(base_url=process.address, trust_env=False, **given) as made:  # type: ignore[arg-type]
        yield made


async def take_part(process: Process, cast: Cast, name: str, question: str, acknowledged: set[str]) -> None:
    """Ask and vote, each act under its own id; what was acknowledged is noted. Ends when the server is gone."""
    stage = f"/events/{cast.event.slug}/sessions/{cast.session.slug}/stage"
    acts = [(f"{stage}/questions", f"{name} asks {number}") for number in range(EACH)]
    acts.append((f"{stage}/questions/{question}/votes", f"{name} votes"))
    try:
        async with browser(process, cast, name) as mine:
            for path, words in acts:
                answer = await mine.post(path, data={"text": words, "client_id": words.replace(" ", "-")})
                assert answer.status_code == 303, answer.text
                acknowledged.add(words)
    except httpx2.TransportError:
        pass  # killed


async def first_question(process: Process, cast: Cast, database: Database) -> str:
    stage = f"/events/{cast.event.slug}/sessions/{cast.session.slug}/stage"
    async with browser(process, cast, "asker") as asker, browser(process, cast, "moderator") as moderator:
        await asker.post(stage + "/questions", data={"text": "The first", "client_id": "first"})
        question = (await questions(database, cast))[0].id
        approved = await moderator.post(f"{stage}/questions/{question}/approval", data={"client_id": "approve"})
        assert approved.status_code == 303
    return str(question)


async def questions(database: Database, cast: Cast) -> list[QuestionFacts]:
    async with database.reading() as db:
        return list((await cut_of(db, cast.session.id, None)).state.questions.values())


@pytest.mark.parametrize("seed", ROUNDS)
async def test_what_was_acknowledged_survives_a_kill_and_is_there_once(tmp_path: Path, seed: int) -> None:
    url = f"sqlite:///{tmp_path / 'conference.db'}"
    migrate(url)
    database, process = Database(url), Process(tmp_path, "serve")
    cast = await make_cast(database, Clock().real_now(), CROWD)
    await asyncio.to_thread(process.start)
    try:
        question = await first_question(process, cast, database)
        before: set[str] = set()
        crowd = [asyncio.create_task(take_part(process, cast, name, question, before)) for name in CROWD]
        enough = random.Random(seed).randint(5, 40)
        await eventually(lambda: len(before) >= enough)
        process.kill()
        await asyncio.gather(*crowd)
        everything = ASKED | {f"{name} votes" for name in CROWD}
        assert before < everything, "the kill came too late to prove anything"

        await asyncio.to_thread(process.start)
        kept = {each.text for each in await questions(database, cast)}
        assert {words for words in before if "asks" in words} - kept == set()
        again: set[str] = set()
        await asyncio.gather(*(take_part(process, cast, name, question, again) for name in CROWD))
        assert again == everything
        await assert_once(database, cast, question)
    finally:
        process.stop()
        await database.close()


async def assert_once(database: Database, cast: Cast, question: str) -> None:
    asked = await questions(database, cast)
    assert sorted(each.text for each in asked) == sorted({"The first", *ASKED})
    assert [each.votes for each in asked if str(each.id) == question] == [len(CROWD)]
    async with database.reading() as db:
        voters = (await db.exec(select(Vote.person_id))).all()
        lines = select(StageEvent.seq).where(StageEvent.log == Log.moderators).order_by(col(StageEvent.seq))
        assert (await db.exec(lines)).all() == list(range(1, len(asked) + 2))  # each asked, one approved
    assert len(set(voters)) == len(voters) == len(CROWD)
