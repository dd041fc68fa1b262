"""Every page for everybody: no serious barrier, one heading, nothing that scrolls sideways, everything by keyboard."""

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.async_api import Page, expect

from tests.stories.conftest import DESK, PHONE, Opens

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
    "/me/data",
    "/me/data/erasure",
    "/me/security",
    "/events/wi-2021/registration",
    "/events/wi-2021/ticket",
    "/events/illp-2025/registration/answers",
    "/events/wi-2021/registration/transfer",
    f"{KEYNOTE}/stage",
    f"{SESSION}/workshop-fundraising",
]
MANAGE = "/manage/events/wi-2021"
ORGANISE = [
    "/manage",
    MANAGE,
    f"{MANAGE}/programme",
    f"{MANAGE}/releases",
    f"{MANAGE}/processing",
    f"{MANAGE}/sessions/new",
    f"{MANAGE}/sessions/workshop-fundraising",
    f"{MANAGE}/sessions/workshop-fundraising/seats",
    f"{MANAGE}/sessions/workshop-fundraising/cancellation",
    f"{MANAGE}/import",
    f"{MANAGE}/desk",
    f"{MANAGE}/meetings",
    f"{MANAGE}/sessions/workshop-fundraising/groups",
    f"{MANAGE}/registrations",
    f"{MANAGE}/form",
    f"{MANAGE}/registrations?q=delegate",
    f"{MANAGE}/registrations/export",
    f"{MANAGE}/places",
    f"{MANAGE}/figures",
    f"{MANAGE}/hours",
    f"{MANAGE}/speaking",
    f"{MANAGE}/speaking/eman-bushulaibi",
    f"{MANAGE}/proposals",
    f"{MANAGE}/roles",
    f"{MANAGE}/door?q=delegate",
    f"{MANAGE}/door/list",
    f"{MANAGE}/door/shell",
    f"{MANAGE}/attendance",
    f"{MANAGE}/sessions/workshop-fundraising/attendance",
    f"{MANAGE}/badges",
    f"{MANAGE}/mail",
    f"{MANAGE}/mail/circulars",
    f"{MANAGE}/mail/templates/reminder",
    "/manage/events/illp-2025/needs",
    f"{MANAGE}/grid",
    f"{MANAGE}/rooms",
    f"{MANAGE}/venues/online",
    f"{MANAGE}/details",
    f"{MANAGE}/key-dates",
    f"{MANAGE}/copy?slug=wi-2022&title=WI&first_day=2022-06-25",
    f"/manage{KEYNOTE}/stage",
    "/manage/rehearsal",
    "/manage/calls",
    "/manage/calls/new",
    "/manage/calls/illp-2025",
    "/manage/calls/illp-2025/settings",
    "/manage/calls/illp-2025/definition",
]


async def barriers(page: Page, *rules: str) -> list[tuple[str, str, list[Any]]]:
    """What axe finds by every rule, or by these: (rule, impact, where)."""
    if not await page.evaluate("'axe' in window"):
        await page.add_script_tag(path=AXE_FILE_PATH)
    options = {"resultTypes": ["violations"]} | ({"runOnly": {"type": "rule", "values": list(rules)}} if rules else {})
    found = await page.evaluate("options => axe.run(document, options)", options)
    return [(one["id"], one["impact"], [node["target"] for node in one["nodes"]]) for one in found["violations"]]


@pytest.mark.parametrize(
    ("role", "paths"), [(None, PUBLIC), ("delegate", OWN), ("organiser", ORGANISE)], ids=["anybody", "delegate", "organiser"]
)
async def test_axe_finds_nothing_and_no_page_scrolls_sideways(opens: Opens, pictures: Path, role: str | None, paths: list[str]) -> None:
    """By every rule on a phone in the light; on a desk in the dark by those that colours decide."""
    page = await opens(role, size=PHONE, color_scheme="light", reduced_motion="reduce", bypass_csp=True)  # no colour fades into the other
    trouble: dict[str, Any] = {}
    for path in paths:
        await page.goto(path)
        await page.screenshot(path=pictures / f"{role or 'anybody'}{re.sub(r'[^a-z0-9]+', '-', path)}.png", full_page=True)
        headings = await page.locator("h1").count()
        found, wide = await barriers(page), await sideways(page)
        await page.emulate_media(color_scheme="dark")
        await page.set_viewport_size(DESK)
        found += await barriers(page, "color-contrast", "link-in-text-block")
        wide += await sideways(page)
        await page.emulate_media(color_scheme="light")
        await page.set_viewport_size(PHONE)
        if found or wide > 0 or headings != 1:
            trouble[path] = (found, wide, headings)
    assert trouble == {}


async def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


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


async def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus says these words; each stop on the way must be seen to have the focus."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        focused = page.locator(":focus")
        said = (await focused.inner_text()).strip() if await focused.count() else ""
        if said.startswith(words):
            outline = await focused.evaluate("element => getComputedStyle(element).outlineStyle")
            assert outline != "none"
            return
    raise AssertionError(f"Tab never reaches “{words}”")
