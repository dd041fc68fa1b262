"""A form that is sent twice is one act and one answer: both at once, in two processes, after a kill between the commit and the answer."""

import asyncio
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from httpx2 import AsyncClient, HTTPError, Response
from sqlmodel import col, select

from conference.files import folder
from conference.mail.tables import QueuedMail
from conference.record.keys import SWEPT_AFTER, keys_are_old, sweep_keys
from conference.record.tables import AuditEntry, IdempotencyKey
from conference.settings import Settings
from conference.storage.database import Database
from conference.storage.ids import first_id_at
from conference.web.once_field import CarriesKey, needs_key
from conference.web.render import environment
from tests.conftest import SECRET
from tests.registration.test_races import fill, seats_and_turns
from tests.servers import free_port, serving

KEY = "a-key-of-twenty-two-22"
OTHER = "another-key-of-so-many"
TIMES = 8
_FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)


def said(answer: Response) -> tuple[int, str, str]:
    return answer.status_code, answer.headers.get("location", ""), answer.headers.get("set-cookie", "")


async def send(address: str, path: str, cookie: dict[str, str], **typed: str) -> Response:
    async with AsyncClient(base_url=address, timeout=60) as client:
        return await client.post(path, data=typed, headers={"Cookie": f"sign_in={cookie['sign_in']}"})


def test_every_form_that_changes_something_carries_a_key() -> None:
    """As the templates are read: macros too, and whatever a template fills into the tag."""
    forms = []
    for file in folder("templates").rglob("*.html"):
        source = file.read_text()
        read = CarriesKey(environment()).preprocess(source, file.name)
        assert source.lower().count('method="post"') == len([tag for tag in re.findall(r"<form\b.*", read) if 'method="post"' in tag])
        forms += [(file.name, tag) for tag in re.findall(r"<form\b.*", read) if 'method="post"' in tag]
    assert len(forms) > 80
    without = [(name, tag) for name, tag in forms if "{{ once() }}" not in tag and needs_key(tag)]
    assert without == []
    assert Counter(tag.count("{{ once() }}") for _, tag in forms if needs_key(tag.split("{{ once()")[0])).keys() == {1}


async def test_two_forms_of_one_page_have_keys_of_their_own(browser: AsyncClient) -> None:
    page = (await browser.get("/sign-in")).text
    again = (await browser.get("/sign-in")).text
    keys = [re.findall(r'name="once" value="([\w-]+)"', text) for text in (page, again)]
    assert [len(each) for each in keys] == [1, 1]
    assert keys[0] != keys[1]


async def test_a_form_sent_many_times_at_once_to_two_processes_is_done_once_and_answered_alike(
    database: Database, settings: Settings
) -> None:
    """Giving up a seat, which is refused to whoever has none: without the key only one of them hears that it is done."""
    world, cookies = await fill(database)
    path = f"/events/wi-test/sessions/{world.workshop.slug}/booking"
    given = settings.model_copy(update={"database_url": database.url})
    async with serving(given) as one, serving(given) as two:
        for cookie in cookies[:2]:
            await send(one, path, cookie)
        for cookie, typed in ((cookies[0], {}), (cookies[1], {"once": KEY})):
            ways = [one, two] * (TIMES // 2)
            answers = await asyncio.gather(*(send(way, path + "/cancellation", cookie, **typed) for way in ways))
            got = Counter(said(each) for each in answers)
            if typed:
                assert list(got.values()) == [TIMES]
                assert answers[0].status_code == 303
            else:
                assert sorted(Counter(each.status_code for each in answers).items()) == [(303, 1), (409, TIMES - 1)]
    booked, _, taken = await seats_and_turns(database, world.workshop.id)
    async with database.reading() as db:
        acts = (await db.exec(select(AuditEntry.id).where(col(AuditEntry.act) == "seat given up"))).all()
    assert (booked, taken, len(acts)) == ([], 0, 2)


async def test_the_same_key_with_something_else_typed_or_by_somebody_else_is_another_form(sqlite: Database, settings: Settings) -> None:
    world, cookies = await fill(sqlite)
    path = f"/events/wi-test/sessions/{world.workshop.slug}/star"
    async with serving(settings) as address:
        first = await send(address, path, cookies[0], once=KEY, next="/me")
        assert said(first) == said(await send(address, path, cookies[0], once=KEY, next="/me"))
        assert (await send(address, path, cookies[0], once=KEY, next="/")).headers["location"] == "/"
        assert (await send(address, path, cookies[1], once=KEY, next="/me")).status_code == 303
    async with sqlite.reading() as db:
        assert len((await db.exec(select(IdempotencyKey))).all()) == 3


async def test_a_refusal_is_repeated_for_a_minute_and_then_asked_anew(sqlite: Database, settings: Settings) -> None:
    world, cookies = await fill(sqlite)
    path = f"/events/wi-test/sessions/{world.workshop.slug}/booking"
    async with serving(settings) as address:
        no = await send(address, path + "/cancellation", cookies[0], once=KEY)
        await send(address, path, cookies[0], once=OTHER)
        again = await send(address, path + "/cancellation", cookies[0], once=KEY)
        assert no.status_code == again.status_code == 409
        assert without_keys(no.text) == without_keys(again.text)
        async with sqlite.writing() as db:
            row = (await db.exec(select(IdempotencyKey).where(col(IdempotencyKey.refused)))).one()
            row.made_at -= timedelta(minutes=1)
            db.add(row)
        assert (await send(address, path + "/cancellation", cookies[0], once=KEY)).status_code == 303


def without_keys(page: str) -> str:
    return re.sub(r'name="once" value="[\w-]+"|data-now="[^"]+"', "", page)


async def test_a_form_that_comes_back_with_mistakes_has_done_nothing_and_is_kept_nowhere(browser: AsyncClient, sqlite: Database) -> None:
    answer = await browser.post("/events/wi-test/registration", data={"name": "", "email": "x", "once": KEY})
    assert answer.status_code == 422
    async with sqlite.reading() as db:
        assert (await db.exec(select(IdempotencyKey))).all() == []


async def test_what_was_answered_can_not_be_read_in_the_database_and_goes_after_some_days(browser: AsyncClient, sqlite: Database) -> None:
    typed = {"name": "Delegate in Nairobi", "email": "nairobi@delegates.example", "once": KEY}
    pages = [(await browser.post("/events/wi-test/registration", data=typed)).text for _ in range(2)]
    assert without_keys(pages[0]) == without_keys(pages[1])
    assert "nairobi@delegates.example" in pages[0]
    async with sqlite.writing() as db:
        row = (await db.exec(select(IdempotencyKey))).one()
        assert KEY not in repr(row)
        assert b"nairobi" not in row.answer
        later = datetime.now(UTC) + SWEPT_AFTER
        assert (row.id < first_id_at(later), await keys_are_old(db, datetime.now(UTC))) == (True, False)
        assert await keys_are_old(db, later + timedelta(minutes=1))
        await sweep_keys(db, later)
        assert (await db.exec(select(IdempotencyKey))).all() == []


KILLED = """
import os, sys, uvicorn
from pathlib import Path
from conference.app import create_app
from conference.mail.actions import WAITS
from conference.settings import read_settings
app = create_app(read_settings(data=Path(sys.argv[1]), secret_key=sys.argv[3]))
app.app.state.house.database.listen(lambda told: WAITS in told and os.kill(os.getpid(), 9))
uvicorn.run(app, port=int(sys.argv[2]), log_level="error")
"""


async def test_a_kill_between_the_commit_and_the_answer_loses_nothing_and_repeats_nothing(sqlite: Database, settings: Settings) -> None:
    world, cookies = await fill(sqlite)
    path = f"/events/wi-test/sessions/{world.workshop.slug}/booking"
    with running_until_it_commits(settings.data) as address, pytest.raises(HTTPError):
        await send(address, path, cookies[0], once=KEY)
    booked, _, _ = await seats_and_turns(sqlite, world.workshop.id)
    async with serving(settings) as address:
        again = await send(address, path, cookies[0], once=KEY)
        assert said(again) == said(await send(address, path, cookies[0], once=KEY))
    assert "You%20have%20a%20seat" in again.headers["set-cookie"]
    assert (len(booked), await seats_and_turns(sqlite, world.workshop.id)) == (1, (booked, [], 1))
    async with sqlite.reading() as db:
        mails = (await db.exec(select(QueuedMail.template).where(QueuedMail.template == "seat_booked"))).all()
    assert list(mails) == ["seat_booked"]


@contextmanager
def running_until_it_commits(data: Path) -> Iterator[str]:
    """A house that is killed by its first commit that queued a mail, before it can answer."""
    port = free_port()
    house = subprocess.Popen([sys.executable, "-c", KILLED, str(data), str(port), SECRET])
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            break
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
        assert house.wait(10) == -signal.SIGKILL
    finally:
        house.kill()
        house.wait()
