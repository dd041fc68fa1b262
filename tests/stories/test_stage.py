"""The live stage in browsers: asked, approved, seen by all, voted, answered; through a broken line; and without JavaScript."""

import re
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from tests.servers import Process
from tests.stories.conftest import PHONE, Opens
from tests.stories.line import line_to

STAGE = "/events/wi-2021/sessions/keynote-eman-bushulaibi/stage"
MODERATE = "/manage" + STAGE


def card(page: Page, text: str) -> Locator:
    return page.locator("article.question", has=page.locator(".question__text", has_text=text))


def answered(page: Page, text: str) -> Locator:
    """Where it stands answered, on anybody's page."""
    return page.locator("[data-list] article[data-state=answered]", has=page.locator(".question__text", has_text=text))


async def ask(page: Page, text: str) -> None:
    if not await page.get_by_label("Your question", exact=True).is_visible():
        await page.get_by_text("Ask a question", exact=True).click()
    await page.get_by_label("Your question", exact=True).fill(text)
    await page.get_by_role("button", name="Send the question").click()


async def verb(page: Page, text: str, label: str) -> None:
    await card(page, text).get_by_role("button", name=label).click()


async def test_a_question_is_asked_approved_seen_voted_and_answered_live(opens: Opens, pictures: Path) -> None:
    nairobi = await opens("delegate", zone="Africa/Nairobi", size=PHONE)
    moderator = await opens("moderator")
    speaker = await opens("speaker", zone="Europe/London")
    stranger = await opens(size=PHONE)
    await moderator.goto(MODERATE)
    for page in (nairobi, speaker, stranger):
        await page.goto(STAGE)
    await ask(nairobi, "How do small libraries begin?")
    await expect(nairobi.locator("[data-waiting]")).to_contain_text("How do small libraries begin?")
    await expect(card(moderator, "How do small libraries begin?")).to_be_visible()
    await expect(card(stranger, "How do small libraries begin?")).to_have_count(0)
    await verb(moderator, "How do small libraries begin?", "Approve")
    for page in (nairobi, speaker, stranger):
        await expect(card(page, "How do small libraries begin?")).to_be_visible()
    await expect(nairobi.locator("[data-waiting]")).not_to_contain_text("How do small libraries begin?")
    await card(speaker, "How do small libraries begin?").locator("button.vote").click()
    for page in (nairobi, speaker, stranger):
        await expect(card(page, "How do small libraries begin?").locator(".vote__count")).to_have_text("1 vote")
    await expect(card(moderator, "How do small libraries begin?")).to_contain_text("1 vote")
    await nairobi.screenshot(path=pictures / "stage-390.png", full_page=True)
    await moderator.screenshot(path=pictures / "moderate-1280.png", full_page=True)
    await verb(moderator, "How do small libraries begin?", "Mark as answered")
    await expect(answered(nairobi, "How do small libraries begin?")).to_contain_text("Answered at ")
    await stranger.goto(STAGE.removesuffix("/stage"))
    await expect(stranger.get_by_text("How do small libraries begin?")).to_be_visible()


async def test_a_refused_question_is_explained_to_its_author_alone(opens: Opens) -> None:
    nairobi, moderator, stranger = await opens("delegate", size=PHONE), await opens("moderator"), await opens()
    await moderator.goto(MODERATE)
    await nairobi.goto(STAGE)
    await stranger.goto(STAGE)
    await ask(nairobi, "Is lunch included?")
    await card(moderator, "Is lunch included?").get_by_text("Dismiss", exact=True).click()
    await card(moderator, "Is lunch included?").get_by_label("Why?").fill("Please ask the organisers by mail.")
    await verb(moderator, "Is lunch included?", "Dismiss the question")
    await expect(nairobi.locator("[data-dismissed]")).to_contain_text("Please ask the organisers by mail.")
    await stranger.reload()
    await expect(stranger.get_by_text("Is lunch included?")).to_have_count(0)
    await expect(stranger.get_by_text("Please ask the organisers by mail.")).to_have_count(0)


async def test_a_broken_line_misses_nothing_and_shows_nothing_twice(opens: Opens, demo: Process) -> None:
    moderator, asker = await opens("moderator"), await opens("delegate")
    await moderator.goto(MODERATE)
    await asker.goto(STAGE)
    async with line_to(demo.address) as line:
        listener = await opens(size=PHONE)
        await listener.goto(line.address + STAGE)
        await expect(listener.locator("[data-line]")).to_contain_text("Live")
        await ask_and_approve(asker, moderator, "Before the line broke?")
        await expect(card(listener, "Before the line broke?")).to_be_visible()
        line.cut()
        await expect(listener.locator("[data-line]")).not_to_contain_text("Live:")
        await ask_and_approve(asker, moderator, "While it was broken, one?")
        await ask_and_approve(asker, moderator, "While it was broken, two?")
        await verb(moderator, "Before the line broke?", "Mark as answered")
        await expect(answered(moderator, "Before the line broke?")).to_have_count(1)
        assert await card(listener, "While it was broken").count() == 0
        line.mend()
        await expect(card(listener, "While it was broken, two?")).to_be_visible(timeout=30_000)
        shown = await listener.locator("[data-list] article.question .question__text").all_inner_texts()
        ours = [text for text in shown if "broke" in text]
        assert sorted(ours) == ["Before the line broke?", "While it was broken, one?", "While it was broken, two?"]
        await expect(answered(listener, "Before the line broke?")).to_have_count(1)


async def ask_and_approve(asker: Page, moderator: Page, text: str) -> None:
    await ask(asker, text)
    await verb(moderator, text, "Approve")
    await expect(card(asker, text)).to_be_visible()


async def test_the_same_without_javascript(opens: Opens, pictures: Path) -> None:
    nairobi = await opens("delegate", size=PHONE, javascript=False)
    moderator = await opens("moderator", javascript=False)
    speaker = await opens("speaker", javascript=False)
    await nairobi.goto(STAGE)
    await ask(nairobi, "Does this work on an old phone?")
    await expect(nairobi.locator("[data-waiting]")).to_contain_text("Does this work on an old phone?")
    await moderator.goto(MODERATE)
    await verb(moderator, "Does this work on an old phone?", "Approve")
    await speaker.goto(STAGE)
    await card(speaker, "Does this work on an old phone?").locator("button.vote").click()
    await nairobi.get_by_role("link", name="Look for new questions").click()
    await expect(card(nairobi, "Does this work on an old phone?").locator(".vote__count")).to_have_text("1 vote")
    await nairobi.screenshot(path=pictures / "stage-no-javascript-390.png", full_page=True)
    await moderator.reload()
    await verb(moderator, "Does this work on an old phone?", "Mark as answered")
    await nairobi.get_by_role("link", name="Look for new questions").click()
    await expect(answered(nairobi, "Does this work on an old phone?")).to_have_count(1)


async def test_the_zone_is_chosen_without_javascript_and_remembered(opens: Opens) -> None:
    page = await opens(size=PHONE, javascript=False)
    await page.goto("/events/wi-2021/programme")
    await expect(page.locator(".when__first").first).to_contain_text("10:00–10:15 in London (BST, UTC+1)")
    await page.goto("/events/wi-2021/programme?zone=Asia/Kolkata")
    await expect(page.locator(".when__first").first).to_contain_text("14:30–14:45 your time (IST, UTC+5:30)")
    await page.goto("/events/wi-2021/programme")
    await page.locator("details.zone summary").click()
    await page.locator("details.zone input[name=zone]").fill("Pacific/Auckland")
    await page.get_by_role("button", name=re.compile("Change the zone")).click()
    await expect(page.locator(".when__first").first).to_contain_text("21:00–21:15 your time (NZST, UTC+12)")
    late = page.locator(".slot", has=page.get_by_role("link", name="What we take home"))
    await expect(late.locator(".when__first")).to_contain_text("Sat 26 June")
    await page.goto("/")
    await expect(page.get_by_text("your time (NZST, UTC+12)").first).to_be_visible()
