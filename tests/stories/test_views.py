"""The stage on its speaker's phone, the names of who is here, and every view under axe."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ViewportSize, expect

from tests.live.cast import World, open_house
from tests.live.hall import act, ask, bring_speaker, poll
from tests.stories.barriers import barriers
from tests.stories.conftest import DESK, PHONE
from tests.stories.views import Visits, announce, page_without_policy, visits_to

HALL = ViewportSize(width=1280, height=720)


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path) -> AsyncIterator[World]:
    """A house of its own, in the middle of a session that has a speaker."""
    async with open_house(tmp_path) as opened:
        yield await bring_speaker(opened)


@pytest_asyncio.fixture(loop_scope="session")
async def visits(browser: Browser, house: World) -> AsyncIterator[Visits]:
    async with visits_to(browser, house) as visit:
        yield visit


async def test_the_speaker_sees_time_cues_and_questions_and_answers_in_writing(visits: Visits, house: World, pictures: Path) -> None:
    page = await visits("/speaker", "speaker", size=PHONE)
    await expect(page.locator("[data-line]")).to_contain_text("Live")
    await expect(page.locator("[data-words]")).to_have_text("30 minutes left")
    await expect(page.locator("[data-figures]")).to_have_text(re.compile(r"^(30:00|29:\d\d)$"))
    ids = [await ask(house, text) for text in ("How do small libraries begin?", "Which grants pay for travel?", "What next?")]
    await act(house, "voter", "upvote", question_id=ids[1])
    cards = page.locator("[data-list=open] .asked")
    await expect(cards.locator(".question__text")).to_have_text(
        ["Which grants pay for travel?", "How do small libraries begin?", "What next?"]
    )
    await act(house, "moderator", "pin", question_id=ids[2])
    await expect(cards.first).to_contain_text("Being answered now")
    await expect(cards.locator(".question__text").first).to_have_text("What next?")
    await act(house, "moderator", "give_cue", text="Please repeat the question for the hall.")
    await act(house, "moderator", "give_cue", text="Five minutes more.")
    await expect(page.locator(".cue").first).to_contain_text("Five minutes more.")
    await expect(page.locator("[data-says]")).to_have_text("From the moderators: Five minutes more.")
    await page.screenshot(path=pictures / "speaker-390.png", full_page=True)
    first = page.locator(f'[data-id="{ids[1]}"]')
    await first.get_by_text("Answer in writing").click()
    await first.get_by_label("Your answer").fill("Three of them, \nand all are listed")
    await act(house, "asker", "upvote", question_id=await ask(house, "A later one?", name="voter"))
    await expect(page.locator("[data-list=open]")).to_be_visible()
    await expect(first.get_by_label("Your answer")).to_have_value("Three of them, \nand all are listed")  # nothing took it away
    await first.get_by_role("button", name="Send the answer").click()
    await expect(page.locator("[data-list=answered]")).to_contain_text("and all are listed")
    await expect(page.locator("[data-says]")).to_have_text("Your answer is shown with the question.")
    await page.goto(house.stage().removesuffix("/stage"))
    await expect(page.get_by_text("5 questions were asked, 1 answered.")).to_have_count(0)
    await expect(page.get_by_text("4 questions were asked, 1 answered.")).to_be_visible()
    await expect(page.get_by_role("link", name="Answer these questions in writing")).to_be_visible()
    await page.screenshot(path=pictures / "session-kept-390.png", full_page=True)


async def test_the_time_left_goes_down_by_the_house_s_clock_and_over(visits: Visits, house: World, pictures: Path) -> None:
    await house.set_clock(house.cast.session.ends_at - timedelta(minutes=5, seconds=8))
    page = await visits("/speaker", "speaker", size=DESK)
    await expect(page.locator("[data-left=soon]")).to_be_visible(timeout=15_000)
    await expect(page.locator("[data-words]")).to_have_text("5 minutes left")
    await expect(page.locator("[data-says]")).to_have_text("5 minutes left")
    settings = {"moderated": "before", "chat_open": False, "slow_seconds": 0, "held_words": ""}
    await act(house, "moderator", "set_stage", late_minutes=10, **settings)
    await expect(page.get_by_text("Running late: about 10 minutes")).to_be_visible()
    await expect(page.locator("[data-words]")).to_have_text("15 minutes left")
    await act(house, "moderator", "set_stage", late_minutes=0, **settings)
    await house.set_clock(house.cast.session.ends_at + timedelta(minutes=2, seconds=3))
    house.floor.clock_moved()
    await expect(page.locator("[data-words]")).to_have_text("Over by 2 minutes")
    await expect(page.locator("[data-figures]")).to_have_text(re.compile(r"^\+02:\d\d$"))
    await page.screenshot(path=pictures / "speaker-over-1280.png", full_page=True)


async def test_the_speaker_without_javascript_answers_and_keeps_notes_that_moderators_read(
    visits: Visits, house: World, pictures: Path
) -> None:
    await ask(house, "How do small libraries begin?")
    page = await visits("/speaker", "speaker", size=PHONE, javascript=False)
    await page.get_by_text("Answer in writing").click()
    await page.get_by_label("Your answer").fill("With one letter.")
    await page.get_by_role("button", name="Send the answer").click()
    await expect(page.locator("[data-list=answered]")).to_contain_text("With one letter.")
    await page.get_by_label("How your name is said").fill("SPEE-ker")
    await page.get_by_label("No, don’t record me").check()
    await page.get_by_role("button", name="Keep the notes").click()
    await expect(page.get_by_role("status").first).to_contain_text("Your notes are kept")
    await expect(page.get_by_label("How your name is said")).to_have_value("SPEE-ker")
    await page.screenshot(path=pictures / "speaker-no-javascript-390.png", full_page=True)
    moderator = await visits("/speaker", "moderator", size=DESK)
    await expect(moderator.get_by_text("SPEE-ker")).to_be_visible()
    await expect(moderator.locator("dd", has_text=re.compile("^No$"))).to_be_visible()
    await act(house, "moderator", "give_cue", text="Nearly there.")
    await expect(moderator.locator(".cue").first).to_contain_text("Nearly there.")
    await ask(house, "Asked while a moderator looks on?", anonymous=True)
    await expect(moderator.locator(".asked").first).to_contain_text("Anonymous")
    await moderator.screenshot(path=pictures / "speaker-as-moderator-1280.png", full_page=True)


async def test_who_shows_their_name_is_read_by_the_others(visits: Visits, house: World, pictures: Path) -> None:
    page = await visits("/names", "asker", size=PHONE)
    async with house.ear("asker"), house.ear("voter"):
        await page.get_by_role("button", name="Show my name").click()
        await expect(page.locator("[data-names] li")).to_have_text(["Asker in Nairobi"])
        await expect(page.locator("[data-others]")).to_have_text("And 1 more person who is signed in.")
        await page.screenshot(path=pictures / "names-390.png", full_page=True)
        await page.get_by_role("button", name="Hide my name").click()
        await expect(page.locator("[data-names] li")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(browser: Browser, house: World, pictures: Path, scheme: Any) -> None:
    question_id = await ask(house, "How do small libraries begin?")
    await ask(house, "And how do they go on?")
    await act(house, "speaker", "write_answer", question_id=question_id, text="With one letter.")
    await act(house, "moderator", "give_cue", text="Five minutes more.")
    await act(house, "moderator", "add_caption", text="Good morning.")
    await announce(house, "Lunch is later.")
    await poll(house, live_results=True)
    session_page = house.stage().removesuffix("/stage")
    trouble = {}
    for name, size in (("speaker", PHONE if scheme == "light" else DESK), ("moderator", DESK)):
        async with page_without_policy(browser, house, name, size, scheme) as page:
            for path in (house.stage() + "/projector", house.stage() + "/speaker", house.stage() + "/names", session_page):
                if name == "moderator" and path.endswith("/names"):
                    continue
                await page.set_viewport_size(HALL if path.endswith("projector") else size)
                await page.goto(path)
                await page.screenshot(path=pictures / f"view-{path.split('/')[-1]}-{name}-{scheme}.png", full_page=True)
                wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if (found := await barriers(page)) or wide > 0 or await page.locator("h1").count() != 1:
                    trouble[name, path] = (found, wide)
    assert trouble == {}
