"""What people see of the wire: who is here, posts that come late, a server that is renewed, a rehearsal's clock that is set."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.servers import Process, Valkey, running
from tests.stories.conftest import PHONE, Opens
from tests.stories.test_stage import MODERATE, STAGE, ask, card, verb

SLOW = 20_000  # milliseconds


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, valkey: Valkey) -> Iterator[Process]:
    """A demo of its own, with a broker that can be killed."""
    data = tmp_path_factory.mktemp("wire") / "var"
    with running(data, "demo", "--at", "2021-06-25T10:20+01:00", BROKER_URL=valkey.url) as process:
        yield process


async def says(page: Page, words: str) -> None:
    await expect(page.locator("[data-line]")).to_contain_text(words, timeout=SLOW)


async def test_everybody_sees_how_many_are_here_and_two_tabs_are_one_person(opens: Opens) -> None:
    delegate, moderator, stranger = await opens("delegate", size=PHONE), await opens("moderator"), await opens(size=PHONE)
    for page in (delegate, stranger):
        await page.goto(STAGE)
    await moderator.goto(MODERATE)
    tab = await delegate.context.new_page()
    await tab.goto(STAGE)
    for page in (delegate, stranger, tab):
        await expect(page.locator("[data-here]")).to_have_text("On this stage now: 2 people signed in and 1 visitor.", timeout=SLOW)
    await expect(moderator.locator("[data-here]")).to_contain_text("2 people and 1 visitor", timeout=SLOW)
    await tab.close()
    await stranger.close()
    await expect(delegate.locator("[data-here]")).to_have_text("On this stage now: 2 people signed in.", timeout=SLOW)


async def test_while_the_post_is_down_the_page_says_so_and_goes_on(opens: Opens, valkey: Valkey, pictures: Path) -> None:
    delegate, moderator = await opens("delegate", size=PHONE), await opens("moderator")
    await delegate.goto(STAGE)
    await moderator.goto(MODERATE)
    await says(delegate, "Live: what happens here appears by itself.")
    valkey.kill()
    try:
        await says(delegate, "Live, but what others do comes a few seconds late at the moment. Nothing is lost.")
        await delegate.screenshot(path=pictures / "stage-delayed-390.png", full_page=True)
        await ask(delegate, "Asked while the post was down?")
        await verb(moderator, "Asked while the post was down?", "Approve")
        await expect(card(delegate, "Asked while the post was down?")).to_be_visible()
    finally:
        valkey.start()
    await says(delegate, "Live: what happens here appears by itself.")


async def test_a_server_that_is_renewed_is_come_back_to_with_nothing_lost(opens: Opens, demo: Process) -> None:
    delegate = await opens("delegate", size=PHONE)
    await delegate.goto(STAGE)
    await says(delegate, "Live: what happens here")
    await asyncio.gather(asyncio.to_thread(demo.stop), says(delegate, "The server is being renewed."))
    await ask(delegate, "Sent while nobody was there?")
    await asyncio.to_thread(demo.start)
    await says(delegate, "Live: what happens here")
    await expect(delegate.locator("[data-waiting]")).to_contain_text("Sent while nobody was there?")


async def test_an_organiser_jumps_to_the_end_and_open_pages_follow(opens: Opens, pictures: Path) -> None:
    organiser, delegate = await opens("organiser"), await opens("delegate", size=PHONE)
    await delegate.goto(STAGE)
    await says(delegate, "Live: what happens here")
    await organiser.goto("/manage")
    await organiser.get_by_role("link", name=re.compile("rehearsal", re.IGNORECASE)).first.click()
    await organiser.screenshot(path=pictures / "rehearsal-1280.png", full_page=True)
    await organiser.get_by_label("Day", exact=True).fill("2021-06-25")
    await organiser.get_by_label("Time in London").fill("14:00")
    await organiser.get_by_role("button", name="Set the clock").click()
    await expect(delegate.get_by_text("This session is over").first).to_be_visible(timeout=SLOW)
