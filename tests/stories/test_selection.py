"""A selection meeting in two browsers and on a phone: what the chair puts on the table, who must step outside, and a decision."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize, expect

from conference.settings import read_settings
from conference.storage.database import Database
from tests.blank import make_blank
from tests.calls.room import MEETING, Room, build_room
from tests.conftest import SECRET
from tests.servers import serving
from tests.stories.barriers import barriers, sideways
from tests.stories.conftest import DESK, PHONE

FIRST, SECOND = "WEEK-2021-0001", "WEEK-2021-0002"


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[Room]:
    database = Database(f"sqlite:///{folder / 'conference.db'}")
    make_blank(f"sqlite:///{folder / 'conference.db'}")
    built = await build_room(database, "")
    async with serving(read_settings(data=folder, secret_key=SECRET)) as address:
        built.address = address
        yield built
    await database.close()


async def come(browser: Browser, room: Room, who: str, size: ViewportSize) -> Page:
    context = await browser.new_context(base_url=room.address, viewport=size, locale="en-GB", bypass_csp=True, reduced_motion="reduce")
    await context.add_cookies([{"name": name, "value": value, "url": room.address} for name, value in room.cookies[who].items()])
    page = await context.new_page()
    page.set_default_timeout(15_000)
    await page.goto(MEETING)
    return page


async def sound(page: Page, pictures: Path, name: str) -> None:
    await page.screenshot(path=pictures / f"selection-{name}.png", full_page=True)
    assert await barriers(page) == []
    assert await sideways(page) <= 0


async def test_a_panel_meets_and_who_has_a_conflict_steps_outside(browser: Browser, tmp_path: Path, pictures: Path) -> None:
    async with house(tmp_path) as room:
        chair = await come(browser, room, "chair", DESK)
        reader = await come(browser, room, "reader", PHONE)
        conflicted = await come(browser, room, "conflicted", PHONE)
        await chair.get_by_role("button", name="Open the meeting").click()
        await expect(reader.get_by_role("heading", name="Nothing is on the table")).to_be_visible()
        await expect(conflicted.get_by_role("heading", name="Nothing is on the table")).to_be_visible()
        await chair.get_by_role("button", name="Next that is open").click()
        await expect(reader.get_by_role("heading", name=f"{FIRST} is on the table")).to_be_visible()
        await expect(conflicted.get_by_role("heading", name="Please step outside")).to_be_visible()
        assert FIRST not in await conflicted.content()
        await expect(conflicted.locator("[data-says]")).to_contain_text("Please leave the conversation")
        await sound(conflicted, pictures, "outside")
        await reader.get_by_text("Minute something").click()
        await reader.get_by_label("For the minutes").fill("Half a sentence")
        await chair.get_by_role("radio", name="Yes").check()
        await chair.get_by_label("Why", exact=True).fill("The goals fit the week.")
        await sound(chair, pictures, "chair")
        await chair.get_by_role("button", name="Decide", exact=True).click()
        await expect(chair.get_by_role("status").first).to_contain_text("not told to anybody yet")
        await expect(reader.locator(".room__row--on")).to_contain_text("Yes")
        await expect(reader.get_by_label("For the minutes")).to_have_value("Half a sentence")
        await expect(reader.locator("[data-stale]")).to_be_visible()
        await sound(reader, pictures, "reader")
        await chair.get_by_role("button", name="Next that is open").click()
        await expect(conflicted.get_by_role("heading", name=f"{SECOND} is on the table")).to_be_visible()
        await sound(conflicted, pictures, "inside")
        for page in (chair, reader, conflicted):
            await page.context.close()
