"""Registering on a phone without JavaScript, with mistakes on the way."""

from playwright.async_api import expect

from tests.stories.conftest import PHONE, Opens


async def test_mistakes_are_listed_lead_to_their_fields_and_nothing_typed_is_lost(opens: Opens) -> None:
    page = await opens(size=PHONE, javascript=False)
    await page.goto("/events/wi-2021/registration")
    await page.get_by_label("E-mail address").fill("helsinki@")
    await page.get_by_label("Recordings only").check()
    await page.get_by_label("Captions").check()
    await page.get_by_label("How did you hear of this day?").fill("From a colleague")
    await page.get_by_role("button", name="Register").click()
    problems = page.get_by_role("alert").get_by_role("link")
    assert await problems.all_inner_texts() == [
        "Enter your name.",
        "Enter an e-mail address in the right form, like name@example.org.",
        "Choose an answer: Country where you work",
        "Choose an answer: Kind of library",
    ]
    await problems.last.click()
    await expect(page.get_by_label("Public library")).to_be_in_viewport()
    await expect(page.get_by_label("Recordings only")).to_be_checked()
    await expect(page.get_by_label("Captions")).to_be_checked()
    await expect(page.get_by_label("How did you hear of this day?")).to_have_value("From a colleague")
    await page.get_by_label("Name", exact=True).fill("Delegate in Helsinki")
    await page.get_by_label("E-mail address").fill("helsinki@delegates.example")
    await page.get_by_label("Country where you work").select_option("Finland")
    await page.get_by_label("Public library").check()
    await page.get_by_role("button", name="Register").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("One more step: look at your mail")
