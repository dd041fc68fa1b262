"""A keynote that everybody takes part in, in one walk: a phone, no JavaScript, text only, a speaker, two moderators, the hall."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from conference.people.actions import grant_role
from conference.people.tables import RoleKind
from tests.live.cast import HOUR, World, open_house
from tests.live.hall import bring_speaker
from tests.stories.conftest import DESK, PHONE
from tests.stories.views import Visits, visits_to

HALL = ViewportSize(width=1280, height=720)
FIRST, SAME, SECOND = "How did the partnership begin?", "How did this partnership begin at all?", "Who paid for the first visit?"
READING = 1500  # milliseconds until a moderator has read a question
DESK_PAGE = "/manage/events/wi/desk"


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path) -> AsyncIterator[World]:
    """A session in its middle, with a speaker, an organiser, and a second moderator: the voter is one today."""
    async with open_house(tmp_path) as opened:
        world = await bring_speaker(opened)
        async with world.house.database.writing() as db:
            await grant_role(db, world.cast.people["voter"], world.cast.event.id, RoleKind.moderator, world.house.clock.real_now())
        yield world


@pytest_asyncio.fixture(loop_scope="session")
async def visits(browser: Browser, house: World) -> AsyncIterator[Visits]:
    async with visits_to(browser, house) as visit:
        yield visit


async def test_a_keynote_from_the_first_question_to_the_page_that_keeps_it(visits: Visits, house: World, pictures: Path) -> None:
    manage = f"/../../../../../manage{house.stage()}"
    phone = await visits("", "asker", size=PHONE)
    plain = await visits("", "organiser", javascript=False)
    thin = await visits("?mode=text", "stranger", size=PHONE)
    hall = await visits("/projector", size=HALL)
    speaker = await visits("/speaker", "speaker", size=PHONE)
    thumb = await visits(manage, "moderator", size=PHONE)
    keys = await visits(manage, "voter", size=DESK)

    await ask(phone, FIRST)
    await ask(phone, SAME, anyway=True)
    await expect(thumb.locator("#queue")).to_contain_text(FIRST)

    await focus_card(keys, SAME)
    await expect(waiting(thumb, SAME)).to_contain_text("is looking at this")  # neither steps on the other
    await approve_by_thumb(thumb, FIRST)
    for page in (phone, thin, speaker, hall):
        await expect(page.get_by_text(FIRST, exact=True).first).to_be_visible()

    await merge_by_keyboard(keys, SAME, FIRST)
    await expect(hall.get_by_text(SAME)).to_have_count(0)

    await part(thumb, "Polls")
    await ask_without_javascript(plain, house, SECOND)
    await pin_by_keyboard(keys, SECOND)
    await expect(hall.get_by_text(SECOND, exact=True).first).to_be_visible()
    await phone.screenshot(path=pictures / "keynote-phone.png", full_page=True)
    await hall.screenshot(path=pictures / "keynote-hall.png")
    await keys.screenshot(path=pictures / "keynote-moderators-desk.png")
    await thumb.screenshot(path=pictures / "keynote-moderators-phone.png")

    await answer_in_writing(speaker, FIRST, "With one letter and much patience.")
    for page in (phone, thin):
        await expect(page.get_by_text("With one letter and much patience.").first).to_be_attached()

    await run_a_poll(thumb, phone, hall, pictures)
    await announce(visits, house, phone, thin, hall)
    await be_helped(phone, keys)
    await end(house, phone, pictures)
    for words in (FIRST, SECOND, "With one letter and much patience.", "Where do you work?"):
        await expect(phone.get_by_text(words).first).to_be_visible()


async def ask(page: Page, text: str, *, anyway: bool = False) -> None:
    """By the box at the thumb."""
    box = page.locator("details.ask")
    if await box.get_attribute("open") is None:
        await box.locator("summary").click()
    await page.get_by_label("Your question").fill(text)
    if anyway:
        await expect(page.get_by_text("Somebody asked something like this").first).to_be_attached()
    await box.get_by_role("button", name="Send the question").or_(box.get_by_role("button", name="Ask it anyway")).click()
    await expect(page.locator("[data-waiting]")).to_contain_text(text)


async def ask_without_javascript(page: Page, house: World, text: str) -> None:
    """The organiser has no place as a delegate; whoever is registered and has no JavaScript asks the same way."""
    await page.context.add_cookies([{"name": "sign_in", "value": house.cast.tokens["asker"], "url": house.origin}])
    await page.goto(house.stage())
    await page.locator("details.ask summary").click()
    await page.get_by_label("Your question").fill(text)
    await page.get_by_role("button", name="Send the question").click()
    await expect(page.get_by_text("Your question waits for a moderator").first).to_be_visible()
    await expect(page.locator("[data-waiting]")).to_contain_text(text)


def waiting(page: Page, text: str) -> Locator:
    """The card in the queue that asks this."""
    return page.locator("#queue [data-card]").filter(has=page.locator(".question__text", has_text=text))


async def approve_by_thumb(page: Page, text: str) -> None:
    """The page takes no press on a card that has moved under the thumb a moment ago."""
    approve = waiting(page, text).get_by_role("button", name="Approve")
    await page.wait_for_timeout(READING)
    await approve.click()
    await expect(waiting(page, text)).to_have_count(0)


async def merge_by_keyboard(page: Page, text: str, into: str) -> None:
    """Without a pointer: to the card, m, the likeliest question, Enter."""
    await focus_card(page, text)
    await page.wait_for_timeout(READING)
    await page.keyboard.press("m")
    await expect(waiting(page, text).get_by_role("button", name=into)).to_be_visible()
    for _ in range(12):
        if into in await page.evaluate("document.activeElement.textContent") and await page.evaluate(
            "document.activeElement.matches('button')"
        ):
            break
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(waiting(page, text)).to_have_count(0)


async def pin_by_keyboard(page: Page, text: str) -> None:
    await focus_card(page, text)
    await page.wait_for_timeout(READING)
    await page.keyboard.press("p")
    await expect(waiting(page, text)).to_have_count(0)


async def part(page: Page, name: str) -> None:
    """Another part of the moderators' page."""
    await page.get_by_role("link", name=name).or_(page.get_by_role("tab", name=name)).first.click()


async def focus_card(page: Page, text: str) -> None:
    """Up to the top of the queue by k, then down by j."""
    await expect(waiting(page, text)).to_be_visible()
    for key in "k" * 10 + "j" * 10:
        await page.keyboard.press(key)
        if await page.evaluate("words => document.activeElement.closest('[data-card]')?.textContent.includes(words) ?? false", text):
            return
    raise AssertionError(f"no key leads to {text!r}")


async def answer_in_writing(page: Page, text: str, answer: str) -> None:
    card = page.locator(".asked").filter(has_text=text)
    await card.get_by_text("Answer in writing").click()
    await card.get_by_label("Your answer").fill(answer)
    await card.get_by_role("button", name="Send the answer").click()
    await expect(page.locator("[data-list=answered]")).to_contain_text(answer)


async def run_a_poll(moderator: Page, delegate: Page, hall: Page, pictures: Path) -> None:
    await moderator.get_by_text("Draft a poll").click()
    await moderator.get_by_label("What do you ask?").fill("Where do you work?")
    await moderator.get_by_label("The choices, one a line").fill("In a public library\nIn a school\nElsewhere")
    await moderator.get_by_role("button", name="Keep the draft").click()
    await expect(delegate.get_by_text("Where do you work?")).to_have_count(0)  # a draft is nobody's business
    await moderator.get_by_role("button", name="Open").first.click()
    await expect(hall.get_by_text("Where do you work?").first).to_be_visible()
    await delegate.get_by_role("link", name="A poll is open").click()
    await delegate.get_by_label("In a school").check()
    await delegate.get_by_role("button", name="Send my answer").click()
    await expect(delegate.get_by_text("Your answer counts").first).to_be_visible()
    await moderator.get_by_role("button", name="Close").first.click()
    await expect(delegate.locator("#poll table")).to_contain_text("In a school")
    await delegate.screenshot(path=pictures / "keynote-poll.png", full_page=True)
    await hall.screenshot(path=pictures / "keynote-hall-poll.png")


async def announce(visits: Visits, house: World, *pages: Page) -> None:
    desk = await visits(f"/../../../../..{DESK_PAGE}", "organiser")
    await desk.get_by_label("Announcement").fill("The next session begins ten minutes late.")
    await desk.get_by_role("button", name="Announce").last.click()
    for page in pages:
        await expect(page.get_by_text("The next session begins ten minutes late.").first).to_be_visible()


async def be_helped(delegate: Page, moderator: Page) -> None:
    await delegate.locator("details.help summary").click()
    await delegate.locator("details.help").get_by_label("hear", exact=False).check()
    await delegate.get_by_role("button", name="Tell the organisers").click()
    await expect(delegate.locator("[data-help-answers]")).to_contain_text("The organisers have your message")
    await part(moderator, "People")
    request = moderator.locator("#people .help[data-state=open]")
    await request.get_by_label("What was done?").fill("The speaker's microphone is on again.")
    await request.get_by_role("button", name="It is done").click()
    await expect(delegate.locator("[data-help-answers]")).to_contain_text("microphone is on again")


async def end(house: World, delegate: Page, pictures: Path) -> None:
    """The session is over; what was asked and answered stays on its page."""
    await house.set_clock(house.cast.session.ends_at + HOUR / 60)
    await delegate.goto(house.stage())
    await expect(delegate.get_by_text("This session is over").first).to_be_visible()
    await delegate.goto(house.stage().removesuffix("/stage"))
    await delegate.screenshot(path=pictures / "keynote-kept.png", full_page=True)
