"""What a stage says of itself in a browser: announced, late, silenced, lost, over; in tabs, by keyboard, without a script."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ViewportSize, expect
from sqlmodel import col, update

from conference.programme.tables import Session
from tests.live.cast import World, open_house
from tests.live.hall import act, ask, poll
from tests.stories.barriers import barriers
from tests.stories.conftest import DESK, PHONE
from tests.stories.line import line_to
from tests.stories.stage_page import PATIENCE, card, fill_stage, is_live, run, tab
from tests.stories.views import Visits, announce, page_without_policy, visits_to

SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1280"])


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path) -> AsyncIterator[World]:
    """A house of its own, in the middle of a session."""
    async with open_house(tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def visits(browser: Browser, house: World) -> AsyncIterator[Visits]:
    async with visits_to(browser, house) as visit:
        yield visit


async def test_an_announcement_comes_and_goes(visits: Visits, house: World, pictures: Path) -> None:
    page = await visits("", size=PHONE)
    await is_live(page)
    await announce(house, "Lunch is at noon.")
    await expect(page.locator("[data-announcements]")).to_contain_text("Announcement: Lunch is at noon.", timeout=PATIENCE)
    await expect(page.locator("[data-told]")).to_have_text("Announcement: Lunch is at noon.")
    await page.screenshot(path=pictures / "stage-announcement-390.png")
    await house.set_clock(house.house.clock.now() + timedelta(hours=2))
    house.floor.look_at_once()
    await expect(page.locator("[data-announcements] > *")).to_have_count(0, timeout=PATIENCE)


async def test_captions_run_in_a_pane_that_speaks_only_when_asked_to(visits: Visits, house: World) -> None:
    page = await visits("?mode=text", size=PHONE)
    await is_live(page)
    pane = page.locator("[data-captions]")
    await expect(pane).to_be_hidden()
    for number in range(35):
        await act(house, "moderator", "add_caption", text=f"Line {number}.")
    await expect(pane).to_contain_text("Line 34.")
    lines = page.get_by_role("log", name="What is being said")
    await expect(lines.locator("p")).to_have_count(30)
    await expect(lines.get_by_text("Line 34.")).to_be_in_viewport()
    await expect(lines).to_have_attribute("aria-live", "off")
    await page.get_by_role("button", name="Read new lines out").press("Enter")
    await expect(lines).to_have_attribute("aria-live", "polite")
    await pane.locator("summary").click()
    await expect(lines).to_be_hidden()


async def test_whoever_is_silenced_reads_until_when_and_why_and_may_write_again(visits: Visits, house: World, pictures: Path) -> None:
    await run(house, chat_open=True, slow_seconds=20)
    question_id = await ask(house, "Something unkind?")
    page = await visits("", "asker", size=PHONE)
    await is_live(page)
    await page.get_by_text("Ask a question", exact=True).click()
    await expect(page.get_by_text("Slow mode: one question or message every 20 seconds.").first).to_be_visible()
    await act(house, "moderator", "silence", about_id=question_id, minutes=30, reason="Please be kind.")
    notice = page.locator("#questions [data-silenced]")
    await expect(notice).to_contain_text(re.compile(r"not write until \d\d:\d\d in London\.\s*The reason: Please be kind\."))
    await expect(page.get_by_text("Ask a question", exact=True)).to_be_hidden()
    await page.screenshot(path=pictures / "stage-silenced-390.png")
    async with house.ear("moderator", log="moderators") as ear:
        silence_id = (await ear.opened())["silences"][0]["id"]
    await act(house, "moderator", "lift", silence_id=silence_id)
    await expect(page.get_by_text("Ask a question", exact=True)).to_be_visible()
    await expect(notice).to_be_hidden()


async def test_a_late_start_is_said_while_the_page_is_open(visits: Visits, house: World) -> None:
    page = await visits("", size=PHONE)
    await is_live(page)
    await run(house, late_minutes=15)
    await expect(page.get_by_text("Running late: about 15 minutes")).to_be_visible()
    await run(house)
    await expect(page.get_by_text("Running late")).to_be_hidden()


async def test_a_ban_closes_the_page_in_words(visits: Visits, house: World, pictures: Path) -> None:
    question_id = await ask(house, "Something terrible?")
    page = await visits("", "asker", size=PHONE)
    await is_live(page)
    await act(house, "moderator", "silence", about_id=question_id, minutes=30, reason="That was too much.", ban=True)
    house.floor.look_at_once()
    bar = page.locator("[data-bar]")
    await expect(bar).to_contain_text("A moderator has closed this event’s stages for you.", timeout=PATIENCE)
    await page.screenshot(path=pictures / "stage-banned-390.png")
    await page.evaluate("addEventListener('pagehide', () => console.clear())")


@SIZES
async def test_a_lost_line_is_plain_to_see_and_can_be_tried_by_hand(
    browser: Browser, house: World, pictures: Path, size: ViewportSize
) -> None:
    for number in range(8):
        await ask(house, f"Question number {number}?")
    async with line_to(house.origin) as line:
        context = await browser.new_context(base_url=line.address, viewport=size)
        page = await context.new_page()
        await page.goto(house.stage())
        await is_live(page)
        await card(page, "Question number 7?").scroll_into_view_if_needed()
        line.cut()
        bar = page.locator("[data-bar]")
        await expect(bar).to_contain_text("The line is lost. We keep trying; nothing you sent is lost.", timeout=PATIENCE)
        await expect(bar).to_be_in_viewport()
        await page.screenshot(path=pictures / f"stage-lost-{size['width']}.png")
        await asyncio.sleep(4)  # so that the next try by itself is far away
        line.mend()
        await page.get_by_role("button", name="Try now").click()
        await expect(bar).to_be_hidden(timeout=2000)
        await context.close()


async def test_the_session_ends_and_nothing_that_was_typed_is_lost(visits: Visits, house: World, pictures: Path) -> None:
    async with house.house.database.writing() as db:
        ends = house.house.clock.now() + timedelta(seconds=8)
        await db.exec(update(Session).where(col(Session.id) == house.cast.session.id).values(ends_at=ends))
    page = await visits("", "voter", size=PHONE)
    await is_live(page)
    await page.get_by_text("Ask a question", exact=True).click()
    await expect(page.get_by_label("Your question", exact=True)).to_be_focused()
    await page.keyboard.type("One last thing?")
    bar = page.locator("[data-bar]")
    await expect(bar).to_contain_text("This session is over.", timeout=PATIENCE)
    await expect(page.get_by_label("Your question", exact=True)).to_have_value("One last thing?")
    await page.get_by_role("button", name="Load the page again").click()
    await page.wait_for_load_state()
    if not await page.locator("[data-kept]").count():  # the browser's clock was up to a second ahead of the house's
        await page.get_by_role("button", name="Load the page again").click()
    await expect(page.locator("[data-kept]")).to_contain_text("One last thing?")
    await expect(page.get_by_text("Asking and voting are closed.")).to_be_visible()
    await page.screenshot(path=pictures / "stage-over-390.png", full_page=True)


@SIZES
async def test_the_parts_are_tabs_that_the_arrows_move_through(visits: Visits, house: World, size: ViewportSize) -> None:
    await run(house, chat_open=True)
    await poll(house)
    page = await visits("", "voter", size=size)
    await is_live(page)
    await page.get_by_role("tab", name="Questions").focus()
    seen = []
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "Home", "End"):
        await page.keyboard.press(key)
        focused = page.locator("[role=tab]:focus")
        panel = page.locator(f"#{await focused.get_attribute('aria-controls')}")
        await expect(panel).to_be_visible()
        await expect(page.locator("[role=tabpanel]:visible")).to_have_count(1)
        seen.append(await panel.get_attribute("id"))
    assert seen == ["poll", "chat", "about", "questions", "about", "questions", "about"]
    await page.goto(f"{house.stage()}#chat")
    await page.reload()
    await expect(page.get_by_role("tab", name="Chat")).to_have_attribute("aria-selected", "true")


async def test_a_poll_is_answered_and_a_message_sent_by_keyboard_alone(visits: Visits, house: World) -> None:
    await run(house, chat_open=True)
    await poll(house)
    page = await visits("", "voter", size=DESK)
    await is_live(page)
    await page.get_by_role("tab", name="Questions").focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Change my answer")).to_be_focused()
    await page.get_by_role("tab", name="Poll").focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Tab")
    if not await page.get_by_label("Your message").evaluate("element => element === document.activeElement"):
        await page.keyboard.press("Tab")
    await page.keyboard.type("Without a mouse.")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-messages]")).to_contain_text("Without a mouse.")


async def test_the_same_without_javascript(visits: Visits, house: World, pictures: Path) -> None:
    await run(house, chat_open=True)
    await poll(house, "Where do you work?")
    page = await visits("", "voter", size=PHONE, javascript=False)
    await page.get_by_role("link", name="A poll is open: Where do you work?").click()
    await page.get_by_label("In a school").check()
    await page.get_by_role("button", name="Send my answer").click()
    await expect(page.get_by_label("In a school")).to_be_checked()
    await page.get_by_label("Your message").fill("Hello.")
    await page.get_by_role("button", name="Send", exact=True).click()
    await page.locator("[data-messages] > li", has_text="Hello.").get_by_role("link", name="Reply").click()
    await page.get_by_label("Your message").fill("To myself.")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator("[data-messages] > li", has_text="To myself.")).to_contain_text("Voter in Sydney: “Hello.”")
    await page.get_by_role("button", name="Applause").click()
    await expect(page.locator("[data-total=applause]")).to_have_text("1")
    await page.get_by_text("I need help").click()
    await page.get_by_label("I can’t hear").check()
    await page.get_by_role("button", name="Tell the organisers").click()
    await expect(page.locator("[data-help-answers]")).to_contain_text("The organisers have your message and see to it.")
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    await page.screenshot(path=pictures / "stage-parts-no-javascript-390.png", full_page=True)
    assert wide == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_any_part(browser: Browser, house: World, pictures: Path, scheme: str) -> None:
    await fill_stage(house)
    size = PHONE if scheme == "light" else DESK
    async with page_without_policy(browser, house, "voter", size, scheme) as page:
        await page.goto(house.stage())
        await is_live(page)
        trouble: dict[str, Any] = {}
        for name in ("Questions", "Poll", "Chat", "About"):
            await tab(page, name)
            if name == "Questions":
                await page.get_by_text("Ask a question", exact=True).click()
                await page.get_by_label("Your question", exact=True).fill("Who is paying for visits?")
                await page.get_by_text("I need help").click()
                await expect(page.locator("[data-alike]")).to_be_visible()
            await page.screenshot(path=pictures / f"stage-axe-{name.lower()}-{scheme}.png", full_page=True)
            wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if (found := await barriers(page)) or wide:
                trouble[name] = (found, wide)
        assert trouble == {}
