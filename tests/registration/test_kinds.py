"""Ways to take part on the form, and codes that open places held back."""

from datetime import UTC, datetime

import pytest
from httpx2 import AsyncClient
from sqlmodel import col, select

from conference.errors import TooMany
from conference.people.actions import know_person
from conference.registration.actions import cancel_registration
from conference.registration.form_actions import adopt_waiting_forms
from conference.registration.form_queries import answers_of
from conference.registration.form_reading import field_name
from conference.registration.kinds import note_code_try
from conference.registration.pooling import hold_back
from conference.registration.questions import add_question
from conference.registration.tables import CapacityPool, HeldBack, Registration, TicketKind
from conference.storage.database import Database
from tests.registration.test_form import COUNTRY
from tests.registration.test_registering import FORM, REGISTER, mails, path_in
from tests.world import BEFORE, World, cookie_of, delegate


@pytest.fixture
async def code(sqlite: Database, world: World) -> str:
    """An event with one place, held back; recordings for everybody besides. The code."""
    real_now = datetime.now(UTC)
    async with sqlite.writing() as db:
        pool = CapacityPool(event_id=world.event.id, capacity=1, waiting=True)
        db.add(pool)
        await db.flush()
        db.add(TicketKind(event_id=world.event.id, slug="day", name="The day", position=1, pool_id=pool.id))
        db.add(TicketKind(event_id=world.event.id, slug="recordings", name="Recordings only", position=2, takes_part=False))
        _, opens = await hold_back(db, world.event, pool.id, "Bursaries", 1, BEFORE, real_now, with_code=True)
    return opens


async def kinds(sqlite: Database) -> list[str]:
    async with sqlite.reading() as db:
        rows = select(TicketKind.slug).join(Registration).where(col(Registration.cancelled_at).is_(None))
        return list(await db.exec(rows))


async def test_recordings_only_takes_no_place_and_can_become_one(code: str, browser: AsyncClient, sqlite: Database, world: World) -> None:
    page = (await browser.get(REGISTER)).text
    assert [words in page for words in ("Recordings only", 'name="code"', 'value="day" checked')] == [True] * 3
    none = await browser.post(REGISTER, data={**FORM, "kind": "nothing"})
    assert (none.status_code, "Choose how you take part." in none.text) == (422, True)
    await browser.post(REGISTER, data={**FORM, "kind": "recordings"})
    await browser.post(path_in((await mails(sqlite))[0]))
    assert await kinds(sqlite) == ["recordings"]
    seat = await browser.post(f"/events/wi-test/sessions/{world.workshop.slug}/booking")
    assert seat.status_code == 403
    waits = await browser.post(REGISTER + "/kind", data={"kind": "day"})
    assert "you are on its waiting list, and keep what you have" in waits.text
    assert await kinds(sqlite) == ["recordings"]


async def test_a_code_opens_a_place_held_back_and_guessing_is_limited(
    code: str, browser: AsyncClient, sqlite: Database, world: World
) -> None:
    wrong = await browser.post(REGISTER, data={**FORM, "kind": "day", "code": "GUESS-ED"})
    assert (wrong.status_code, "No places are kept under this code." in wrong.text, 'value="GUESS-ED"' in wrong.text) == (422, True, True)
    await browser.post(REGISTER, data={**FORM, "kind": "day", "code": code.lower()})
    await browser.post(path_in((await mails(sqlite))[0]))
    assert await kinds(sqlite) == ["day"]
    async with sqlite.reading() as db:
        assert (await db.exec(select(HeldBack.used))).one() == 1
    await browser.post("/sign-out")
    async with sqlite.writing() as db:
        browser.cookies.update(await cookie_of(db, await delegate(db, world, "Guesser", registered=False)))
    tries = [await browser.post(REGISTER, data={"kind": "day", "code": f"GUESS-{number}"}) for number in range(6)]
    assert [answer.status_code for answer in tries] == [422] * 6
    assert ["Too many codes were tried" in answer.text for answer in tries] == [False] * 5 + [True]


async def test_a_network_has_its_own_number_of_tries(sqlite: Database, world: World) -> None:
    real_now = datetime.now(UTC)
    async with sqlite.writing() as db:
        for _ in range(50):
            await note_code_try(db, world.event, None, "198.51.100.7", real_now)
        await note_code_try(db, world.event, None, "198.51.100.8", real_now)
        with pytest.raises(TooMany):
            await note_code_try(db, world.event, None, "198.51.100.7", real_now)


async def test_what_was_answered_on_the_waiting_list_goes_with_the_place(
    code: str, browser: AsyncClient, sqlite: Database, world: World
) -> None:
    real_now = datetime.now(UTC)
    async with sqlite.writing() as db:
        question = await add_question(db, world.event, COUNTRY, BEFORE)
    holder = {**FORM, "kind": "day", field_name(question): "GH"}
    await browser.post(REGISTER, data={**holder, "code": code})
    await browser.post(path_in((await mails(sqlite))[0]))
    await browser.post("/sign-out")
    await browser.post(REGISTER, data={**holder, "email": "lima@delegates.example", field_name(question): "PE"})
    await browser.post(path_in((await mails(sqlite))[-1]))
    async with sqlite.writing() as db:
        assert await adopt_waiting_forms(db, BEFORE) == 0
    async with sqlite.writing() as db:
        held = (await db.exec(select(HeldBack))).one()
        held.closed_at = BEFORE  # what is given back is everybody's
        first = await know_person(db, FORM["email"], "", BEFORE)
        await cancel_registration(db, world.event, first, BEFORE, real_now)
    async with sqlite.writing() as db:
        assert await adopt_waiting_forms(db, BEFORE) == 1
    async with sqlite.reading() as db:
        place = (await db.exec(select(Registration).where(col(Registration.cancelled_at).is_(None)))).one()
        assert await answers_of(db, place.id) == {question.id: ["PE"]}
