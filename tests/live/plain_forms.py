"""A moderator in a browser without JavaScript, and what others do on the stage meanwhile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from typing import Any
from uuid import UUID, uuid4

import httpx2

from conference.live.commands import Command
from conference.live.queries import cut_of
from conference.live.state import QuestionFacts, StageState
from conference.people.access import signed_in_person
from conference.web.request import Visitor
from tests.live.cast import World


class Forms(HTMLParser):
    """The forms of a page that are not in a template: each its fields as they would be sent, with its address under `action`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []
        self.depth = 0
        self.area: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        told = dict(given)
        name, value = told.get("name") or "", told.get("value") or ""
        if tag == "template":
            self.depth += 1
        elif self.depth:
            return
        elif tag == "form":
            self.found.append({"action": told["action"] or ""})
        elif self.found and name and tag == "input" and (told.get("type") not in ("checkbox", "radio") or "checked" in told):
            self.found[-1][name] = value
        elif self.found and tag == "textarea":
            self.found[-1][name] = ""
            self.area = name

    def handle_data(self, data: str) -> None:
        if self.area:
            self.found[-1][self.area] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self.depth -= 1
        elif tag == "textarea":
            self.area = None


class Moderator:
    """Somebody at the moderators' page, in a browser without JavaScript."""

    def __init__(self, world: World, browser: httpx2.AsyncClient) -> None:
        self.world, self.browser = world, browser
        self.path = f"/manage{world.stage()}"

    async def page(self, query: str = "") -> str:
        answer = await self.browser.get(self.path + query)
        assert answer.status_code == 200
        return answer.text

    async def does(self, act: str, about: object = "", query: str = "", /, **typed: str) -> httpx2.Response:
        """Fill in the first form of this kind that is about this thing, and send it."""
        forms = Forms(await self.page(query)).found
        form = next(each for each in forms if each.get("type") == act and str(about) in ("", *each.values()))
        return await self.browser.post(form.pop("action"), data={**form, **typed})

    async def said(self, act: str, about: object = "", query: str = "", /, **typed: str) -> str:
        """The same, done: what the page says then."""
        answer = await self.does(act, about, query, **typed)
        assert answer.status_code == 303, answer.text
        return (await self.browser.get(answer.headers["location"])).text


@asynccontextmanager
async def at_the_desk(world: World, name: str = "moderator") -> AsyncIterator[Moderator]:
    async with world.browser(name) as browser:
        yield Moderator(world, browser)


async def give(world: World, name: str, command: type[Command], /, **fields: Any) -> UUID:
    """A command of somebody else; what it was about."""
    async with world.house.database.reading() as db:
        found = await signed_in_person(db, world.cast.tokens[name], world.house.clock.real_now())
    assert found
    who = Visitor(person_id=found[1].id, sign_in_id=found[0].id)
    done = await world.floor.carry_out(world.cast.session.id, who, command(client_id=uuid4().hex, **fields))
    return done.subject_id or world.cast.session.id


async def state_now(world: World) -> StageState:
    async with world.house.database.reading() as db:
        return (await cut_of(db, world.cast.session.id, None)).state


async def question_now(world: World, question_id: UUID) -> QuestionFacts:
    return (await state_now(world)).questions[question_id]
