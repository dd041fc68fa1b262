"""The address of one's own calendar is a secret: made once, made anew at will, and said nowhere but on one's own page."""

import logging
from base64 import urlsafe_b64decode
from pathlib import Path

import pytest
from sqlmodel import select

from conference.calendars.tables import FeedToken
from conference.record.tables import AuditEntry
from tests.calendars.cast import House, opened


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
    assert len(row.token_hash) == 64
    assert acts[-1] == "calendar address made"
    files = (file.read_bytes() for file in Path(house.settings.data).iterdir() if file.is_file())
    assert [token.encode() in file for file in files] == [False] * len(list(Path(house.settings.data).iterdir()))


async def test_nothing_of_it_is_in_the_feed_or_in_the_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    path = await house.secret_path(await house.delegate("Amara"))
    caplog.clear()
    answer = await house.client.get(path)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("conference")]
    assert len(ours) == 1
    assert "GET /calendar/{token}.ics 200" in ours[0]
    others = [record.getMessage() for record in caplog.records if not record.name.startswith("httpx2")]  # the client's own log
    token = token_in(path)
    assert [line for line in others if token in line] == []
    assert token not in answer.text + str(answer.headers)


@pytest.mark.parametrize(("method", "status"), [("GET", 404), ("HEAD", 404), ("POST", 405), ("PROPFIND", 405), ("DELETE", 405)])
async def test_every_no_is_plain_text_that_says_nothing_of_the_address(house: House, method: str, status: int) -> None:
    answer = await house.client.request(method, "/calendar/somebody-guessed-this.ics", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/plain; charset=utf-8")
    assert "guessed" not in answer.text + str(answer.headers)


async def test_a_fault_says_nothing_of_the_address_either(house: House, caplog: pytest.LogCaptureFixture) -> None:
    path = await house.secret_path(await house.delegate("Amara"))
    async with house.database.writing() as db:
        await db.connection(execution_options={})
        await (await db.connection()).exec_driver_sql("ALTER TABLE booking RENAME TO elsewhere")
    answer = await house.client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (500, "text/plain; charset=utf-8")
    assert token_in(path) not in answer.text + caplog.text.replace("httpx2", "")


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
