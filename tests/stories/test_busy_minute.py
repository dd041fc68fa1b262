"""A minute in which a hundred things happen on a stage: what a screen reader is told of it, and what it weighs on a thin line."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.live.cast import World, open_house
from tests.live.hall import act, ask, poll
from tests.stories.conftest import PHONE
from tests.stories.stage_page import fill_stage, is_live, run

HANDFUL = 6
PAGE_BYTES = 60_000  # of a page in text only, all of it
LINE_BITS = 64_000  # in a second
# What a screen reader would be told: each change of the words in a region that speaks.
EARS = """
globalThis.told = [];
const speaks = (node) => {
  const region = node.closest?.("[aria-live], [role=status], [role=alert], [role=log]");
  if (!region) return null;
  const live = region.getAttribute("aria-live") ?? { status: "polite", log: "polite", alert: "assertive" }[region.getAttribute("role")];
  return live === "off" ? null : region;
};
new MutationObserver((changes) => {
  const regions = new Set(changes.map(({ target }) => speaks(target.nodeType === 1 ? target : target.parentElement)).filter(Boolean));
  for (const region of regions) if (region.textContent.trim()) told.push(region.textContent.trim());
}).observe(document, { subtree: true, childList: true, characterData: true });
"""


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path) -> AsyncIterator[World]:
    async with open_house(tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser, house: World) -> AsyncIterator[BrowserContext]:
    """The voter's, with somebody listening to all that is said."""
    context = await browser.new_context(base_url=house.origin, viewport=PHONE, locale="en-GB", timezone_id="Europe/London")
    await context.add_cookies([{"name": "sign_in", "value": house.cast.tokens["voter"], "url": house.origin}])
    await context.add_init_script(EARS)
    yield context
    await context.close()


async def tenth(house: World, number: int, poll_id: str) -> None:
    """Ten of the hundred: questions, votes, an answer, talk, captions, claps, a ballot."""
    question_id = await act(house, "asker", "ask", text=f"What about number {number}?")
    await act(house, "asker", "ask", text=f"And what about {number} and a half?")
    await act(house, "voter", "upvote", question_id=question_id)
    await act(house, "moderator", "mark_answered", question_id=question_id)
    await act(house, "asker", "say", text=f"That was answer {number}.")
    await act(house, "moderator", "say", text=f"Thank you {number} times.")
    await act(house, "moderator", "add_caption", text=f"This is sentence number {number}, as it is being said on the stage.")
    await act(house, "moderator", "add_caption", text=f"And this one follows number {number} at once.")
    await act(house, "asker", "react", kind="applause")
    await act(house, "asker", "cast", poll_id=poll_id, choices=[str(number % 3)])


async def busy_minute(house: World, page: Page) -> None:
    """It passes on the page's clock; what happens is real."""
    await run(house, moderated="after", chat_open=True)
    poll_id = await poll(house, "Where do you work?", live_results=True)
    for number in range(10):
        await tenth(house, number, poll_id)
        await expect(page.locator("[data-captions]")).to_contain_text(f"follows number {number} at once")
        await page.clock.run_for(6000)
    await page.clock.run_for(6000)


async def test_a_screen_reader_is_told_a_handful_of_a_hundred_things(phone: BrowserContext, house: World) -> None:
    page = await phone.new_page()
    await page.clock.install()
    await page.goto(house.stage())
    await is_live(page)
    await page.evaluate("told.length = 0")
    await busy_minute(house, page)
    told = await page.evaluate("told")
    print(told)
    assert 1 <= len(told) <= HANDFUL
    said = " ".join(told)
    assert [part for part in ("new questions", "were answered", "new messages in the chat", "A poll is open") if part not in said] == []


async def test_what_is_one_s_own_is_told_at_once(phone: BrowserContext, house: World) -> None:
    page = await phone.new_page()
    await page.goto(house.stage())
    await is_live(page)
    await page.evaluate("told.length = 0")
    question_id = await ask(house, "May I?", name="voter", approved=False)
    await act(house, "moderator", "dismiss", question_id=question_id, reason="It is in the programme.")
    await expect(page.locator("[data-told]")).to_have_text("A moderator has not taken up your question. It is in the programme.")
    assert len(await page.evaluate("told")) == 1


async def test_text_only_is_small_on_the_wire_and_so_is_a_busy_minute(phone: BrowserContext, house: World) -> None:
    await fill_stage(house)
    page = await phone.new_page()
    await page.clock.install()
    wire = await page.context.new_cdp_session(page)
    await wire.send("Network.enable")
    await wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[int] = []
    frames: list[int] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    wire.on("Network.webSocketFrameReceived", lambda event: frames.append(_size(event)))
    await page.goto(f"{house.stage()}?mode=text")
    await is_live(page)
    await asyncio.sleep(1)
    print("text only, with something of everything:", sum(sizes), "bytes in", len(sizes), "answers")
    assert len(sizes) >= 10  # they were counted
    assert sum(sizes) < PAGE_BYTES
    frames.clear()
    await busy_minute(house, page)
    bits = sum(frames) * 8 / 60
    print("a busy minute:", sum(frames), "bytes in", len(frames), "frames:", round(bits), "bit/s")
    assert len(frames) >= 60
    assert bits < LINE_BITS


def _size(event: dict[str, Any]) -> int:
    """A frame of text with its head."""
    return len(event["response"]["payloadData"].encode()) + 4
