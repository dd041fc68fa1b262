"""Two organisers open the same session; who saves second sees what the first one saved."""

import pytest
from httpx2 import AsyncClient

from conference.people.actions import grant_role
from conference.people.tables import Person, RoleKind
from tests.console.cast import TALK, Console, change, look, send
from tests.world import BEFORE


@pytest.fixture
async def colleague(console: Console) -> AsyncClient:
    """A second organiser's browser."""
    async with console.database.writing() as db:
        person = await db.get_one(Person, console.people["stranger"].id)
        await grant_role(db, person, console.world.event.id, RoleKind.organiser, BEFORE)
    return console.browsers["stranger"]


async def test_the_second_to_save_overwrites_nothing_and_loses_nothing(console: Console, colleague: AsyncClient) -> None:
    mine = (await look(console.organiser, TALK)).form(TALK) | {"title": "My title", "speaker-ada": "yes"}
    assert (await change(colleague, TALK, starts="10:30", room="side")).said.startswith("Released as version 2")

    page = await send(console.organiser, TALK, mine)
    assert page.status == 409
    assert page.beside == {
        "title": "Title, as saved now: Opening keynote",
        "room": "Room, as saved now: Side room, The hall",
        "starts": "Start, as saved now: 10:30",
        "speakers": "Speakers, as saved now: nothing",
    }
    assert "Somebody else saved “Opening keynote” after you opened it." in page.words
    kept = page.form(TALK)
    assert {name: kept[name] for name in mine if name != "seen"} == {name: mine[name] for name in mine if name != "seen"}
    session = (await console.session("opening-keynote")).session
    assert (session.title, session.sequence) == ("Opening keynote", 1)


async def test_saving_again_after_having_seen_it_is_a_release(console: Console, colleague: AsyncClient) -> None:
    mine = (await look(console.organiser, TALK)).form(TALK) | {"title": "My title"}
    await change(colleague, TALK, starts="10:30")
    seen = (await send(console.organiser, TALK, mine)).form(TALK)
    page = await send(console.organiser, TALK, seen | {"starts": "10:30"})
    assert page.said == "Released as version 3: title changed from “Opening keynote” to “My title”."


async def test_a_form_that_never_said_what_it_saw_is_refused(console: Console) -> None:
    blind = (await look(console.organiser, TALK)).form(TALK) | {"title": "Blind"}
    assert (await send(console.organiser, TALK, blind | {"seen": ""})).status == 409
    assert (await send(console.organiser, TALK, blind | {"seen": "nonsense"})).status == 409
    assert (await console.session("opening-keynote")).session.title == "Opening keynote"


async def test_a_session_cancelled_meanwhile_stays_cancelled(console: Console, colleague: AsyncClient) -> None:
    mine = (await look(console.organiser, TALK)).form(TALK) | {"title": "My title"}
    await send(colleague, f"{TALK}/cancellation", {"reason": "Flooded."})
    page = await send(console.organiser, TALK, mine)
    assert (page.status, "“Opening keynote” was cancelled." in page.words) == (409, True)
