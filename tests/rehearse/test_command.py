"""`conference rehearse`: what it refuses, a real run against a house of its own, and nothing left of it afterwards."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from conference.errors import BadSettings, Refusal
from conference.live.queries import cut_of
from conference.live.tables import Log
from conference.live.views import snapshot
from conference.programme.queries import session_at
from conference.programme.tables import Event, Session
from conference.record.actions import set_rehearsal
from conference.rehearse.checks import check_answers, check_database, stage_for
from conference.settings import read_settings
from conference.storage.database import Database
from tests.servers import Process, running
from tests.world import BEFORE, TEN_IN_LONDON, World, build_world, delegate

KEYNOTE = "keynote-eman-bushulaibi"
URL = "http://127.0.0.1:8000"


def rehearse(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CONFERENCE_")}
    command = [sys.executable, "-m", "conference", "rehearse", *arguments]
    return subprocess.run(
        command, env=environment | {"CONFERENCE_DATA": str(data)}, capture_output=True, text=True, timeout=90, check=False
    )


async def seen(house: Process) -> list[Any]:
    """What the public is told by the socket, and what moderators would be told; without the logs' numbers."""
    path = f"/events/wi-2021/sessions/{KEYNOTE}/stage/socket"
    async with connect(house.address.replace("http", "ws") + path, origin=house.address, proxy=None) as socket:  # type: ignore[arg-type]
        while (told := json.loads(await socket.recv()))["type"] != "snapshot":
            pass
    database = Database(f"sqlite:///{house.data / 'conference.db'}")
    async with database.reading() as db:
        facts = await session_at(db, "wi-2021", KEYNOTE)
        cut = await cut_of(db, facts.session.id, None)
    await database.close()
    return [told["questions"], snapshot(cut.state, Log.moderators, 0, None)]


async def test_thirty_robots_rehearse_and_are_gone_without_a_trace(tmp_path: Path) -> None:
    with running(tmp_path / "var", "demo", "--at", "2021-06-25T10:20+01:00") as house:
        before = await seen(house)
        run = rehearse(house.data, "--event", "wi-2021", "--audience", "30", "--seconds", "6", "--url", house.address)
        told = run.stdout.splitlines()
        assert run.stderr == ""
        holds = "Tomorrow will hold: nothing was lost" in run.stdout  # in time, too: a busy machine may be slower
        assert (run.returncode, holds) in ((0, True), (1, False)), run.stdout
        assert told[0].startswith("On stage: “Keynote: Eman Bushulaibi")
        assert "  Joined        31 of 31 robots, one of them the moderator" in told
        assert [line for line in told if line.startswith(("  Lost", "  Duplicated", "  Out of order", "  Lines ended", "  Screens"))] == [
            "  Lost          0",
            "  Duplicated    0",
            "  Out of order  0",
            "  Screens       21 of 21 sampled robots see what a fresh snapshot says",
            "  Lines ended   none before its time",
        ]
        assert "; 0 unanswered; refused: none" in run.stdout
        during = await seen(house)
        assert [each["author"] is None or each["author"].startswith("Robot ") for each in during[0] if each not in before[0]] == [True] * 3
        gone = rehearse(house.data, "--event", "wi-2021", "--remove")
        assert (gone.returncode, gone.stdout[:66]) == (0, "Removed from Working Internationally for Libraries 2021: 31 robots")
        assert await seen(house) == before
        elsewhere = rehearse(tmp_path / "elsewhere", "--event", "wi-2021", "--url", house.address)
        assert (elsewhere.returncode, elsewhere.stderr.startswith("The database sqlite:///")) == (2, True)
        assert "Traceback" not in house.log()


@pytest.fixture
async def rehearsing(sqlite: Database) -> tuple[Database, World]:
    """The small world five minutes before its day, with the stage's door open."""
    async with sqlite.writing() as db:
        world = await build_world(db)
        await set_rehearsal(db, BEFORE, datetime.now(UTC))
    return sqlite, world


async def stage(database: Database, session: str = "", *, yes: bool = False) -> str:
    """The slug of the session that robots would go to, or the sentence that says no."""
    try:
        return (await stage_for(database, "wi-test", session, URL, yes=yes)).facts.session.slug
    except Refusal as no:
        return no.sentence


async def at(database: Database, moment: datetime | None) -> None:
    async with database.writing() as db:
        await set_rehearsal(db, moment, datetime.now(UTC))


async def test_robots_go_where_the_door_is_open_to_what_is_on_first(rehearsing: tuple[Database, World]) -> None:
    database, _ = rehearsing
    assert await stage(database) == "opening-keynote"
    await at(database, TEN_IN_LONDON + timedelta(minutes=55))
    assert [await stage(database), await stage(database, "hands-on-workshop")] == ["opening-keynote", "hands-on-workshop"]
    await at(database, TEN_IN_LONDON + timedelta(minutes=65))
    assert await stage(database) == "hands-on-workshop"


async def test_where_no_door_is_open_it_is_said_when_one_opens_and_how_to_get_there(rehearsing: tuple[Database, World]) -> None:
    database, _ = rehearsing
    await at(database, TEN_IN_LONDON - timedelta(minutes=30))
    assert await stage(database) == (
        "No stage of A day for libraries is open: for the house it is 09:30 on Friday 25 June 2021 (BST, UTC+1) in London. "
        "“Opening keynote” opens at 09:50 on Friday 25 June 2021 (BST, UTC+1): "
        f"jump there on {URL}/manage/rehearsal, or start the house with --at 2021-06-25T09:50+01:00."
    )
    assert (await stage(database, "hands-on-workshop")).startswith("“Hands-on workshop” is not open: for the house it is 09:30")
    assert "“Hands-on workshop” opens at 10:50 on" in await stage(database, "hands-on-workshop")
    assert await stage(database, "nothing") == "There is no session at this address."


async def test_an_event_that_is_on_in_earnest_is_left_alone_unless_told_so(rehearsing: tuple[Database, World]) -> None:
    database, world = rehearsing
    now = datetime.now(UTC)
    async with database.writing() as db:
        event, talk = await db.get_one(Event, world.event.id), await db.get_one(Session, world.talk.id)
        await delegate(db, world, "Delegate in Nairobi")
        event.starts_at, event.ends_at = now - timedelta(hours=1), now + timedelta(hours=1)
        talk.starts_at, talk.ends_at = now - timedelta(minutes=1), now + timedelta(hours=1)
        await set_rehearsal(db, None, now)
    assert await stage(database) == (
        "A day for libraries is on today, by the real clock, and 1 person is registered: robots would ask and vote in front of them. "
        "Rehearse on another day or with the clock moved (--at), or say --yes."
    )
    assert await stage(database, yes=True) == "opening-keynote"
    await at(database, now)
    assert await stage(database) == "opening-keynote"


def test_without_a_house_nothing_is_made(tmp_path: Path) -> None:
    settings = read_settings(demo=True, data=tmp_path / "var")
    with pytest.raises(BadSettings, match=r"is not one that this release serves\. Start the house first"):
        check_database(settings)
    assert not (tmp_path / "var").exists()
    with pytest.raises(BadSettings, match=r"No house answers at http://127\.0\.0\.1:1\. Start it"):
        check_answers("http://127.0.0.1:1")
