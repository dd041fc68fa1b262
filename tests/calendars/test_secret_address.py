"""The address of one's own calendar is a secret: made once, made anew at will, and said nowhere but on one's own page."""

import asyncio
import logging
from base64 import urlsafe_b64decode
from hashlib import sha256

import pytest
from sqlmodel import col, select

from conference.calendars.actions import open_own_feed, rotate_own_feed
from conference.calendars.queries import feed_asked
from conference.calendars.tables import FeedToken
from conference.people.tables import Person
from conference.record.tables import AuditEntry
from conference.registration.seats import book_seat
from conference.storage.database import Database
from tests.calendars.cast import House, opened
from tests.world import BEFORE, build_world, delegate


def token_in(path: str) -> str:
    return path.removeprefix("/calendar/").removesuffix(".ics")


async def test_an_address_has_256_bits_and_asking_again_gives_the_same(house: House) -> None:
    amara = await house.delegate("Amara")
    first, second = await house.secret_path(amara), await house.secret_path(amara)
    assert first == second
    assert len(urlsafe_b64decode(token_in(first) + "=")) == 32
    assert await house.secret_path(await house.delegate("Bao")) != first


async def test_a_new_address_kills_the_old_one_at_once(house: House) -> None:
    amara = await house.delegate("Amara")
    old = await house.secret_path(amara)
    await house.feed(old)
    await house.sign_in(amara)
    await house.client.post("/me/calendar/rotation")
    new = await house.shown_path()
    assert [(await house.client.get(path)).status_code for path in (old, new)] == [404, 200]
    assert await house.secret_path(amara) == new


async def test_a_house_with_a_new_secret_answers_no_address_made_with_the_old_one(house: House) -> None:
    amara = await house.delegate("Amara")
    old = await house.secret_path(amara)
    async with opened(house.settings.model_copy(update={"secret_key": "another-secret-of-the-tests-just-as-long"})) as changed:
        assert (await changed.client.get(old)).status_code == 404
        new = await changed.secret_path(amara)
        assert (await changed.client.get(new)).status_code == 200
    assert new != old


async def test_only_its_hash_is_stored_and_nothing_of_it_is_noted(house: House) -> None:
    token = token_in(await house.secret_path(await house.delegate("Amara")))
    async with house.database.reading() as db:
        [row] = (await db.exec(select(FeedToken))).all()
        acts = (await db.exec(select(AuditEntry.act))).all()
    assert (row.token_hash, acts[-1]) == (sha256(token.encode()).hexdigest(), "calendar address made")
    written = b"".join(file.read_bytes() for file in house.settings.data.glob("conference.db*"))
    assert (row.token_hash.encode() in written, token.encode() in written) == (True, False)


async def test_nothing_of_it_is_in_the_feed_or_in_the_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    path = await house.secret_path(await house.delegate("Amara"))
    caplog.clear()
    answer = await house.client.get(path)
    lines = logged(caplog)
    assert [line for line in lines if "GET /calendar/{token}.ics 200" in line] != []
    assert [line for line in lines if token_in(path) in line] == []
    assert token_in(path) not in answer.text + str(answer.headers)


async def test_a_fault_says_nothing_of_it_either(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    path = await house.secret_path(await house.delegate("Amara"))
    async with house.database.writing() as db:
        await (await db.connection()).exec_driver_sql("ALTER TABLE booking RENAME TO elsewhere")
    caplog.clear()
    answer = await house.client.get(path)
    lines = logged(caplog)
    assert (answer.status_code, answer.headers["content-type"]) == (500, "text/plain; charset=utf-8")
    assert [line for line in lines if "no such table: booking" in line] != []
    assert [line for line in [*lines, answer.text] if token_in(path) in line] == []


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """All that was logged, tracebacks too, but for what the test's own client says."""
    return [caplog.handler.format(record) for record in caplog.records if not record.name.startswith(("httpx2", "httpcore2"))]


@pytest.mark.parametrize(("method", "status"), [("GET", 404), ("HEAD", 404), ("POST", 405), ("PROPFIND", 405), ("DELETE", 405)])
async def test_every_no_is_plain_text_that_says_nothing_of_the_address(house: House, method: str, status: int) -> None:
    answer = await house.client.request(method, "/calendar/somebody-guessed-this.ics", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/plain; charset=utf-8")
    assert "guessed" not in answer.text + str(answer.headers)


async def test_nobody_else_s_cache_or_search_engine_keeps_it(house: House) -> None:
    answer = await house.client.get(await house.secret_path(await house.delegate("Amara")))
    assert {name: answer.headers[name] for name in ("cache-control", "x-robots-tag", "referrer-policy", "content-disposition")} == {
        "cache-control": "private, no-cache",
        "x-robots-tag": "noindex, nofollow",
        "referrer-policy": "no-referrer",
        "content-disposition": 'inline; filename="my-sessions.ics"',
    }


async def test_only_who_is_signed_in_gets_an_address(house: House) -> None:
    answers = [await house.client.post(path) for path in ("/me/calendar", "/me/calendar/rotation")]
    assert [answer.status_code for answer in answers] == [401, 401]
    async with house.database.reading() as db:
        assert (await db.exec(select(FeedToken))).all() == []


async def test_two_tabs_that_ask_at_once_get_one_address(database: Database) -> None:
    async with database.writing() as db:
        amara = await delegate(db, await build_world(db), "Amara")

    async def ask() -> str:
        async with database.writing() as db:
            return await open_own_feed(db, "secret", await db.get_one(Person, amara.id), BEFORE)

    tokens = await asyncio.gather(*(ask() for _ in range(5)))
    assert len(set(tokens)) == 1
    async with database.reading() as db:
        asked = await feed_asked(db, "secret", tokens[0])
        [row] = (await db.exec(select(FeedToken))).all()
    assert (row.generation, asked.token_id, asked.person_id) == (1, row.id, amara.id)


async def test_on_both_databases_rotating_counts_up_and_a_booking_moves_the_revision(database: Database) -> None:
    async with database.writing() as db:
        world = await build_world(db)
        amara = await delegate(db, world, "Amara")
        first, second = [await rotate_own_feed(db, "secret", amara, BEFORE) for _ in range(2)]
        before = await feed_asked(db, "secret", second)
        await book_seat(db, world.event, world.workshop, amara, BEFORE, BEFORE)
        after = await feed_asked(db, "secret", second)
        rows = (await db.exec(select(FeedToken).order_by(col(FeedToken.generation)))).all()
    assert [(row.generation, row.revoked_at) for row in rows] == [(1, BEFORE), (2, None)]
    assert (first == second, before.revision == after.revision) == (False, False)


async def test_an_address_mangled_on_its_way_is_on_no_page_and_in_no_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    path = await house.secret_path(await house.delegate("Amara"))
    caplog.clear()
    mangled = [path + "/", path.replace(".ics", "/x.ics"), path.replace(".ics", ""), path.replace("/calendar/", "/Calendar/")]
    answers = [await house.client.get(each, headers={"Accept": "text/html", "Referer": f"http://127.0.0.1:8000{path}"}) for each in mangled]
    assert [answer.status_code for answer in answers] == [404] * 4
    said = [answer.text + str(dict(answer.headers)) for answer in answers]
    assert [line for line in [*logged(caplog), *said] if token_in(path) in line] == []
