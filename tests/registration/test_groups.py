"""An institution's places: so many at once within a limit, named later, each confirmed by its person, and never one too many."""

import asyncio
import time
from datetime import UTC, datetime

import pytest
from httpx2 import AsyncClient, Limits
from sqlmodel import col, select

from conference.errors import Invalid
from conference.registration.grouping import end_due_groups
from conference.registration.handing_rules import Named, read_names
from conference.registration.handing_tables import GroupRegistration, PlaceInvitation
from conference.registration.questions import set_choices
from conference.registration.tables import CapacityPool, HeldBack, PoolServes, Registration
from conference.settings import Settings
from conference.storage.database import Database
from tests.registration.test_interest import bodies
from tests.registration.test_registering import REGISTER, mails, path_in
from tests.servers import serving
from tests.world import BEFORE, TEN_IN_LONDON, World, build_world, cookie_of, delegate, rehearse

GROUP = REGISTER + "/group"
NAMES = "Delegate in Riga, riga@delegates.example\n\nDelegate in Oslo <oslo@delegates.example>"


async def open_to_groups(database: Database, world: World, places: int, limit: int = 5) -> None:
    async with database.writing() as db:
        db.add(CapacityPool(event_id=world.event.id, capacity=places, waiting=True))
        await set_choices(db, world.event, limit, None, None, BEFORE)


async def sign_in_contact(sqlite: Database, world: World, browser: AsyncClient) -> None:
    await browser.post("/sign-out")
    async with sqlite.writing() as db:
        browser.cookies.update(await cookie_of(db, await delegate(db, world, "Contact in Riga", registered=False)))


async def pool_of(database: Database) -> tuple[int, int]:
    """Taken, held back."""
    async with database.reading() as db:
        pool = (await db.exec(select(CapacityPool).where(CapacityPool.serves == PoolServes.event))).one()
    return pool.taken, pool.held


async def test_places_are_taken_named_confirmed_and_the_rest_goes_back_on_its_day(
    browser: AsyncClient, sqlite: Database, world: World, settings: Settings
) -> None:
    await open_to_groups(sqlite, world, 6)
    assert (await browser.get(GROUP)).url.path == "/sign-in"
    await sign_in_contact(sqlite, world, browser)
    many = await browser.post(GROUP, data={"institution": "National Library", "places": "6"})
    assert (many.status_code, "One institution may take at most 5 places" in many.text) == (422, True)
    await browser.post(GROUP, data={"institution": "National Library", "places": "4"})
    assert await pool_of(sqlite) == (0, 4)
    again = await browser.post(GROUP, data={"institution": "National Library", "places": "2"})
    assert (again.status_code, await pool_of(sqlite)) == (409, (0, 4))
    wrong = await browser.post(GROUP + "/names", data={"names": NAMES + "\nNobody"})
    assert (wrong.status_code, "Line 4: enter a name, a comma, and an e-mail address." in wrong.text) == (422, True)
    await browser.post(GROUP + "/names", data={"names": NAMES})
    riga, oslo = [mail for mail in await mails(sqlite) if mail.template == "place_offered"]
    await browser.post("/sign-out")
    read = await browser.get(path_in(riga))
    assert "Contact in Riga has a place for you among those of National Library." in read.text
    await browser.post(path_in(riga), data={"name": "Delegate in Riga"})
    await browser.post(path_in(oslo) + "/decline")
    assert await pool_of(sqlite) == (1, 3)
    await sign_in_contact(sqlite, world, browser)
    page = (await browser.get(GROUP)).text
    assert [words in page for words in ("1 confirmed, 3 with nobody yet", "Declined", "10:00 on Friday 25 June 2021")] == [True] * 3
    async with sqlite.writing() as db:
        assert await end_due_groups(db, BEFORE, datetime.now(UTC)) == 0
    async with sqlite.writing() as db:
        assert await end_due_groups(db, TEN_IN_LONDON, datetime.now(UTC)) == 1
    async with sqlite.writing() as db:
        assert await end_due_groups(db, TEN_IN_LONDON, datetime.now(UTC)) == 0
    assert await pool_of(sqlite) == (1, 0)
    whole = await bodies(sqlite, settings)
    assert "Subject: 1 of 4 places at A day for libraries are confirmed" in whole[-1]
    assert [
        sum(words in body for body in whole) for words in ("4 places at A day for libraries are kept", "among those of National Library.")
    ] == [1, 2]


async def test_what_the_contact_gives_back_is_everybodys_and_open_links_end(browser: AsyncClient, sqlite: Database, world: World) -> None:
    await open_to_groups(sqlite, world, 2)
    await sign_in_contact(sqlite, world, browser)
    await browser.post(GROUP, data={"institution": "National Library", "places": "2"})
    async with sqlite.writing() as db:
        await delegate(db, world, "Waiting in Lima")
    assert await pool_of(sqlite) == (0, 2)
    await browser.post(GROUP + "/names", data={"names": NAMES})
    async with sqlite.reading() as db:
        first, _ = (await db.exec(select(PlaceInvitation).order_by(col(PlaceInvitation.id)))).all()
    full = await browser.post(GROUP + "/names", data={"names": "Delegate in Bonn, bonn@delegates.example"})
    assert (full.status_code, "0 of your places have nobody yet, and these are 1 names." in full.text) == (422, True)
    await browser.post(f"{GROUP}/names/{first.id}/withdrawal")
    riga, oslo = [mail for mail in await mails(sqlite) if mail.template == "place_offered"]
    assert (await browser.post(path_in(riga), data={"name": "Delegate"})).status_code == 409
    await browser.post(GROUP + "/ending")
    assert (await browser.post(path_in(oslo), data={"name": "Delegate"})).status_code == 409
    assert await pool_of(sqlite) == (1, 0)  # and the one that waited has a place


async def test_a_group_gets_all_of_its_places_or_none(browser: AsyncClient, sqlite: Database, world: World) -> None:
    await sign_in_contact(sqlite, world, browser)
    nobody = await browser.post(GROUP, data={"institution": "National Library", "places": "2"})
    assert (nobody.status_code, "Everybody registers for A day for libraries on their own" in nobody.text) == (409, True)
    await open_to_groups(sqlite, world, 2)
    few = await browser.post(GROUP, data={"institution": "National Library", "places": "3"})
    assert (few.status_code, "only 2 places are left. Nothing was taken." in few.text) == (409, True)
    assert await pool_of(sqlite) == (0, 0)
    spam = await browser.post(GROUP, data={"institution": "win at www.evil.example", "places": "1"})
    assert spam.status_code == 422


async def test_groups_and_single_people_together_never_take_one_too_many(database: Database, settings: Settings) -> None:
    """Ten groups of four and twenty people, all at once, for 23 places: what is taken and held back is never more, and all is used."""
    async with database.writing() as db:
        world = await build_world(db)
        contacts = [await cookie_of(db, await delegate(db, world, f"Contact {number}", registered=False)) for number in range(10)]
        singles = [await cookie_of(db, await delegate(db, world, f"Single {number}", registered=False)) for number in range(20)]
    await rehearse(database, BEFORE)
    await open_to_groups(database, world, 23)
    async with (
        serving(settings.model_copy(update={"database_url": database.url})) as address,
        AsyncClient(base_url=address, limits=Limits(max_connections=30), timeout=60) as client,
    ):

        async def send(cookie: dict[str, str], path: str, data: dict[str, str]) -> int:
            answer = await client.post(path, data=data, headers={"Cookie": f"sign_in={cookie['sign_in']}"})
            return answer.status_code

        taking = [send(cookie, GROUP, {"institution": "A library", "places": "4"}) for cookie in contacts]
        registering = [send(cookie, REGISTER, {}) for cookie in singles]
        statuses = await asyncio.gather(*[act for pair in zip(taking, registering[:10], strict=True) for act in pair], *registering[10:])
    assert set(statuses) <= {303, 409}
    async with database.reading() as db:
        groups = (await db.exec(select(GroupRegistration))).all()
        held = (await db.exec(select(HeldBack))).all()
        places = (await db.exec(select(Registration))).all()
    taken, kept = await pool_of(database)
    assert (taken, kept) == (len(places), 4 * len(groups))
    assert (taken + kept, len(held)) == (23, len(groups))


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("Delegate in Riga riga@delegates.example", ""),
        ('"Delegate in Riga" <riga@delegates.example>,', ""),
        ("Delegate in Riga;riga@delegates.example", ""),
        ("riga@delegates.example", "Line 1: Enter your name."),
        ("Delegate in Riga", "Line 1: enter a name, a comma, and an e-mail address."),
        ("Delegate in Riga, riga@", "Line 1: enter a name, a comma, and an e-mail address."),
        ("\nDelegate, there@delegates.example", "Line 2: there@delegates.example is on the list already."),
        ("www.evil.example, riga@delegates.example", "Line 1: Enter a name without a web or e-mail address in it."),
    ],
)
def test_a_list_of_names_is_read_as_people_write_it(typed: str, wrong: str) -> None:
    if not wrong:
        assert read_names(typed, ["there@delegates.example"], 1) == [Named("Delegate in Riga", "riga@delegates.example")]
        return
    with pytest.raises(Invalid) as no:
        read_names(typed, ["there@delegates.example"], 1)
    assert no.value.fields == {"names": wrong}


def test_a_line_made_to_be_slow_is_read_as_fast_as_any() -> None:
    began = time.process_time()
    with pytest.raises(Invalid):
        read_names("@" * 1000 + " x", [], 1)
    with pytest.raises(Invalid):
        read_names("@" * 60_000, [], 1)
    assert time.process_time() - began < 1
