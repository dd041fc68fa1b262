"""Everybody can read what changed in a programme, and follow it in a feed reader."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from httpx2 import AsyncClient

from conference.programme.actions import edit_session
from conference.programme.queries import event_at, latest_release
from conference.programme.releases import plan_of
from conference.programme.tables import Session
from conference.storage.database import Database
from tests.console.cast import words
from tests.world import BEFORE, World

CHANGES = "/events/wi-test/changes"
SAID = "Opening <words>: time changed from 10:00–11:00 to 11:00–12:00; title changed from “Opening keynote” to “Opening <words>”."


@pytest.fixture
async def changed(sqlite: Database, world: World) -> str:
    """The talk is an hour later and called otherwise; the id of that release."""
    async with sqlite.writing() as db:
        event, session = await event_at(db, "wi-test"), await db.get_one(Session, world.talk.id)
        hour = timedelta(hours=1)
        plan = replace(plan_of(session), starts_at=session.starts_at + hour, ends_at=session.ends_at + hour, title="Opening <words>")
        await edit_session(db, event, session, plan, [], BEFORE)
        return str((await latest_release(db, event)).id)


async def test_the_page_tells_each_version_the_newest_first(changed: str, browser: AsyncClient) -> None:
    page = words((await browser.get(CHANGES)).text)
    assert page.index("Version 2") < page.index("Version 1")
    assert SAID.replace("Opening <words>: ", "Opening <words> : ").rstrip(".") in page


async def test_atom_and_json_tell_the_same_under_the_same_identities(changed: str, browser: AsyncClient) -> None:
    atom: Any = ElementTree.fromstring((await browser.get(CHANGES + ".atom")).content)
    name = {"a": "http://www.w3.org/2005/Atom"}
    entries = [(entry.findtext("a:id", "", name), entry.findtext("a:content", "", name)) for entry in atom.findall("a:entry", name)]
    answer = await browser.get(CHANGES + ".json")
    items = [(item["id"], item["content_text"]) for item in answer.json()["items"]]
    assert (answer.headers["content-type"], entries) == ("application/feed+json", items)
    assert entries[0] == (f"urn:uuid:{changed}", SAID)
    assert entries[1][1] == "The programme was published."


@pytest.mark.parametrize("kind", ["atom", "json"])
async def test_a_reader_that_has_it_gets_no_more_until_something_changes(
    changed: str, sqlite: Database, browser: AsyncClient, world: World, kind: str
) -> None:
    first = await browser.get(f"{CHANGES}.{kind}")
    seen = {"If-None-Match": first.headers["etag"]}
    assert (await browser.get(f"{CHANGES}.{kind}", headers=seen)).status_code == 304
    async with sqlite.writing() as db:
        session = await db.get_one(Session, world.talk.id)
        await edit_session(db, await event_at(db, "wi-test"), session, replace(plan_of(session), title="Again"), [], BEFORE)
    assert (await browser.get(f"{CHANGES}.{kind}", headers=seen)).status_code == 200
