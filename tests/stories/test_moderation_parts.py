"""Moderating in browsers: polls with a chart, captions, settings, help, a lost line, and what is read out in a busy minute."""

import re
from pathlib import Path

from playwright.async_api import Page, expect

from tests.servers import Process
from tests.stories.barriers import barriers
from tests.stories.conftest import PHONE, Opens
from tests.stories.line import line_to
from tests.stories.moderators import MODERATE, STAGE, ask, card, go_to, live, say, small_targets


async def test_a_poll_is_drafted_opened_counted_live_and_closed_with_its_table(opens: Opens, pictures: Path) -> None:
    desk, phone = await opens("moderator", bypass_csp=True), await opens("organiser", size=PHONE, has_touch=True, bypass_csp=True)
    voters = [await opens("delegate"), await opens("speaker")]
    await live(desk, MODERATE + "?part=polls")
    await live(phone, MODERATE + "?part=polls")
    await desk.get_by_text("Draft a poll").click()
    await desk.get_by_label("What do you ask?").fill("What do you share with partners?")
    await desk.get_by_label("The choices, one a line").fill("Staff visits\nCatalogue records\nStory hours")
    await desk.get_by_label("Show the results while it is open").check()
    await desk.get_by_role("button", name="Keep the draft").click()
    poll = desk.locator("[data-list=polls] > article", has_text="What do you share")
    await poll.get_by_role("button", name="Open the poll").click()
    await expect(poll.get_by_role("button", name="Close it")).to_be_visible()
    poll_id = await poll.get_attribute("data-id")
    for place, voter in enumerate(voters):
        await voter.goto(STAGE)
        await say(voter, {"type": "cast", "poll_id": poll_id, "choices": [str(place)]})
    for page in (desk, phone):
        shown = page.locator("[data-list=polls] > article", has_text="What do you share")
        await expect(shown.locator("[data-slot=answers]")).to_have_text("2 people answered")
        await expect(shown.locator(".bar").first.locator("[data-slot=share]")).to_have_text("50%")
        await expect(shown.locator(".bar").first.locator("rect")).to_have_attribute("width", "50")
    await phone.locator("[data-list=polls] summary", has_text="as a table").first.tap()
    await expect(phone.locator("[data-list=polls] tbody tr").first).to_contain_text("Staff visits")
    await phone.screenshot(path=pictures / "moderate-poll-390.png", full_page=True)
    await desk.screenshot(path=pictures / "moderate-poll-1280.png")
    assert (await barriers(phone), await barriers(desk)) == ([], [])
    assert await small_targets(phone) == []
    await poll.get_by_role("button", name="Close it").click()
    await expect(
        phone.locator("[data-list=polls] > article", has_text="What do you share").get_by_role("button", name="Reopen")
    ).to_be_visible()
    await poll.get_by_role("button", name="Archive it").click()
    await expect(phone.locator("[data-list=polls] > article", has_text="What do you share")).to_have_count(0)


async def test_captions_follow_a_typist_and_settings_follow_the_other_moderator(opens: Opens, pictures: Path) -> None:
    desk, phone = await opens("moderator"), await opens("organiser", size=PHONE, has_touch=True, bypass_csp=True)
    await live(desk, MODERATE + "?part=run")
    await live(phone, MODERATE + "?part=run")
    line = desk.get_by_label("The next line")
    await line.fill("Good morning from Sharjah.")
    await line.press("Enter")
    await expect(line).to_have_value("")
    await expect(line).to_be_focused()
    await desk.keyboard.type("We begin with the libraries.")
    await desk.keyboard.press("Enter")
    await expect(phone.locator("[data-list=captions] li")).to_have_text(["Good morning from Sharjah.", "We begin with the libraries."])
    await phone.get_by_role("button", name="5 minutes left").tap()
    await expect(desk.locator("[data-list=cues] li").first).to_have_text("5 minutes left")
    await phone.get_by_label("Held words, one a line").fill("casino")
    await phone.get_by_label("Running late by how many minutes?").fill("5")
    await phone.get_by_role("button", name="Save the settings").tap()
    await expect(desk.get_by_label("Running late by how many minutes?")).to_have_value("5")
    await expect(desk.get_by_label("Held words, one a line")).to_have_value("casino")
    assert await barriers(phone) == []
    await phone.screenshot(path=pictures / "moderate-run-390.png", full_page=True)
    await phone.get_by_label("Held words, one a line").fill("")
    await phone.get_by_label("Running late by how many minutes?").fill("0")
    await phone.get_by_role("button", name="Save the settings").tap()
    await expect(desk.get_by_label("Running late by how many minutes?")).to_have_value("0")


async def test_help_is_seen_at_once_and_a_message_deleted_and_its_author_silenced(opens: Opens, pictures: Path) -> None:
    asker, phone = await opens("delegate"), await opens("moderator", size=PHONE, has_touch=True, bypass_csp=True)
    await asker.goto(STAGE)
    await live(phone, MODERATE + "?part=run")
    await phone.get_by_label("The chat is open").check()
    await phone.get_by_role("button", name="Save the settings").tap()
    await expect(phone.locator("[data-says]")).to_have_text("The stage's settings are changed.")
    await say(asker, {"type": "say", "text": "Buy my book"}, {"type": "ask_help", "kind": "sound", "text": "Only one ear"})
    await expect(phone.locator("[data-waits=people]")).to_have_text("1")
    await phone.get_by_role("link", name="People").tap()
    await phone.get_by_label("What was done?").fill("We told the speaker.")
    await phone.get_by_role("button", name="It is done").tap()
    await expect(phone.locator("[data-list=help] li")).to_have_count(0)
    await phone.get_by_role("link", name="Chat").tap()
    message = phone.locator(".message", has_text="Buy my book")
    await message.get_by_text("Silence the author").tap()
    await message.get_by_label("For what reason?").fill("No advertisements.")
    await phone.screenshot(path=pictures / "moderate-chat-390.png", full_page=True)
    assert await barriers(phone) == []
    await message.get_by_role("button", name="Silence them").tap()
    await phone.locator(".message", has_text="Buy my book").get_by_role("button", name="Delete").tap()
    await expect(phone.locator("[data-list=said] .message").first).to_contain_text("Deleted.")
    await phone.get_by_role("link", name="People").tap()
    await phone.get_by_role("button", name="Lift it now").tap()
    await expect(phone.locator("[data-list=silences] [data-slot=until]").last).to_have_text("lifted")
    await phone.get_by_role("link", name="Run").tap()
    await phone.get_by_label("The chat is open").uncheck()
    await phone.get_by_role("button", name="Save the settings").tap()


async def test_a_lost_line_is_a_bar_with_words_and_what_was_done_meanwhile_arrives(opens: Opens, demo: Process, pictures: Path) -> None:
    asker, desk = await opens("delegate"), await opens("moderator")
    await asker.goto(STAGE)
    await ask(asker, "Is the line safe?")
    async with line_to(demo.address) as line:
        await live(desk, line.address + MODERATE)
        line.cut()
        bar = desk.locator("[data-line]")
        await expect(bar).to_contain_text("The line is lost")
        assert await bar.evaluate("each => each.getBoundingClientRect().width") == 1280
        await desk.screenshot(path=pictures / "moderate-lost-1280.png")
        await go_to(desk, "Is the line safe?")
        await desk.keyboard.press("a")
        line.mend()
        await expect(bar).to_have_attribute("data-state", "live", timeout=30_000)
        await expect(card(desk, "Is the line safe?", "#stage")).to_be_visible()


async def test_a_minute_of_a_hundred_events_is_a_handful_of_sentences(opens: Opens) -> None:
    asker, desk = await opens("delegate"), await opens("moderator")
    await asker.goto(STAGE)
    await desk.clock.install()
    await live(desk, MODERATE + "?part=run")
    await set_chat(desk, held="bingo", is_open=True)
    await desk.evaluate(
        """() => {
          const slot = document.querySelector("[data-says]");
          window.told = [];
          new MutationObserver(() => slot.textContent && window.told.push(slot.textContent)).observe(slot, { childList: true });
        }"""
    )
    for batch in range(20):
        await say(asker, *({"type": "say", "text": f"Bingo {batch}-{number}"} for number in range(5)))
        await expect(desk.locator("[data-waits=chat]")).to_have_text(str(5 * (batch + 1)))
        await desk.clock.run_for(3000)
    told = await desk.evaluate("window.told")
    assert 2 <= len(told) <= 6, told
    assert all(re.fullmatch(r"\d+ messages are held back\.", words) for words in told), told
    await desk.clock.run_for(20_000)  # what was gathered has been said
    await set_chat(desk, held="", is_open=False)


async def set_chat(page: Page, *, held: str, is_open: bool) -> None:
    await page.get_by_label("The chat is open").set_checked(is_open)
    await page.get_by_label("Held words, one a line").fill(held)
    await page.get_by_role("button", name="Save the settings").click()
    await page.clock.run_for(1000)
    await expect(page.locator("[data-says]")).to_have_text("The stage's settings are changed.")
