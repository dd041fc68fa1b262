"""Answers that are kept: as many as fit, one question for all who wait, and a log that names routes."""

import asyncio
import logging
from collections.abc import Hashable
from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import AsyncClient

from conference.clock import Clock
from conference.storage.database import Database, Db
from conference.web.kept import Kept, KeptAnswers, Showing, Watch

NOW = datetime.now(UTC)


async def always(db: Db) -> Hashable:
    return 1


def kept(body: bytes) -> Kept:
    shows = Showing("thing", 1, always, NOW)
    start = {"type": "http.response.start", "status": 200, "headers": []}
    return Kept(shows, None, NOW + timedelta(hours=1), None, 'W/"a"', start, {"type": "http.response.body", "body": body}, start)


async def test_the_shelf_holds_what_was_asked_for_last_as_much_as_fits(sqlite: Database) -> None:
    shelf = KeptAnswers(Clock(), Watch(sqlite), most_bytes=250)
    for name in ("a", "b"):
        shelf.put(name, kept(b"x" * 100))
    assert await shelf.find("a")
    shelf.put("c", kept(b"x" * 100))
    assert [name for name in ("a", "b", "c") if await shelf.find(name)] == ["a", "c"]
    shelf.put("d", kept(b"x" * 300))  # more than there is room for
    assert [name for name in ("a", "b", "c", "d") if await shelf.find(name)] == []


async def test_small_answers_are_counted_too_so_that_odd_questions_fill_no_memory(sqlite: Database) -> None:
    shelf = KeptAnswers(Clock(), Watch(sqlite), most_answers=2)
    for name in ("a", "b", "c"):
        shelf.put(name, kept(b""))
    assert [name for name in ("a", "b", "c") if await shelf.find(name)] == ["b", "c"]


async def test_a_thousand_who_ask_at_once_are_one_question(sqlite: Database) -> None:
    watch, asked = Watch(sqlite), 0

    async def read(db: Db) -> Hashable:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.01)
        return asked

    assert set(await asyncio.gather(*(watch.state_of("thing", read) for _ in range(1000)))) == {1}
    async with sqlite.writing():
        pass
    assert (await watch.state_of("thing", read), await watch.state_of("thing", read), asked) == (2, 2, 2)


async def test_whoever_asks_after_a_commit_does_not_wait_for_what_was_read_before_it(sqlite: Database) -> None:
    watch, first = Watch(sqlite), asyncio.Event()
    told = iter(("before", "after"))

    async def read(db: Db) -> Hashable:
        said = next(told)
        if said == "before":
            await first.wait()
        return said

    early = asyncio.create_task(watch.state_of("thing", read))
    await asyncio.sleep(0.01)
    async with sqlite.writing():
        pass
    assert await watch.state_of("thing", read) == "after"
    first.set()
    assert await early == "before"
    assert await watch.state_of("thing", read) == "after"


async def test_one_who_goes_away_takes_the_answer_from_nobody(sqlite: Database) -> None:
    watch = Watch(sqlite)

    async def read(db: Db) -> Hashable:
        await asyncio.sleep(0.01)
        return "here"

    impatient, patient = (asyncio.create_task(watch.state_of("thing", read)) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient == "here"


async def test_a_kept_answer_is_logged_by_its_route(browser: AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "conference.requests")
    for _ in range(2):
        await browser.get("/events/wi-test/programme?type=keynote")
    lines = [record.getMessage().split(" ")[1:4] for record in caplog.records if record.name == "conference.requests"]
    assert lines == [["GET", "/events/{event}/programme", "200"]] * 2


async def test_a_faulty_page_is_not_kept(browser: AsyncClient) -> None:
    for _ in range(2):
        answer = await browser.get("/events/wi-test/programme?track=nothing")
        assert (answer.status_code, answer.headers["cache-control"]) == (422, "no-store")
