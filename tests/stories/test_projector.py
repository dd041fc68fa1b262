"""The stage on a hall's screen, in a browser and under the strict policy: live, without JavaScript, and with questions of any length."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ViewportSize, expect

from conference.live.rules import MAX_TEXT
from conference.programme.tables import Session
from tests.live.cast import World, open_house
from tests.live.hall import act, ask, bring_speaker, poll
from tests.stories.views import Visits, announce, visits_to

HALL, BIG_HALL = ViewportSize(width=1280, height=720), ViewportSize(width=1920, height=1080)
LONG = (
    "Could you tell us how a small library without any budget for travel begins to work with partners in other countries, "
    "and who should be asked first? "
)
OVERFLOWS = """() => {
  const page = document.documentElement;
  return [page.scrollWidth > innerWidth, page.scrollHeight > innerHeight];
}"""
CUT_OFF = """() => [...document.querySelectorAll("[data-main], [data-kind=pinned] .big__text")]
  .filter((each) => each.scrollHeight > each.clientHeight + 1).length"""


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path) -> AsyncIterator[World]:
    """A house of its own, in the middle of a session that has a speaker."""
    async with open_house(tmp_path) as opened:
        yield await bring_speaker(opened)


@pytest_asyncio.fixture(loop_scope="session")
async def visits(browser: Browser, house: World) -> AsyncIterator[Visits]:
    async with visits_to(browser, house) as visit:
        yield visit


@pytest.mark.parametrize("size", [HALL, BIG_HALL], ids=["1280", "1920"])
async def test_the_hall_sees_what_happens_as_it_happens(visits: Visits, house: World, pictures: Path, size: ViewportSize) -> None:
    page = await visits("/projector", size=size)
    await expect(page.get_by_text("Ask the first question.")).to_be_visible()
    await expect(page.locator("[data-line]")).to_be_empty()
    await page.screenshot(path=pictures / f"projector-empty-{size['width']}.png")
    texts = ["How do small libraries begin?", LONG * 3, "What would you do differently?", "Which grants pay for travel?"]
    ids = [await ask(house, text, anonymous=number == 2) for number, text in enumerate(texts)]
    await act(house, "voter", "upvote", question_id=ids[3])
    await expect(page.locator(".big")).to_have_count(3)
    await expect(page.locator(".big__text").first).to_have_text("Which grants pay for travel?")
    await expect(page.locator(".big").first).to_contain_text("1 vote")
    await page.screenshot(path=pictures / f"projector-top-{size['width']}.png")
    await act(house, "moderator", "pin", question_id=ids[2])
    await expect(page.locator(".big")).to_have_count(1)
    await expect(page.locator(".big__text")).to_have_text("What would you do differently?")
    await expect(page.locator(".big")).to_contain_text("Anonymous")
    text_size = await page.locator(".big__text").evaluate("element => parseFloat(getComputedStyle(element).fontSize)")
    assert round(text_size / size["width"], 3) == 0.06
    await act(house, "moderator", "add_caption", text="Let us begin with what went wrong the first time.")
    await announce(house, "Lunch is half an hour later today: at 13:00.")
    await expect(page.locator("[data-caption]")).to_have_text("Let us begin with what went wrong the first time.")
    await expect(page.get_by_text("Lunch is half an hour later today")).to_be_visible()
    await page.screenshot(path=pictures / f"projector-pinned-{size['width']}.png")
    poll_id = await poll(house, live_results=True)
    await expect(page.locator(".poll-chart")).to_contain_text("Nobody has answered yet.")
    await act(house, "voter", "cast", poll_id=poll_id, choices=["1"])
    await expect(page.locator(".poll-chart")).to_contain_text("1 person answered")
    await expect(page.locator(".big__text")).to_be_visible()  # what is being answered stays
    await act(house, "moderator", "close_poll", poll_id=poll_id)
    await expect(page.locator(".poll-chart")).to_contain_text("Closed")
    await expect(page.locator(".bar").nth(1)).to_contain_text("100%")
    await page.screenshot(path=pictures / f"projector-poll-{size['width']}.png")
    assert await page.evaluate(OVERFLOWS) == [False, False]
    await page.reload()
    await expect(page.locator(".poll-chart")).to_be_visible()  # it was closed only now
    await act(house, "moderator", "pin", question_id=ids[0])
    await expect(page.locator(".poll-chart")).to_have_count(0)


@pytest.mark.parametrize("size", [HALL, BIG_HALL, ViewportSize(width=1024, height=768)], ids=["1280", "1920", "4:3"])
async def test_a_question_of_any_length_fits(visits: Visits, house: World, pictures: Path, size: ViewportSize) -> None:
    page = await visits("/projector", size=size)
    await announce(house, "The second keynote begins at 11:30, on this stage. " * 3)
    await act(house, "moderator", "add_caption", text="And so on. " * 25)
    texts = ["Why?", (LONG * 4)[:MAX_TEXT], "図書館は" * (MAX_TEXT // 4), "W" * MAX_TEXT, "A\n" * (MAX_TEXT // 2 - 1) + "A"]
    sizes = []
    for number, text in enumerate(texts):
        await act(house, "moderator", "pin", question_id=await ask(house, text))
        await expect(page.locator("[data-kind=pinned] .big__text")).to_contain_text(" ".join(text.split())[:20])
        await expect(page.locator(".big")).to_have_count(1)
        await page.screenshot(path=pictures / f"projector-long-{number}-{size['width']}.png")
        assert (await page.evaluate(OVERFLOWS), await page.evaluate(CUT_OFF)) == ([False, False], 0)
        sizes.append(int(await page.locator(".big").get_attribute("data-size") or 0))
    assert sizes[0] == 1
    assert sizes[1] > 3


async def test_without_javascript_the_hall_comes_anew_by_itself(visits: Visits, house: World, pictures: Path) -> None:
    page = await visits("/projector", javascript=False, size=HALL)
    question_id = await ask(house, "Does this work without a script?")
    await act(house, "moderator", "pin", question_id=question_id)
    poll_id = await poll(house)
    await page.get_by_role("link", name="Look again").click()
    await expect(page.locator(".big__text")).to_have_text("Does this work without a script?")
    await expect(page.locator(".poll-chart")).to_contain_text("In a public library · In a school · Elsewhere")
    assert await page.locator("meta[http-equiv=refresh]").get_attribute("content") == "15"
    await page.screenshot(path=pictures / "projector-no-javascript-1280.png")
    await act(house, "moderator", "close_poll", poll_id=poll_id)


async def test_before_the_session_the_hall_waits_with_its_title(visits: Visits, house: World, pictures: Path) -> None:
    async with house.house.database.writing() as db:
        session = await db.get(Session, house.cast.later.id)
        assert session
        session.starts_at = house.house.clock.now() + timedelta(minutes=11, seconds=50)
    page = await visits("/projector", session=house.cast.later, size=HALL)
    await expect(page.get_by_text("Starts in 12 minutes")).to_be_visible()
    await page.screenshot(path=pictures / "projector-before-1280.png")
    over = await visits("/projector", session=house.cast.over, size=HALL)
    await expect(over.get_by_text("This session has ended.")).to_be_visible()
