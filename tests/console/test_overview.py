"""What somebody who looks after an event sees first: its numbers, and what is on."""

from datetime import UTC, datetime, timedelta

from conference.registration.actions import ask_for_place
from tests.console.cast import MANAGE, Console, look, send
from tests.console.test_seats import fill
from tests.world import BEFORE

NUMBERS = "Registered {} Pending (link not opened yet) {} Places {} Seats booked in sessions {} Waiting for a seat {}"


async def test_an_organiser_sees_the_numbers_of_the_event(console: Console) -> None:
    await fill(console, "Ann", "Ben", "Cem")
    async with console.database.writing() as db:
        event = await db.merge(console.world.event)
        await ask_for_place(db, event, "new@x.example", "New", None, BEFORE, datetime.now(UTC), secret="s" * 32, address="/-")
    page = await look(console.organiser, MANAGE)
    assert NUMBERS.format(4, 1, "Places are not limited", 2, 1) in page.words
    assert "Hands-on workshop 2 2 1" in page.words


async def test_places_that_are_limited_are_said_with_how_many_are_taken(console: Console) -> None:
    stranger = console.browsers["stranger"]
    await send(stranger, "/manage/events/autumn/places", {"name": "One", "email": "one@x.example"})
    page = await look(stranger, "/manage")
    assert NUMBERS.format(1, 0, "1 of 1 place taken", 0, 0) in page.words


async def test_everybody_sees_the_own_events_alone(console: Console) -> None:
    assert [title in (await look(console.organiser, "/manage")).words for title in ("A day for libraries", "A long year")] == [True, False]
    stranger = await look(console.browsers["stranger"], "/manage")
    assert [title in stranger.words for title in ("A day for libraries", "A long year")] == [False, True]


async def test_a_moderator_is_led_to_the_stage_and_not_to_the_planning(console: Console) -> None:
    page = await look(console.browsers["moderator"], MANAGE)
    assert "Next Opening keynote Friday 25 June 2021" in page.words
    assert [f'href="{path}"' in page.text for path in (f"{MANAGE}/sessions/opening-keynote/stage", f"{MANAGE}/programme")] == [True, False]


async def test_whoever_looks_after_an_event_finds_its_desk_on_the_first_page(console: Console) -> None:
    for browser in (console.organiser, console.browsers["moderator"]):
        assert f'href="{MANAGE}/desk"' in (await look(browser, "/manage")).text


async def test_what_is_on_follows_the_house_clock(console: Console) -> None:
    house = console.organiser._transport.app.app.state.house  # type: ignore[attr-defined]
    house.clock.offset += timedelta(minutes=30)
    page = await look(console.organiser, MANAGE)
    assert "On now Opening keynote" in page.words
    assert "Next Hands-on workshop" in page.words
