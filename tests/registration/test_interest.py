"""The interest list: an address counts once its owner confirmed it, and is told once, at the instant at which registration opens."""

from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import update
from sqlmodel import select

from conference.errors import Conflict
from conference.mail.compose import compose
from conference.programme.tables import Event
from conference.registration.handing_tables import Interest
from conference.registration.interest import (
    check_list_is_open,
    due_interests,
    interested_count,
    purge_due_interests,
    tell_interested,
)
from conference.settings import Settings
from conference.storage.database import Database
from conference.web.render import environment
from tests.registration.test_registering import REGISTER, mails, path_in
from tests.world import BEFORE, World, cookie_of, delegate

LIST = "/events/wi-test/interest"
OPENS = BEFORE + timedelta(days=3)
TELL = {"secret": "a secret", "base_url": "http://house.example"}


@pytest.fixture
async def closed(sqlite: Database, world: World) -> World:
    """The world with registration opening in three days."""
    async with sqlite.writing() as db:
        await db.exec(update(Event).values(registration_opens_at=OPENS, registration_closes_at=OPENS + timedelta(days=9)))
    return world


def said(answer: Response) -> str:
    """A page's own words, without its frame, which carries the time."""
    return answer.text.partition("<main")[2]


async def count(sqlite: Database, world: World) -> int:
    async with sqlite.reading() as db:
        return await interested_count(db, world.event.id)


async def bodies(sqlite: Database, settings: Settings) -> list[str]:
    """What the mails say, whole."""
    return [compose(mail, settings, environment()).decode() for mail in await mails(sqlite)]


async def test_an_address_is_confirmed_by_its_owner_and_the_page_says_when_it_opens(
    closed: World, browser: AsyncClient, sqlite: Database, settings: Settings
) -> None:
    page = await browser.get(REGISTER + "?zone=Asia/Kolkata")
    assert [words in page.text for words in ("Monday 28 June 2021", "14:25", "Opens in 2 days and 23 hours")] == [True] * 3
    assert (await browser.post(LIST, data={"email": "nobody"})).status_code == 422
    first = await browser.post(LIST, data={"email": "lima@delegates.example"})
    assert await count(sqlite, closed) == 0
    [mail] = await mails(sqlite)
    assert (mail.template, mail.facts["opens"]) == ("interest_confirm", "09:55 on Monday 28 June 2021 (BST, UTC+1)")
    assert "Tell me once" in (await browser.get(path_in(mail))).text
    assert await count(sqlite, closed) == 0
    await browser.post(path_in(mail))
    assert await count(sqlite, closed) == 1
    again = await browser.post(LIST, data={"email": "LIMA@delegates.example"})
    assert said(first).replace("lima@", "LIMA@") == said(again)
    assert [mail.template for mail in await mails(sqlite)] == ["interest_confirm", "interest_known"]
    assert ["09:55 on Monday 28 June 2021" in body for body in await bodies(sqlite, settings)] == [True, True]
    leave = "/" + str((await mails(sqlite))[1].facts["leave"]).split("/", 3)[3]
    await browser.get(leave)
    assert await count(sqlite, closed) == 1
    await browser.post(leave)
    assert await count(sqlite, closed) == 0
    forged = await browser.post(LIST + "/forged-token")
    assert (forged.status_code, "This link is not valid" in forged.text) == (409, True)


async def test_whoever_is_signed_in_joins_and_leaves_with_a_button(closed: World, browser: AsyncClient, sqlite: Database) -> None:
    async with sqlite.writing() as db:
        browser.cookies.update(await cookie_of(db, await delegate(db, closed, "Delegate in Lima", registered=False)))
    assert "You are on the list" in (await browser.post(LIST)).text
    await browser.post(LIST)
    assert await count(sqlite, closed) == 1
    await browser.post(LIST + "/leaving")
    assert await count(sqlite, closed) == 0


async def test_everybody_on_the_list_is_told_exactly_once_at_the_instant_of_opening(
    closed: World, sqlite: Database, settings: Settings
) -> None:
    async with sqlite.writing() as db:
        for number in range(3):
            address = f"delegate-{number}@delegates.example"
            confirmed, left = (None, None) if number == 0 else (BEFORE, BEFORE if number == 1 else None)
            db.add(
                Interest(event_id=closed.event.id, email=address, email_key=address, asked_at=BEFORE, confirmed_at=confirmed, left_at=left)
            )
    real_now = datetime.now(UTC)
    for moment, told in ((OPENS - timedelta(microseconds=1), 0), (OPENS, 1), (OPENS, 0), (OPENS + timedelta(days=1), 0)):
        async with sqlite.writing() as db:
            assert await tell_interested(db, moment, real_now, **TELL) == told
    [mail] = await mails(sqlite)
    assert (mail.to_address, mail.template) == ("delegate-2@delegates.example", "interest_opens")
    assert mail.facts["link"] == "http://house.example/events/wi-test/registration"
    assert "It closes at 09:55 on Wednesday 7 July 2021 (BST, UTC+1)." in (await bodies(sqlite, settings))[0]
    async with sqlite.writing() as db:
        assert await purge_due_interests(db, BEFORE, BEFORE + timedelta(days=7)) == 2
        assert await purge_due_interests(db, OPENS + timedelta(days=30), BEFORE) == 1


async def test_nobody_joins_a_list_once_registration_is_open_and_a_closed_one_tells_nobody(closed: World, sqlite: Database) -> None:
    async with sqlite.writing() as db:
        event = (await db.exec(select(Event))).one()
        db.add(Interest(event_id=event.id, email="a@b.example", email_key="a@b.example", asked_at=BEFORE, confirmed_at=BEFORE))
    check_list_is_open(event, OPENS - timedelta(microseconds=1))
    with pytest.raises(Conflict):
        check_list_is_open(event, OPENS)
    async with sqlite.reading() as db:
        assert await due_interests(db, OPENS + timedelta(days=9)) == []
