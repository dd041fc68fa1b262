"""A delegate's page of a stage, in a browser."""

from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.live.cast import World
from tests.live.hall import act, poll
from tests.stories.views import announce

PATIENCE = 15_000  # milliseconds


async def run(house: World, **settings: Any) -> None:
    given = {"moderated": "before", "chat_open": False, "slow_seconds": 0, "held_words": "", "late_minutes": 0, **settings}
    await act(house, "moderator", "set_stage", **given)


async def is_live(page: Page) -> None:
    await expect(page.locator("[data-line]")).to_contain_text("Live:", timeout=PATIENCE)


def card(page: Page, text: str) -> Locator:
    return page.locator("[data-list] > article", has=page.locator(".question__text", has_text=text))


async def order(page: Page) -> list[str]:
    """What the list shows, from the top."""
    return [text for text in await page.locator("[data-list] > article:visible .question__text").all_inner_texts() if text]


async def tab(page: Page, name: str) -> None:
    await page.get_by_role("tab", name=name).click()


async def fill_stage(house: World) -> None:
    """Something of everything."""
    await run(house, moderated="after", chat_open=True, held_words="lottery", late_minutes=10)
    ids = [await act(house, "asker", "ask", text=text) for text in ("How did it begin?", "Who pays for the visits?", "What does it cost?")]
    await act(house, "voter", "ask", text="Do small libraries stand a chance?")
    await run(house, chat_open=True, held_words="lottery", slow_seconds=5, late_minutes=10)
    await act(house, "moderator", "write_answer", question_id=ids[1], text="The partners share it.")
    await act(house, "moderator", "pin", question_id=ids[0])
    await poll(house, "Where do you work?", live_results=True)
    await poll(house, "How useful was it?", kind="rating")
    await poll(house, "In a word?", kind="words")
    message_id = await act(house, "moderator", "say", text="Welcome.")
    await act(house, "moderator", "delete_message", message_id=await act(house, "moderator", "say", text="Gone.", reply_id=message_id))
    await act(house, "moderator", "add_caption", text="Good morning, everybody.")
    await act(house, "voter", "ask_help", kind="sound", text="It crackles.")
    await announce(house, "Lunch is at noon.")
