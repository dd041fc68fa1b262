"""A delegate in Nairobi, on a phone: finds the conference, sees it in her own time, registers, books, and has it in her calendar."""

import re
from pathlib import Path

from playwright.async_api import Page, expect

from tests.servers import Process
from tests.stories.conftest import PHONE, Opens


async def test_a_delegate_in_nairobi_registers_books_and_subscribes(opens: Opens, demo: Process, pictures: Path) -> None:
    page = await opens(zone="Africa/Nairobi", size=PHONE)
    await page.goto("/")
    await page.get_by_role("link", name=re.compile("Working Internationally")).first.click()
    await page.screenshot(path=pictures / "event-390.png", full_page=True)
    await page.goto("/events/wi-2021/programme")
    opening = page.locator(".slot", has=page.get_by_role("link", name="Welcome", exact=True))
    await expect(opening.locator(".when__first")).to_contain_text("12:00–12:15")
    await expect(opening.locator(".when__first")).to_contain_text("your time (EAT, UTC+3)")
    await expect(opening.locator(".when__second")).to_contain_text("10:00–10:15 in London (BST, UTC+1)")
    await page.screenshot(path=pictures / "programme-390.png", full_page=True)

    await register(page, "Another delegate in Nairobi", "another.nairobi@demo.example")
    await page.goto("/events/wi-2021/sessions/workshop-fundraising")
    await page.get_by_role("button", name=re.compile("Book a seat")).click()
    await expect(page.get_by_role("status")).to_contain_text("You have a seat.")
    await page.screenshot(path=pictures / "session-390.png", full_page=True)

    await page.goto("/me")
    await expect(page.get_by_role("link", name="Fundraising for international projects").first).to_be_visible()
    await page.get_by_role("button", name="Get my calendar’s address").click()
    feed = await page.get_by_label("Address of your own calendar").input_value()
    answer = await page.request.get(feed)
    assert feed.startswith(demo.address + "/calendar/")
    assert answer.status == 200
    assert "Fundraising for international projects" in (await answer.text()).replace("\r\n ", "")


async def register(page: Page, name: str, email: str) -> None:
    """From the event's page to the confirmed place, through the mail that the demo keeps."""
    await page.goto("/events/wi-2021")
    await page.get_by_role("link", name="Register", exact=True).first.click()
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Country where you work").select_option("Kenya")
    await page.get_by_label("Public library").check()
    await page.get_by_role("button", name="Register").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("One more step: look at your mail")
    await page.goto("/demo/mail")
    letter = page.locator("details", has_text=email).filter(has_text="Confirm your place").first
    link = letter.locator("a[href*=confirmation]")
    for _ in range(20):
        if await link.count():
            break
        await page.wait_for_timeout(300)
        await page.reload()
    await letter.evaluate("element => { element.open = true }")
    await link.first.click()
    await page.get_by_role("button", name="Confirm my place").click()
    await expect(page.get_by_role("status")).to_contain_text("You are registered for Working Internationally")
