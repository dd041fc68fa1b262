"""The pages of calls in the demo, four days after the fellowship's deadline: no serious barrier, nothing that scrolls sideways."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.request import urlopen

import pytest
from sqlmodel import select

from conference.calls.decision_tables import Verdict
from conference.calls.listing import find_call
from conference.calls.submitting import start_submission
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.storage.database import Database, Db
from tests.calls.cast import CallWorld, sent_by
from tests.calls.offered import tell
from tests.servers import Process, running
from tests.stories.barriers import troubles
from tests.stories.conftest import PHONE, Opens

NOW = datetime(2025, 2, 10, 9, tzinfo=UTC)
AT = "2025-02-10T10:00+00:00"
CALL, PANEL, MANAGE = "/calls/illp-2025", "/panel/illp-2025", "/manage/calls/illp-2025"
PARTS = ("personal", "interests")
CHAIR = ["/me", "/panel", PANEL, f"{PANEL}/1", f"{PANEL}/scores", f"{PANEL}/calibration", f"{PANEL}/meeting", f"{PANEL}/minutes"]
ORGANISER = [
    MANAGE,
    f"{MANAGE}/submissions",
    f"{MANAGE}/submissions/1",
    f"{MANAGE}/panel",
    f"{MANAGE}/panel/readings",
    f"{MANAGE}/panel/conflicts",
    f"{MANAGE}/panel/calibration",
    f"{PANEL}/meeting",
    f"{PANEL}/meeting/rest",
    f"{MANAGE}/announcement",
    f"{MANAGE}/offers",
    f"{MANAGE}/awards",
    f"{MANAGE}/record",
]


@pytest.fixture(scope="module")
def demo(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    with running(shutil.copytree(seeded, tmp_path_factory.mktemp("calls") / "var"), "demo", "--at", AT) as process:
        links = process.data / "demo-links.json"
        with urlopen(f"{process.address}/demo") as page:
            chair = re.search(r'href="([^"]+)">Chair of the panel', page.read().decode())
        assert chair
        links.write_text(json.dumps(json.loads(links.read_text()) | {"chair": chair[1]}))
        yield process


async def applied(demo: Process, who: str, sent: bool) -> int:
    """The number of an application: a draft, or one that was sent in time and has an offer that waits."""
    database = Database(f"sqlite:///{demo.data / 'conference.db'}")
    try:
        async with database.writing() as db:
            return await _applied(db, who, sent)
    finally:
        await database.close()


async def _applied(db: Db, who: str, sent: bool) -> int:
    call = await find_call(db, "illp-2025")
    person = (await db.exec(select(Person).where(Person.email == f"{who}@demo.example"))).one()
    if not sent:
        return (await start_submission(db, call, person, NOW)).number
    organiser = (await db.exec(select(Person).where(Person.email == "organiser@demo.example"))).one()
    world: Any = SimpleNamespace(event=await db.get_one(Event, call.event_id))
    submission = await sent_by(db, call, person, NOW - timedelta(days=10))
    await tell(db, CallWorld(world, call, organiser), submission, Verdict.accepted, at=NOW)
    return submission.number


async def test_an_application_its_parts_and_what_is_offered(opens: Opens, pictures: Path, demo: Process) -> None:
    mine = f"{CALL}/submission/{await applied(demo, 'speaker', sent=False)}"
    parts = [f"{mine}/parts/{key}" for key in PARTS]
    assert await troubles(opens, pictures, "speaker", ["/calls", CALL, "/me", mine, *parts, f"{parts[-1]}?look=1", f"{mine}/preview"]) == {}
    offer = f"{CALL}/offers/{await applied(demo, 'delegate', sent=True)}"
    assert await troubles(opens, pictures, "delegate", ["/me", offer]) == {}
    page = await opens("delegate", size=PHONE)
    await page.goto(offer)
    await page.get_by_role("checkbox").check()
    await page.get_by_role("button", name=re.compile("^Accept")).click()
    assert await troubles(opens, pictures, "delegate", [f"{offer}?accepted=1", f"{offer}/invitation"]) == {}
    assert await troubles(opens, pictures, "organiser", [f"{MANAGE}/offers", f"{MANAGE}/submissions"]) == {}


@pytest.mark.parametrize(("role", "paths"), [("chair", CHAIR), ("organiser", ORGANISER)], ids=["the panel", "organisers"])
async def test_axe_finds_nothing_and_no_page_scrolls_sideways(opens: Opens, pictures: Path, role: str, paths: list[str]) -> None:
    assert await troubles(opens, pictures, role, paths) == {}
