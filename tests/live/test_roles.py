"""Who may do what: every cell of docs/roles.md is done, over the socket and with a plain form."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlmodel import col, update
from websockets.exceptions import InvalidStatus

from conference.live.actions import lock_stage
from conference.live.care_tables import HelpRequest, Silence
from conference.live.commands import FIELDS
from conference.live.poll_tables import Poll
from conference.live.state import SilenceFacts
from conference.live.tables import Question
from conference.live.talk_tables import ChatMessage
from conference.people.actions import know_person, sign_in
from conference.registration.actions import cancel_registration, register_person
from conference.storage.ids import new_id
from tests.live.cast import HOUR, Ear, World, open_house
from tests.live.hall import act, bring_speaker
from tests.live.roles import NO, PAGE, PLACES, ROLES, SIGN_IN, YES, Role, cell, page
from tests.live.scenes import Scene, scene

STAGE_SETTINGS = {"moderated": "before", "chat_open": True, "slow_seconds": 0, "held_words": "", "late_minutes": 0}
ADDRESSES = {  # of the plain forms; whatever is not here is an act of a moderator
    "ask": "{stage}/questions",
    "upvote": "{stage}/questions/{question_id}/votes",
    "withdraw": "{stage}/questions/{question_id}/withdrawal",
    "write_answer": "{stage}/speaker/answers",
    "cast": "{stage}/polls/{poll_id}/ballots",
    "say": "{stage}/messages",
    "react": "{stage}/reactions",
    "ask_help": "{stage}/help",
}
ACTS = "/manage{stage}/acts"
CELLS = {200: YES, 303: YES, 401: SIGN_IN, 403: NO, 404: NO}
CODES = {"sign_in_needed": SIGN_IN, "forbidden": NO, "not_found": NO}


@dataclass
class Cast:
    """One person for each role but the visitor's, and for each role somebody who asks and writes what it acts on."""

    world: World
    ids: dict[str, UUID]
    authors: dict[str, UUID]

    async def scenes(self, kind: str) -> dict[str, Scene]:
        """For each role a thing of its own, in the database."""
        now = self.world.house.clock.now()
        owners = {role.name: self.ids[role.name] if role.registered else self.authors[role.name] for role in ROLES}
        made = {role.name: scene(kind, owners[role.name], self.authors[role.name], now) for role in ROLES}
        async with self.world.house.database.writing() as db:
            stage = await lock_stage(db, self.world.cast.session)
            await db.exec(update(Silence).where(col(Silence.person_id).in_(self.authors.values())).values(lifted_at=now))
            for each in made.values():
                tables = ((Question, each.questions), (Poll, each.polls), (ChatMessage, each.messages))
                db.add_all(table(stage_id=stage.id, **asdict(facts)) for table, given in tables for facts in given)
                for table, given in ((HelpRequest, each.help), (Silence, each.silences)):
                    moderator = {"moderator_id": self.ids["moderator"]} if table is Silence else {}
                    db.add_all(table(stage_id=stage.id, event_id=stage.event_id, **{**asdict(facts), **moderator}) for facts in given)
        return made


@pytest.fixture
async def cast(tmp_path: Path) -> AsyncIterator[Cast]:
    async with open_house(tmp_path) as world:
        await bring_speaker(world)
        given, now = world.cast, world.house.clock.now()
        await act(world, "moderator", "set_stage", **STAGE_SETTINGS)
        await act(world, "moderator", "add_caption", text="Good morning.")
        async with world.house.database.writing() as db:
            for name in ("delegate", "silenced", "banned", *(f"author-{role.name}" for role in ROLES)):
                given.people[name] = person = await know_person(db, f"{name}@stage.example", name, now)
                given.tokens[name] = await sign_in(db, person.id, now)
                await register_person(db, given.event, person, now, now)
            await cancel_registration(db, given.event, given.people["moderator"], now, now)  # the table is about what moderating gives
        ids = {role.name: given.people[role.name].id for role in ROLES if role.name}
        made = Cast(world, ids, {role.name: given.people[f"author-{role.name}"].id for role in ROLES})
        await silence(made)
        yield made


async def test_every_command_with_a_plain_form(cast: Cast) -> None:
    async with AsyncExitStack() as open_now:
        browsers = {role.name: await open_now.enter_async_context(cast.world.browser(role.name or None)) for role in ROLES}

        async def post(role: Role, given: Scene) -> str:
            typed = given.command.model_dump(mode="json", exclude_none=True)
            path = ADDRESSES.get(given.command.type, ACTS).format(stage=cast.world.stage(), **typed)
            sent = await browsers[role.name].post(path, data=fields(typed))
            return outcome_of(sent)

        assert await outcomes(cast, post) == by_code()


async def test_every_command_over_the_socket(cast: Cast) -> None:
    async with AsyncExitStack() as open_now:
        ears: dict[str, Ear] = {}
        for role in ROLES:
            if not role.banned:
                ears[role.name] = await open_now.enter_async_context(cast.world.ear(role.name or None))
                await ears[role.name].opened()

        async def say(role: Role, given: Scene) -> str:
            if role.banned:
                return NO  # no socket is open to them, as the test of what may be read shows
            message = await answer(ears[role.name], given.command.model_dump(mode="json"))
            return YES if message["type"] == "acknowledged" else CODES.get(message["code"], message["sentence"])

        assert await outcomes(cast, say) == by_code()


async def test_everything_that_may_be_read(cast: Cast) -> None:
    found = {(words, role.words): await look(cast, role, address) for words, (address, _) in PLACES.items() for role in ROLES}
    assert found == {(words, role.words): cell for words, (_, cells) in PLACES.items() for role, cell in zip(ROLES, cells, strict=True)}


def test_the_page_says_what_the_code_says() -> None:
    assert PAGE.read_text() == page()


def by_code() -> dict[tuple[str, str], str]:
    return {(kind, role.words): cell(role, kind) for kind in FIELDS for role in ROLES}


async def outcomes(cast: Cast, do: Callable[[Role, Scene], Awaitable[str]]) -> dict[tuple[str, str], str]:
    """Of each command by each role; all roles at once."""
    found: dict[tuple[str, str], str] = {}
    for kind in FIELDS:
        made = await cast.scenes(kind)
        cells = await asyncio.gather(*(do(role, made[role.name]) for role in ROLES))
        found |= {(kind, role.words): outcome for role, outcome in zip(ROLES, cells, strict=True)}
    return found


async def answer(ear: Ear, command: dict[str, Any]) -> dict[str, Any]:
    """What the house answers, sooner or later."""
    await ear.say(**command)
    while (message := await ear.next()).get("client_id") != command["client_id"]:
        if message.get("code") == "too_many":
            await asyncio.sleep(0.3)
            await ear.say(**command)
    return message


async def look(cast: Cast, role: Role, address: str) -> str:
    world = cast.world
    path = address.format(stage=world.stage(), event=world.cast.event.slug, session=world.cast.session.slug)
    if "/socket" not in path:
        async with world.browser(role.name or None) as browser:
            return outcome_of(await browser.get(path))
    try:
        async with world.ear(role.name or None, log=path.partition("log=")[2]) as ear:
            await ear.opened()
    except InvalidStatus as no:
        return CELLS[no.response.status_code]
    return YES


def outcome_of(answer: httpx2.Response) -> str:
    if answer.status_code == 303 and answer.headers["location"].startswith("/sign-in"):
        return SIGN_IN
    return CELLS.get(answer.status_code, f"{answer.status_code}: {answer.text}")


def fields(typed: Mapping[str, Any]) -> dict[str, Any]:
    """As a browser sends them: lists as repeated fields, a tick as a word."""
    choices = {"choice": typed["choices"]} if "choices" in typed else {}
    return choices | {name: "yes" if value is True else value for name, value in typed.items() if value is not False and name != "choices"}


async def silence(cast: Cast) -> None:
    now = cast.world.house.clock.now()
    async with cast.world.house.database.writing() as db:
        stage = await lock_stage(db, cast.world.cast.session)
        for name in ("silenced", "banned"):
            facts = SilenceFacts(
                id=new_id(), person_id=cast.ids[name], name=name, ban=name == "banned", reason="Why.",
                moderator_id=cast.ids["moderator"], at=now, until=now + HOUR,
            )  # fmt: skip
            db.add(Silence(stage_id=stage.id, event_id=stage.event_id, **asdict(facts)))
