"""Every page for everybody: no serious barrier, one heading, nothing that scrolls sideways, everything by keyboard."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.stories.barriers import barriers, tab_to, troubles
from tests.stories.conftest import PHONE, Opens

SESSION = "/events/wi-2021/sessions"
KEYNOTE = f"{SESSION}/keynote-eman-bushulaibi"
PUBLIC = [
    "/",
    "/events/wi-2021",
    "/events/wi-2021/programme",
    "/events/wi-2021/programme?type=workshop&type=panel",
    "/events/wi-2021/programme?type=travel",
    "/events/wi-2021/speakers",
    "/events/wi-2021/speakers/eman-bushulaibi",
    "/events/wi-2021/registration",
    "/events/wi-2021/subscribe",
    KEYNOTE,
    f"{KEYNOTE}/stage",
    f"{SESSION}/workshop-fundraising",
    "/events/illp-2025",
    "/events/illp-2025/programme",
    "/events/illp-2025/registration",
    "/calls",
    "/calls/building-bridges",
    "/calls/travel-bursaries",
    "/calls/travelling-librarian-award",
    "/api",
    "/sign-in",
    "/sign-in/password",
    "/time-zone",
    "/verify",
    "/verify/0000-0000-0000-0000",
    "/demo",
    "/demo/mail",
    "/no/such/page",
]
OWN = [
    "/me",
    "/me/talks",
    "/me/tokens",
    "/me/details",
    "/me/mail",
    "/me/papers",
    "/events/wi-2021/certificate",
    "/me/data",
    "/me/data/erasure",
    "/me/security",
    "/events/wi-2021/registration",
    "/events/wi-2021/ticket",
    "/events/wi-2021/registration/answers",
    "/events/wi-2021/registration/transfer",
    f"{KEYNOTE}/stage",
    f"{SESSION}/workshop-fundraising",
]


@pytest.mark.parametrize(("role", "paths"), [(None, PUBLIC), ("delegate", OWN)], ids=["anybody", "delegate"])
async def test_axe_finds_nothing_and_no_page_scrolls_sideways(opens: Opens, pictures: Path, role: str | None, paths: list[str]) -> None:
    assert await troubles(opens, pictures, role, paths) == {}


async def test_a_form_with_mistakes_is_announced_and_leads_to_its_fields(opens: Opens) -> None:
    page = await opens(size=PHONE, bypass_csp=True)
    await page.goto("/events/wi-2021/registration")
    await page.get_by_label("E-mail address").fill("not an address")
    await page.get_by_role("button", name="Register").click()
    summary = page.locator(":focus")
    await expect(summary).to_contain_text("Enter your name.")
    assert await barriers(page) == []
    await expect(page).to_have_title(re.compile("^Error: "))
    await summary.get_by_role("link", name="Enter your name.").click()
    await expect(page.get_by_label("Name")).to_be_focused()
    await expect(page.get_by_label("E-mail address")).to_have_value("not an address")


async def test_a_delegate_books_asks_and_signs_out_by_keyboard_alone(opens: Opens) -> None:
    page = await opens("delegate")
    await page.goto(f"{SESSION}/workshop-fundraising")
    await tab_to(page, "Book a seat")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("You have a seat.")
    await expect(page.locator(":focus")).to_contain_text("Give up my seat")  # where one was, the page goes on
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("You have given up your place")
    await page.goto(f"{KEYNOTE}/stage")
    await tab_to(page, "Ask a question")
    await page.keyboard.press("Enter")
    if not await page.get_by_label("Your question", exact=True).evaluate("element => element === document.activeElement"):
        await page.keyboard.press("Tab")
    await page.keyboard.type("May I ask without a mouse?")
    await tab_to(page, "Send the question")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-waiting]")).to_contain_text("May I ask without a mouse?")
    await page.goto("/")
    await page.keyboard.press("Tab")
    await expect(page.locator(":focus")).to_have_text("Skip to the main content")
    await tab_to(page, "Sign out")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("You are signed out.")
