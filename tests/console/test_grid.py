"""The planning grid: every move is a draft, by form or by the element's request; who was too late is told, and loses nothing."""

from collections.abc import Mapping
from urllib.parse import urlencode

import pytest
from httpx2 import AsyncClient, Response

from conference.programme.drafting import draft_cancellation
from conference.programme.planned import Planned, planned_at
from tests.console.cast import MANAGE, Console, Fields, look, send
from tests.world import BEFORE

GRID = f"{MANAGE}/grid"
MOVES = f"{MANAGE}/sessions/opening-keynote/moves"


async def planned(console: Console, slug: str = "opening-keynote") -> Planned:
    async with console.database.reading() as db:
        return await planned_at(db, "wi-test", slug)


async def moved(browser: AsyncClient, fields: Mapping[str, str], path: str = MOVES) -> Response:
    """What the element sends."""
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    return await browser.post(path, content=urlencode(fields), headers=headers)


async def test_a_move_by_form_is_a_draft_that_nobody_else_sees(console: Console) -> None:
    form = (await look(console.organiser, GRID)).form(MOVES)
    assert {name: form[name] for name in ("day", "starts", "room")} == {"day": "2021-06-25", "starts": "10:00", "room": "main"}
    page = await send(console.organiser, MOVES, form | {"starts": "12:35", "room": "side"})
    said = "“Opening keynote” is moved to 12:35–13:35 on Friday 25 June 2021, Side room, The hall: a draft, until it is released."
    assert (page.status, page.said) == (200, said)
    assert "Moved 12:35–13:35 , Side room, The hall published: Fri 25 June, 10:00–11:00, Main stage" in page.words
    assert "1 session is drafted otherwise than published." in page.words
    assert (await console.session("opening-keynote")).room.slug == "main"
    one = await planned(console)
    assert one.draft
    assert (one.facts.room.slug, sorted(one.draft.patch)) == ("side", ["ends_at", "room_id", "starts_at"])
    assert one.draft.person_id == console.people["organiser"].id


async def test_what_was_moved_can_be_put_back_with_one_button(console: Console) -> None:
    form = (await look(console.organiser, GRID)).form(MOVES)
    page = await send(console.organiser, MOVES, form | {"starts": "12:35"})
    page = await send(console.organiser, MOVES, page.form(MOVES) | {"back": "yes"})
    assert page.said == "“Opening keynote” is moved to 10:00–11:00 on Friday 25 June 2021, Main stage, where it is published."
    assert (await planned(console)).draft is None
    page = await send(console.organiser, MOVES, page.form(MOVES))
    assert page.said == "“Opening keynote” stays where it is."


async def test_the_element_is_answered_in_json(console: Console) -> None:
    wanted = {"day": "2021-06-25", "starts": "11:05", "room": "main", "seen": (await planned(console)).version}
    answer = await moved(console.organiser, wanted)
    said = "“Opening keynote” is moved to 11:05–12:05 on Friday 25 June 2021, Main stage: a draft, until it is released."
    assert (answer.status_code, answer.json()) == (200, {"said": said})
    late = await moved(console.organiser, wanted | {"starts": "11:10"})
    assert (late.status_code, late.json()["error"]) == (409, "stale")
    assert late.json()["sentence"].startswith("Somebody else saved “Opening keynote” after you opened it.")
    outside = await moved(console.organiser, wanted | {"starts": "23:00", "seen": (await planned(console)).version})
    assert (outside.status_code, outside.json()["sentence"]) == (
        422,
        "The start must lie within the event, which lasts from 10:00 to 17:00 on Friday 25 June 2021.",
    )


async def test_who_moves_by_form_too_late_keeps_what_was_typed(console: Console) -> None:
    form = (await look(console.organiser, GRID)).form(MOVES)
    await send(console.organiser, MOVES, form | {"starts": "12:35"})
    late = await send(console.organiser, MOVES, form | {"starts": "13:00"})
    assert late.status == 409
    assert "Somebody else saved meanwhile" in late.words
    again = late.form(MOVES)
    assert (again["starts"], again["seen"]) == ("13:00", (await planned(console)).version)
    assert (await send(console.organiser, MOVES, again)).said.startswith("“Opening keynote” is moved to 13:00–14:00")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"starts": "half past"}, "Enter a time on the 24-hour clock, such as 09:30 or 14:05."),
        ({"starts": ""}, "Enter when it starts, such as 14:05."),
        ({"room": "library"}, "Choose a room from the list."),
        ({"day": "2021-06-26"}, "The start must lie within the event, which lasts from 10:00 to 17:00 on Friday 25 June 2021."),
        ({"starts": "16:30"}, "The end must lie within the event, which lasts from 10:00 to 17:00 on Friday 25 June 2021."),
    ],
)
async def test_a_move_to_where_nothing_can_be_is_refused_beside_the_session(console: Console, typed: Fields, sentence: str) -> None:
    form = (await look(console.organiser, GRID)).form(MOVES)
    page = await send(console.organiser, MOVES, form | typed)
    assert (page.status, page.words.count(sentence)) == (422, 2)
    assert (await planned(console)).draft is None


async def test_warnings_stand_above_the_grid(console: Console) -> None:
    assert "things to look at" not in (await look(console.organiser, GRID)).words
    form = (await look(console.organiser, GRID)).form(MOVES)
    page = await send(console.organiser, MOVES, form | {"starts": "10:30"})
    assert "1 thing to look at" in page.words
    assert "Room taken twice. Main stage is taken twice on Friday 25 June 2021, 11:00–11:30" in page.words


async def test_only_the_organisers_of_the_event_come_here(console: Console) -> None:
    form = (await look(console.organiser, GRID)).form(MOVES)
    for who, status in {"moderator": 403, "delegate": 403, "stranger": 403, "nobody": 401}.items():
        assert (await console.browsers[who].get(GRID, headers={"Accept": "application/json"})).status_code == status
        assert (await moved(console.browsers[who], form | {"starts": "12:00"})).status_code == status
    assert (await moved(console.browsers["stranger"], form, "/manage/events/autumn/sessions/opening-keynote/moves")).status_code == 404
    assert (await planned(console)).draft is None


async def test_a_session_that_is_to_be_cancelled_is_not_moved_by_the_way(console: Console) -> None:
    form = (await look(console.organiser, GRID)).form(MOVES)
    async with console.database.writing() as db:
        one = await planned_at(db, "wi-test", "opening-keynote")
        await draft_cancellation(db, one.facts.event, one, "The speaker is ill.", BEFORE)
    page = await look(console.organiser, GRID)
    assert "To be cancelled" in page.words
    assert MOVES not in page.forms
    answer = await moved(console.organiser, form | {"starts": "12:00"})
    assert (answer.status_code, answer.json()["error"]) == (409, "conflict")
    draft = (await planned(console)).draft
    assert draft
    assert (draft.act, draft.reason) == ("cancel", "The speaker is ill.")
