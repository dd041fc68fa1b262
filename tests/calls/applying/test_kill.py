"""kill -9 while somebody types: what was acknowledged is there, and a send that came twice is one version."""

import asyncio
import re
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from httpx2 import AsyncClient, HTTPError
from sqlmodel import select

from conference.calls.submission_tables import Submission, SubmissionVersion
from conference.storage.database import Database
from tests.blank import make_blank
from tests.calls.applying.cast import CALL, INTERESTS, OWN, PERSONAL, WHOLE
from tests.calls.cast import BEFORE_DEADLINE, applicant, build_call
from tests.servers import Process
from tests.world import build_world, cookie_of

ROUNDS = [1, *(pytest.param(number, marks=pytest.mark.soak) for number in range(2, 8))]


@pytest.mark.parametrize("number", ROUNDS)
async def test_every_acknowledged_saving_survives_a_kill(tmp_path: Path, number: int) -> None:
    data = tmp_path / "var"
    data.mkdir()
    url = f"sqlite:///{data / 'conference.db'}"
    make_blank(url)
    database = Database(url)
    async with database.writing() as db:
        await build_call(db, await build_world(db))
        cookie = (await cookie_of(db, await applicant(db, "Librarian in Nairobi")))["sign_in"]
    house = Process(data, "serve", "--at", BEFORE_DEADLINE.isoformat())
    house.start()
    try:
        async with AsyncClient(base_url=house.address, timeout=20, headers={"Cookie": f"sign_in={cookie}"}) as browser:
            await browser.post(f"{CALL}/submission")
            typing = asyncio.create_task(_type(browser))
            await asyncio.sleep(0.3 + 0.15 * number)
            await asyncio.to_thread(house.kill)
            acknowledged, under_way = await typing
            await asyncio.to_thread(house.start)
            async with database.reading() as db:
                kept = (await db.exec(select(Submission))).one().draft["name"]
            assert acknowledged > 0
            assert kept in (f"Version {acknowledged}", f"Version {under_way}")
            await _send_twice(browser, database)
    finally:
        await asyncio.to_thread(house.stop)
        await database.close()


async def _type(browser: AsyncClient) -> tuple[int, int]:
    """Save, and save again, until the line breaks: the last saving that was acknowledged, and the one under way."""
    acknowledged, stamp = 0, 0
    with suppress(HTTPError):
        while True:
            typed = {"stamp": str(stamp), "a-name": f"Version {acknowledged + 1}"}
            answer = await browser.post(f"{PERSONAL}/draft", data=typed)
            assert answer.status_code == 200
            acknowledged, stamp = acknowledged + 1, answer.json()["stamp"]
    return acknowledged, acknowledged + 1


async def _send_twice(browser: AsyncClient, database: Database) -> None:
    for path, typed in ((PERSONAL, WHOLE["personal"]), (INTERESTS, WHOLE["interests"])):
        await browser.post(path, data={"stamp": "999"} | typed)
    preview = (await browser.get(f"{OWN}/preview")).text
    [key] = re.findall(r'name="once" value="([^"]+)"', preview.partition(f'action="{OWN}/sending"')[2].partition("</form>")[0])
    answers = [await browser.post(f"{OWN}/sending", data={"once": key, "terms-1": "yes"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    async with database.reading() as db:
        [version] = await db.exec(select(SubmissionVersion))
    assert version.arrived_at - BEFORE_DEADLINE < timedelta(minutes=5)
