"""A workshop's door in browsers: an organiser names the service, a moderator makes groups on a phone, a delegate comes and goes."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Page, expect

from tests.meetings.services import APPLICATION, SECRET, Jitsi, listening
from tests.stories.barriers import barriers
from tests.stories.conftest import PHONE, Opens

SESSION = "/events/wi-2021/sessions/keynote-eman-bushulaibi"
MEETINGS, GROUPS, DOOR = "/manage/events/wi-2021/meetings", f"/manage{SESSION}/groups", f"{SESSION}/meeting/group"


@pytest_asyncio.fixture(loop_scope="session")
async def service(opens: Opens) -> AsyncIterator[str]:
    """A service for the demo, which has none again afterwards."""
    async with listening(Jitsi().app) as address:
        yield address
        organiser = await opens("organiser")
        await call_back(organiser)
        await organiser.goto(MEETINGS)
        await press(organiser, "Meet elsewhere")
        await press(organiser, "Forget the service")
        await expect(organiser.get_by_role("status")).to_contain_text("are forgotten")


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=re.compile(name)).first.click()


async def name_service(organiser: Page, address: str) -> None:
    await organiser.goto(MEETINGS)
    await organiser.get_by_label("Jitsi Meet").check()
    await organiser.get_by_label("Address").fill(address)
    await organiser.get_by_label("Application id").fill(APPLICATION)
    await organiser.get_by_label("Secret").fill(SECRET)
    await press(organiser, "Save the service")


async def meet(organiser: Page) -> None:
    row = organiser.get_by_role("row", name=re.compile("Bushulaibi"))
    await row.get_by_role("button", name=re.compile("Meet on the service")).click()
    await expect(row).to_contain_text("On the service")


async def call_back(moderator: Page) -> None:
    """Close the groups at once, where they are open."""
    await moderator.goto(GROUPS)
    if await moderator.get_by_label("Back to the plenary").count():
        await moderator.get_by_label("Back to the plenary").select_option("0")
        await press(moderator, "Call everybody back")
        await expect(moderator.get_by_role("status")).to_contain_text("doors lead to the plenary again")


async def sound(page: Page, pictures: Path, name: str) -> None:
    """No barrier, nothing that scrolls sideways; and a picture to look at."""
    assert await barriers(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    await page.screenshot(path=pictures / f"{name}.png", full_page=True)


async def test_a_workshop_meets_in_groups_and_comes_back_to_the_plenary(opens: Opens, service: str, pictures: Path) -> None:
    organiser, moderator = await opens("organiser", bypass_csp=True), await opens("moderator", size=PHONE, bypass_csp=True)
    delegate = await opens("delegate", zone="Africa/Nairobi", size=PHONE, javascript=False)
    await name_service(organiser, service)
    await meet(organiser)
    await expect(organiser.get_by_label("Secret")).to_have_value("")
    await sound(organiser, pictures, "meetings-1280")

    await moderator.goto(GROUPS)
    await moderator.get_by_label("Names").fill("Blue\nRed")
    await press(moderator, "Make the groups")
    await press(moderator, "Draw everybody anew")
    await press(moderator, "Open the groups")
    await expect(moderator.get_by_text("The groups are open", exact=True)).to_be_visible()
    await sound(moderator, pictures, "groups-390")

    nairobi = moderator.get_by_label("Who").locator("option", has_text="Delegate in Nairobi")
    await moderator.get_by_label("Who").select_option(await nairobi.get_attribute("value"))
    await press(moderator, "Move")
    await expect(moderator.get_by_role("status")).to_contain_text("Delegate in Nairobi is in no group now.")
    await delegate.goto(DOOR)
    await press(delegate, "Join “Red”")
    await expect(delegate.get_by_text("You are in the group “Red”: the door leads there.", exact=True)).to_be_visible()
    await delegate.get_by_role("link", name="Enter the group “Red”").click()
    await expect(delegate.locator("body")).to_have_text(re.compile(r"Delegate in Nairobi is in [0-9a-f]{32}-[0-9a-f]{8}"))

    await call_back(moderator)
    await delegate.goto(DOOR)
    await delegate.get_by_role("link", name="Enter the meeting").click()
    await expect(delegate.locator("body")).to_have_text(re.compile(r"Delegate in Nairobi is in [0-9a-f]{32}"))


async def test_the_door_has_no_barrier_for_whoever_stands_before_it(opens: Opens, service: str, pictures: Path) -> None:
    organiser = await opens("organiser")
    nobody, delegate = await opens(size=PHONE, bypass_csp=True), await opens("delegate", size=PHONE, bypass_csp=True)
    await name_service(organiser, service)
    await meet(organiser)
    await organiser.goto(GROUPS)
    await organiser.get_by_label("Names").fill("Blue\nRed")
    await press(organiser, "Make the groups")
    await press(organiser, "Open the groups")
    for name, page in (("nobody", nobody), ("delegate", delegate)):
        await page.goto(DOOR)
        await sound(page, pictures, f"meeting-door-{name}-390")
