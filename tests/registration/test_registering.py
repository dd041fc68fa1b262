"""Registering: a place is held for 30 minutes, the mailed link makes it one's own; opening, closing, and the last place."""

from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import AsyncClient
from sqlalchemy import update
from sqlmodel import col, select

from conference.errors import Conflict
from conference.mail.tables import QueuedMail
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.registration.actions import release_lapsed_holds
from conference.registration.rules import check_registration_is_open
from conference.registration.tables import CapacityPool, PoolServes, Registration
from conference.storage.database import Database
from tests.world import BEFORE, World, build_world, delegate

FORM = {"name": "Delegate in Accra", "email": "accra@delegates.example"}
OPENS = "Registration opens on Tuesday 15 June 2021 at 09:55 in London (BST, UTC+1)."
REGISTER = "/events/wi-test/registration"


async def registrations(sqlite: Database) -> list[Registration]:
    async with sqlite.reading() as db:
        return list((await db.exec(select(Registration).order_by(col(Registration.id)))).all())


async def mails(sqlite: Database) -> list[QueuedMail]:
    async with sqlite.reading() as db:
        return list((await db.exec(select(QueuedMail).order_by(col(QueuedMail.id)))).all())


def path_in(mail: QueuedMail) -> str:
    return "/" + str(mail.facts["link"]).split("/", 3)[3]


async def set_places(sqlite: Database, world: World, capacity: int) -> None:
    async with sqlite.writing() as db:
        db.add(CapacityPool(event_id=world.event.id, capacity=capacity))


async def taken(sqlite: Database) -> int:
    async with sqlite.reading() as db:
        return (await db.exec(select(CapacityPool.taken).where(CapacityPool.serves == PoolServes.event))).one()


async def test_the_place_is_held_until_the_link_makes_it_ones_own(browser: AsyncClient, sqlite: Database, world: World) -> None:
    await set_places(sqlite, world, 1)
    before = datetime.now(UTC)
    sent = await browser.post(REGISTER, data=FORM)
    assert "One more step: look at your mail" in sent.text
    [held] = await registrations(sqlite)
    assert held.confirmed_at is None
    assert held.held_until
    assert timedelta(minutes=30) <= held.held_until - before < timedelta(minutes=31)
    assert await taken(sqlite) == 1
    [mail] = await mails(sqlite)
    opened = await browser.get(path_in(mail))
    assert "Confirm my place" in opened.text
    assert (await registrations(sqlite))[0].confirmed_at is None
    done = await browser.post(path_in(mail))
    assert (done.url.path, "You are registered" in done.text) == ("/events/wi-test", True)
    [confirmed] = await registrations(sqlite)
    assert (confirmed.confirmed_at is not None, confirmed.held_until, await taken(sqlite)) == (True, None, 1)
    assert [mail.template for mail in await mails(sqlite)] == ["registration_confirm", "registration_confirmed"]
    assert "A day for libraries" in (await browser.get("/me")).text


async def test_a_hold_that_lapsed_goes_to_the_next_and_its_link_says_so(browser: AsyncClient, sqlite: Database, world: World) -> None:
    await set_places(sqlite, world, 1)
    await browser.post(REGISTER, data=FORM)
    full = await browser.post(REGISTER, data={"name": "Delegate in Lima", "email": "lima@delegates.example"})
    assert (full.status_code, "All 1 places at A day for libraries are taken." in full.text) == (409, True)
    async with sqlite.writing() as db:
        await db.exec(update(Registration).values(held_until=datetime.now(UTC) - timedelta(seconds=1)))
    await browser.post(REGISTER, data={"name": "Delegate in Lima", "email": "lima@delegates.example"})
    first, second = await registrations(sqlite)
    assert (first.lapsed, second.lapsed, await taken(sqlite)) == (True, False, 1)
    late = await browser.post(path_in((await mails(sqlite))[0]))
    assert (late.status_code, "held for 30 minutes and is free again" in late.text) == (409, True)


async def test_the_worker_lets_go_of_holds_that_nobody_looks_at(sqlite: Database, world: World, browser: AsyncClient) -> None:
    await set_places(sqlite, world, 5)
    await browser.post(REGISTER, data=FORM)
    async with sqlite.writing() as db:
        assert await release_lapsed_holds(db, BEFORE, datetime.now(UTC) + timedelta(minutes=31)) == 1
    assert await taken(sqlite) == 0


async def test_registering_twice_is_one_place_and_tells_the_owner_alone(browser: AsyncClient, sqlite: Database, world: World) -> None:
    first = await browser.post(REGISTER, data=FORM)
    second = await browser.post(REGISTER, data={**FORM, "email": "ACCRA@delegates.example", "name": "Somebody else"})
    assert (first.status_code, second.status_code) == (200, 200)
    assert len(await registrations(sqlite)) == 1
    await browser.post(path_in((await mails(sqlite))[0]))
    await browser.post("/sign-out")
    third = await browser.post(REGISTER, data=FORM)
    assert "One more step: look at your mail" in third.text
    assert (await mails(sqlite))[-1].template == "registration_known"
    async with sqlite.reading() as db:
        assert [person.name for person in (await db.exec(select(Person))).all()] == ["Delegate in Accra"]


async def test_bad_input_gets_a_sentence_beside_each_field_and_keeps_what_was_typed(browser: AsyncClient, sqlite: Database) -> None:
    answer = await browser.post(REGISTER, data={"name": "", "email": "accra@"})
    assert answer.status_code == 422
    assert "Enter your name." in answer.text
    assert 'value="accra@"' in answer.text
    assert await registrations(sqlite) == []


@pytest.mark.parametrize(
    ("offset", "status", "words"),
    [
        (timedelta(microseconds=-1), 409, f"{OPENS} That is in less than a second."),
        (timedelta(days=-1), 409, f"{OPENS} That is in 1 day."),
        (timedelta(minutes=-61), 409, f"{OPENS} That is in 1 hour and 1 minute."),
        (timedelta(), 200, "One more step"),
        (timedelta(days=10, hours=7, minutes=4, seconds=59), 200, "One more step"),
        (timedelta(days=10, hours=7, minutes=5), 409, "Registration closed on Friday 25 June 2021 at 17:00 in London (BST, UTC+1)."),
    ],
)
async def test_registration_opens_and_closes_at_its_very_instant(sqlite: Database, offset: timedelta, status: int, words: str) -> None:
    """The rule itself, at instants that no request could hit: pages ask it, as the test below shows."""
    async with sqlite.writing() as db:
        event = (await build_world(db)).event
    assert event.registration_opens_at
    if status == 200:
        check_registration_is_open(event, event.registration_opens_at + offset)
        return
    with pytest.raises(Conflict) as no:
        check_registration_is_open(event, event.registration_opens_at + offset)
    assert no.value.sentence == words


async def test_the_page_says_when_registration_closed(browser: AsyncClient, sqlite: Database) -> None:
    async with sqlite.writing() as db:
        await db.exec(update(Event).values(registration_closes_at=BEFORE - timedelta(hours=1)))
    page, answer = await browser.get(REGISTER), await browser.post(REGISTER, data=FORM)
    sentence = "Registration closed on Friday 25 June 2021 at 08:55 in London (BST, UTC+1)."
    assert (page.status_code, sentence in page.text) == (200, True)
    assert (answer.status_code, sentence in answer.text) == (409, True)


async def test_cancelling_gives_the_place_and_every_seat_back(browser: AsyncClient, sqlite: Database, world: World) -> None:
    await set_places(sqlite, world, 5)
    await browser.post(REGISTER, data=FORM)
    await browser.post(path_in((await mails(sqlite))[0]))
    async with sqlite.writing() as db:
        others = [await delegate(db, world, f"Other {number}") for number in range(2)]
    assert len(others) == 2
    await browser.post(f"/events/wi-test/sessions/{world.workshop.slug}/booking")
    assert "You have a seat" in (await browser.get("/me")).text
    await browser.post(REGISTER + "/cancellation")
    async with sqlite.reading() as db:
        pools = {pool.serves: pool.taken for pool in (await db.exec(select(CapacityPool))).all()}
    assert pools == {PoolServes.event: 2, PoolServes.sessions: 0}


async def test_asking_for_a_seat_needs_a_confirmed_registration(browser: AsyncClient, sqlite: Database, world: World) -> None:
    await browser.post(REGISTER, data=FORM)
    answer = await browser.post(f"/events/wi-test/sessions/{world.workshop.slug}/booking")
    assert answer.status_code == 401


async def test_whoever_opens_the_link_is_called_what_was_typed_with_it(browser: AsyncClient, sqlite: Database) -> None:
    await browser.post(REGISTER, data={**FORM, "name": "What a stranger typed"})
    await browser.post(REGISTER, data=FORM)
    await browser.post(path_in((await mails(sqlite))[1]))
    async with sqlite.reading() as db:
        assert [person.name for person in (await db.exec(select(Person))).all()] == ["Delegate in Accra"]
    assert [mail.to_name for mail in await mails(sqlite)] == ["What a stranger typed", "Delegate in Accra", "Delegate in Accra"]


async def test_registering_again_holds_the_place_as_long_as_the_newest_link_works(browser: AsyncClient, sqlite: Database) -> None:
    await browser.post(REGISTER, data=FORM)
    async with sqlite.writing() as db:
        await db.exec(update(Registration).values(held_until=datetime.now(UTC) + timedelta(seconds=30)))
    await browser.post(REGISTER, data=FORM)
    [held] = await registrations(sqlite)
    assert held.held_until
    assert held.held_until > datetime.now(UTC) + timedelta(minutes=29)


async def test_a_name_can_not_carry_an_address_to_a_strangers_mailbox(browser: AsyncClient, sqlite: Database) -> None:
    answer = await browser.post(REGISTER, data={**FORM, "name": "you have won, see https://evil.example"})
    assert (answer.status_code, "Enter a name without a web or e-mail address in it." in answer.text) == (422, True)
    assert await mails(sqlite) == []


async def test_mails_about_ones_own_acts_do_not_use_up_the_sign_in_mails(browser: AsyncClient, sqlite: Database, world: World) -> None:
    await browser.post(REGISTER, data=FORM)
    await browser.post(path_in((await mails(sqlite))[0]))
    seat = f"/events/wi-test/sessions/{world.workshop.slug}/booking"
    for _ in range(4):
        await browser.post(seat)
        await browser.post(seat + "/cancellation")
    await browser.post("/sign-in", data={"email": FORM["email"]})
    assert (await mails(sqlite))[-1].template == "sign_in"


async def test_when_the_event_is_over_its_registration_says_so_and_asks_for_nothing(
    browser: AsyncClient, sqlite: Database, world: World
) -> None:
    await browser.post(REGISTER, data=FORM)
    await browser.post(path_in((await mails(sqlite))[0]))
    ways = ("come when it starts", "Cancel my registration", "This event is over")
    before = (await browser.get(REGISTER)).text
    async with sqlite.writing() as db:
        await db.exec(
            update(Event)
            .where(col(Event.id) == world.event.id)
            .values(starts_at=BEFORE - timedelta(days=2), ends_at=BEFORE - timedelta(days=1))
        )
    after = (await browser.get(REGISTER)).text
    assert [(words in before, words in after) for words in ways] == [(True, False), (True, False), (False, True)]
