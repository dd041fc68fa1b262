"""A place handed to a colleague: both agree, it is never free in between, and nobody on the waiting list loses by it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import AsyncClient
from sqlmodel import col, select

from conference.errors import Conflict
from conference.people.tables import Person
from conference.programme.tables import Event, RegistrationKind
from conference.registration.actions import register_person
from conference.registration.handing import offer_place
from conference.registration.handing_rules import check_may_hand_on, transfers_end
from conference.registration.handing_tables import RegistrationChoices
from conference.registration.questions import publish_terms
from conference.registration.seats import book_seat
from conference.registration.tables import Booking, CapacityPool, PoolServes, Registration, WaitlistEntry
from conference.settings import Settings
from conference.storage.database import Database
from tests.registration.test_interest import bodies
from tests.registration.test_registering import REGISTER, mails, path_in
from tests.servers import serving
from tests.world import BEFORE, TEN_IN_LONDON, World, build_world, cookie_of, delegate, rehearse

OFFER = {"name": "Colleague in Lagos", "email": "lagos@delegates.example"}


@pytest.fixture
async def full(sqlite: Database, world: World, browser: AsyncClient) -> Person:
    """The one place of an event is taken, by whoever has the browser; somebody else waits for it."""
    async with sqlite.writing() as db:
        db.add(CapacityPool(event_id=world.event.id, capacity=1, waiting=True))
        await db.flush()
        owner = await delegate(db, world, "Owner in Accra")
        await book_seat(db, world.event, world.workshop, owner, BEFORE, datetime.now(UTC))
        waiting = await delegate(db, world, "Waiting in Lima", registered=False)
        assert isinstance(await register_person(db, world.event, waiting, BEFORE, datetime.now(UTC)), WaitlistEntry)
        browser.cookies.update(await cookie_of(db, owner))
    return owner


async def holders(sqlite: Database) -> list[str]:
    """Who has a place now."""
    async with sqlite.reading() as db:
        rows = select(Person.email).join(Registration).where(col(Registration.cancelled_at).is_(None)).order_by(Person.email)
        return list(await db.exec(rows))


async def counted(sqlite: Database) -> tuple[int, int]:
    """Places taken, and turns that live."""
    async with sqlite.reading() as db:
        taken = (await db.exec(select(CapacityPool.taken).where(CapacityPool.serves == PoolServes.event))).one()
        live = (await db.exec(select(WaitlistEntry.id).where(col(WaitlistEntry.accepted_at).is_(None)))).all()
    return taken, len(live)


async def test_the_place_is_mine_until_my_colleague_accepts_and_never_anybodys_in_between(
    full: Person, browser: AsyncClient, sqlite: Database, settings: Settings
) -> None:
    answer = await browser.post(REGISTER + "/transfer", data=OFFER)
    assert "Until they accept, the place is yours." in answer.text
    letter = (await mails(sqlite))[-1]
    assert (letter.template, letter.to_address) == ("place_offered", "lagos@delegates.example")
    assert (await holders(sqlite), await counted(sqlite)) == ([full.email], (1, 1))
    await browser.post("/sign-out")
    read = await browser.get(path_in(letter))
    assert ("Owner in Accra would like to hand their place on to you" in read.text, read.headers["cache-control"]) == (True, "no-store")
    assert await holders(sqlite) == [full.email]
    accepted = await browser.post(path_in(letter), data={"name": "Colleague in Ikeja"})
    assert (accepted.url.path, "You are registered" in accepted.text) == (REGISTER, True)
    assert (await holders(sqlite), await counted(sqlite)) == (["lagos@delegates.example"], (1, 1))
    async with sqlite.reading() as db:
        assert (await db.exec(select(Booking.given_up_at))).one() is not None
    assert {mail.template for mail in (await mails(sqlite))[-2:]} == {"registration_confirmed", "place_handed_on"}
    handed = next(body for body in await bodies(sqlite, settings) if "Colleague in Lagos's now" in body)
    assert "You have none there any more" in handed
    again = await browser.post(path_in(letter), data={"name": "Colleague in Ikeja"})
    assert (again.status_code, "This place is not on offer to you any more" in again.text) == (409, True)


async def test_an_offer_taken_back_declined_or_replaced_opens_nothing(
    full: Person, browser: AsyncClient, sqlite: Database, settings: Settings
) -> None:
    await browser.post(REGISTER + "/transfer", data=OFFER)
    await browser.post(REGISTER + "/transfer", data={"name": "Colleague in Quito", "email": "quito@delegates.example"})
    await browser.post(REGISTER + "/transfer/withdrawal")
    await browser.post(REGISTER + "/transfer", data=OFFER)
    letters = [mail for mail in await mails(sqlite) if mail.template == "place_offered"]
    tries = [(await browser.post(path_in(letter), data={"name": "Colleague"})).status_code for letter in letters[:2]]
    declined = await browser.post(path_in(letters[2]) + "/decline")
    assert (len(letters), tries, "You have declined" in declined.text) == (3, [409, 409], True)
    assert "Colleague in Lagos does not take the place" in (await bodies(sqlite, settings))[-1]
    assert await holders(sqlite) == [full.email]
    forged = path_in(letters[2]).rsplit(".", 1)[0] + ".forged"
    assert (await browser.get(forged)).status_code == 409


async def test_the_terms_go_with_the_place_and_who_has_one_already_is_told_so(
    full: Person, browser: AsyncClient, sqlite: Database, world: World
) -> None:
    async with sqlite.writing() as db:
        await publish_terms(db, world.event, "Be kind.", BEFORE)
    mine = await browser.post(REGISTER + "/transfer", data={"name": "Myself", "email": full.email.upper()})
    assert (mine.status_code, "This is your own address" in mine.text) == (422, True)
    await browser.post(REGISTER + "/transfer", data=OFFER)
    letter = (await mails(sqlite))[-1]
    refused = await browser.post(path_in(letter), data={"name": "Colleague"})
    assert (refused.status_code, await holders(sqlite)) == (422, [full.email])
    await browser.post(path_in(letter), data={"name": "Colleague", "terms-1": "yes"})
    assert await holders(sqlite) == [OFFER["email"]]


async def test_a_place_is_offered_so_many_times_a_day_and_no_more(full: Person, browser: AsyncClient, sqlite: Database) -> None:
    answers = [
        await browser.post(REGISTER + "/transfer", data={"name": "Colleague", "email": f"{number}@delegates.example"})
        for number in range(6)
    ]
    assert [answer.status_code for answer in answers] == [200] * 5 + [422]
    assert "You have offered this place 5 times within a day" in answers[5].text


def test_until_when_and_which_places_can_be_handed_on(world: World) -> None:
    choices = RegistrationChoices(event_id=world.event.id)
    mine = Registration(event_id=world.event.id, person_id=world.event.id, name="Me", made_at=BEFORE, confirmed_at=BEFORE)
    check_may_hand_on(world.event, mine, choices, TEN_IN_LONDON - timedelta(microseconds=1))
    given = Event(**{**world.event.model_dump(), "registration": RegistrationKind.application})
    for event, registration, moment, words in (
        (world.event, mine, TEN_IN_LONDON, "Places could be handed on until 10:00 on Friday 25 June 2021 (BST, UTC+1)."),
        (world.event, None, BEFORE, "You have no confirmed place at A day for libraries to hand on."),
        (given, mine, BEFORE, "Only the organisers can give it to somebody else"),
    ):
        with pytest.raises(Conflict, match=words.replace("(", r"\(").replace(")", r"\)").replace("+", r"\+")):
            check_may_hand_on(event, registration, choices, moment)
    choices.transfers_until = BEFORE
    assert transfers_end(world.event, choices) == BEFORE


async def test_accepting_twice_while_the_giver_cancels_leaves_one_owner_or_nobody(database: Database, settings: Settings) -> None:
    async with database.writing() as db:
        world = await build_world(db)
        db.add(CapacityPool(event_id=world.event.id, capacity=1))
        await db.flush()
        owner = await delegate(db, world, "Owner in Accra")
        cookie = await cookie_of(db, owner)
        link = (settings.secret_key, "{}")
        await offer_place(db, world.event, owner, OFFER["name"], OFFER["email"], BEFORE, datetime.now(UTC), link=link)
    await rehearse(database, BEFORE)
    token = (await mails(database))[-1].facts["link"]
    async with (
        serving(settings.model_copy(update={"database_url": database.url})) as address,
        AsyncClient(base_url=address, timeout=60) as client,
    ):
        accepting = [client.post(f"/events/wi-test/offered-places/{token}", data={"name": "Colleague"}) for _ in range(3)]
        cancelling = client.post(REGISTER + "/cancellation", headers={"Cookie": f"sign_in={cookie['sign_in']}"})
        answers = await asyncio.gather(*accepting[:2], cancelling, *accepting[2:])
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {303, 409}
    async with database.reading() as db:
        taken = (await db.exec(select(CapacityPool.taken).where(CapacityPool.serves == PoolServes.event))).one()
    now_with = await holders(database)
    assert (taken, now_with) in ((1, [OFFER["email"]]), (0, []))
    assert statuses.count(303) == 1  # either somebody accepted, or it was cancelled
