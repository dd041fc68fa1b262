"""A house with a call in it whose deadline has passed, its panel, and a browser for each who comes."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import ASGITransport, AsyncClient

from conference.app import create_app
from conference.calls.panel_actions import seat_member, split_evenly
from conference.calls.queries import definition_of
from conference.calls.submission_tables import Submission
from conference.people.actions import know_person
from conference.people.tables import Person
from conference.settings import Settings
from conference.storage.database import Database
from tests.calls.cast import DEADLINE, OPENS, CallWorld, build_call, sent_by
from tests.world import build_world, cookie_of, delegate

READING = DEADLINE + timedelta(days=1)
APPLICANTS = {"Grace Wanjiru": "grace@wanjiru.example", "Bjørn Østby": "b.ostby@ostby.example", "王芳": "fang.w@wang.example"}
MEMBERS = {"first": ("Member Ash", ""), "second": ("Member Birch", ""), "third": ("Member Cedar", "Library of Grace Wanjiru")}
ISSUE = "I, {name} of the Library of {name}, write to you: our readers are far away. Ask me at {mail}."


@dataclass
class Panel:
    """Three submissions, and three members of whom the third works where the first applicant does."""

    made: CallWorld
    people: dict[str, Person]
    submissions: list[Submission]
    browsers: dict[str, AsyncClient]
    database: Database

    @property
    def names(self) -> list[str]:
        """Every word that could tell who applies."""
        own = [[each.name, f"Library of {each.name}", each.email, *each.name.split()] for each in self.applicants]
        return [word for words in own for word in words]

    @property
    def applicants(self) -> list[Person]:
        return [self.people[name] for name in APPLICANTS]


@pytest.fixture
async def panel(sqlite: Database, settings: Settings) -> AsyncIterator[Panel]:
    async with sqlite.writing() as db:
        world = await build_world(db)
        made = await build_call(db, world)
        people = {name: await know_person(db, email, name, OPENS) for name, email in APPLICANTS.items()}
        sent = [await sent_by(db, made.call, person, issue=ISSUE.format(name=person.name, mail=person.email)) for person in people.values()]
        for key, (name, institution) in MEMBERS.items():
            people[key] = await know_person(db, f"{key}@panel.example", name, OPENS, organisation=institution)
            await seat_member(db, made.call, people[key], OPENS, chair=key == "first")
        people |= {"organiser": made.organiser, "delegate": await delegate(db, world, "Delegate in Rome")}
        cookies = {name: await cookie_of(db, person) for name, person in people.items()}
    app = create_app(settings)
    inside = app.app  # type: ignore[attr-defined]
    inside.state.house.clock.offset = READING - datetime.now(UTC)
    async with AsyncExitStack() as opened:
        browsers = {
            name: await opened.enter_async_context(
                AsyncClient(transport=ASGITransport(app=app), base_url=settings.base_url, cookies=cookies.get(name, {}))
            )
            for name in ("nobody", *people)
        }
        yield Panel(made, people, sent, browsers, sqlite)
    await inside.state.house.database.close()


@pytest.fixture
async def shared(panel: Panel) -> Panel:
    """The same, with the submissions shared out."""
    async with panel.database.writing() as db:
        await split_evenly(db, panel.made.call, await definition_of(db, panel.made.call), READING)
    return panel
