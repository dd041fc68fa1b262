"""Moderating in browsers: two on one queue, one by thumb and one by keyboard; and a phone without JavaScript."""

from pathlib import Path

from playwright.async_api import expect

from tests.stories.barriers import barriers
from tests.stories.conftest import PHONE, Opens
from tests.stories.moderators import MODERATE, STAGE, ask, card, current, go_to, live, settled, small_targets


async def test_two_moderators_work_one_queue_by_thumb_and_by_keyboard(opens: Opens, pictures: Path) -> None:
    asker, speaker = await opens("delegate"), await opens("speaker")
    phone = await opens("organiser", size=PHONE, has_touch=True, bypass_csp=True)
    desk = await opens("moderator", bypass_csp=True)
    for page in (asker, speaker):
        await page.goto(STAGE)
    await live(phone)
    await live(desk)
    await ask(asker, "May we film the storytelling hours?", "Which partners did you write to first?")
    await expect(card(desk, "May we film")).to_be_visible()

    # The phone opens a card: it is the phone's for a minute.
    await card(phone, "May we film").tap()
    assert "May we film" in await current(phone)
    await card(phone, "May we film").get_by_text("Dismiss", exact=True).tap()
    await expect(card(desk, "May we film")).to_contain_text("Organiser in London is looking at this.")
    await expect(card(desk, "May we film").get_by_role("button", name="Approve")).to_be_disabled()
    await phone.screenshot(path=pictures / "moderate-dismiss-390.png")

    # The desk approves the other by one key, undoes it by one key, and approves it again.
    await go_to(desk, "Which partners")
    await desk.keyboard.press("a")
    await expect(card(desk, "Which partners", "#stage")).to_be_visible()
    await expect(desk.locator("[data-says]")).to_have_text("The question is on the stage.")
    await expect(desk.locator("[data-toast]")).to_contain_text("Which partners did you write to first?")
    await expect(desk.locator("[data-toast]")).to_be_visible()
    await desk.keyboard.press("u")
    await expect(card(desk, "Which partners", "#queue")).to_be_focused()
    await settled(desk)
    await desk.keyboard.press("a")
    await expect(card(desk, "Which partners", "#stage")).to_be_visible()

    # Somebody asks the same again: merged by keyboard alone.
    await ask(speaker, "Which partners did you write to first, and why?")
    await expect(card(desk, "and why?")).to_be_visible()
    await settled(desk)
    await go_to(desk, "and why?")
    await desk.keyboard.press("m")
    await expect(desk.locator(":focus")).to_have_text("Which partners did you write to first?")
    await desk.screenshot(path=pictures / "moderate-merge-1280.png")
    await desk.keyboard.press("Enter")
    await expect(card(desk, "Which partners", "[data-part] #stage [aria-labelledby=visible-title]").locator(".vote__count")).to_have_text(
        "1 vote"
    )

    # The phone dismisses with a reason, takes it back, and approves.
    reason = card(phone, "May we film").get_by_label("Why?")
    await reason.fill("Please ask the organisers.")
    await card(phone, "May we film").get_by_role("button", name="Dismiss the question").tap()
    await expect(phone.locator("[data-toast]")).to_contain_text("its author is told why")
    await phone.locator("[data-toast]").get_by_role("button", name="Undo").tap()
    await expect(card(phone, "May we film", "#queue")).to_be_focused()
    await settled(phone)
    await phone.screenshot(path=pictures / "moderate-390.png")
    await card(phone, "May we film").get_by_role("button", name="Approve").tap()
    await expect(card(phone, "May we film", "#queue")).to_have_count(0)
    await phone.get_by_role("link", name="On the stage").tap()
    await expect(card(phone, "May we film", "#stage")).to_be_visible()
    await phone.screenshot(path=pictures / "moderate-stage-390.png", full_page=True)
    assert (await barriers(phone), await barriers(desk)) == ([], [])
    assert await small_targets(phone) == []
    await expect(card(asker, "May we film")).to_have_count(0)


async def test_the_head_of_the_page_takes_a_fifth_of_a_phone_at_most(opens: Opens) -> None:
    phone = await opens("moderator", size=PHONE, has_touch=True)
    await live(phone)
    masthead, queue = [await phone.locator(part).bounding_box() for part in (".masthead", "#queue")]
    assert masthead
    assert queue
    assert queue["y"] - masthead["y"] <= PHONE["height"] / 5


async def test_keys_are_shown_and_can_be_turned_off(opens: Opens) -> None:
    asker, desk = await opens("delegate"), await opens("moderator")
    await asker.goto(STAGE)
    await ask(asker, "Do keys work?")
    await live(desk)
    await expect(card(desk, "Do keys work?").get_by_role("button", name="Approve").locator("kbd")).to_have_text("a")
    await desk.get_by_text("Keys", exact=True).click()
    await expect(desk.locator("[data-keys] kbd").first).to_be_visible()
    await desk.get_by_label("Use these keys").uncheck()
    await desk.reload()
    await expect(card(desk, "Do keys work?")).to_be_visible()
    await desk.keyboard.press("j")
    await desk.keyboard.press("a")
    await settled(desk)
    await expect(card(desk, "Do keys work?", "#queue")).to_be_visible()
    await desk.get_by_text("Keys", exact=True).click()
    await desk.get_by_label("Use these keys").check()
    await go_to(desk, "Do keys work?")
    await desk.keyboard.press("d")
    await desk.keyboard.type("a yes, but j is for jam")
    await expect(card(desk, "Do keys work?").get_by_label("Why?")).to_have_value("a yes, but j is for jam")
    await desk.keyboard.press("Enter")
    await expect(card(desk, "Do keys work?", "#queue")).to_have_count(0)


async def test_everything_is_there_without_javascript_too(opens: Opens, pictures: Path) -> None:
    asker = await opens("delegate")
    phone = await opens("moderator", size=PHONE, javascript=False)
    await asker.goto(STAGE)
    await ask(asker, "Does an old phone moderate?")
    await phone.goto(MODERATE)
    await card(phone, "Does an old phone").get_by_role("button", name="Approve").click()
    await expect(phone.get_by_role("status").first).to_contain_text("The question is on the stage.")
    await phone.screenshot(path=pictures / "moderate-no-javascript-390.png", full_page=True)
    await phone.locator("[data-told]").get_by_role("button", name="Undo").click()
    await card(phone, "Does an old phone").get_by_text("Dismiss", exact=True).click()
    await card(phone, "Does an old phone").get_by_label("Why?").fill("It does.")
    await card(phone, "Does an old phone").get_by_role("button", name="Dismiss the question").click()
    await phone.get_by_role("link", name="On the stage").click()
    await phone.get_by_text("Archived, dismissed and merged").click()
    await expect(card(phone, "Does an old phone", "#stage")).to_contain_text("Dismissed. Its author reads: It does.")
