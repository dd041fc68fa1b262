"""What the stories of moderation have in common: commands by a line of their own, cards, keys, and what is too small for a finger."""

from typing import Any
from uuid import uuid4

from playwright.async_api import Locator, Page, expect

STAGE = "/events/wi-2021/sessions/keynote-eman-bushulaibi/stage"
MODERATE = "/manage" + STAGE
TARGET = 44  # pixels of the smallest thing to touch

SAY = """async ([path, commands]) => {
  const socket = new WebSocket(new URL(path, location.href.replace("http", "ws")));
  const answers = [];
  await new Promise((done) => {
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.type === "snapshot") for (const command of commands) socket.send(JSON.stringify(command));
      if (["acknowledged", "refused"].includes(message.type)) answers.push(message);
      if (answers.length === commands.length) done();
    };
  });
  socket.close();
  return answers;
}"""


async def say(page: Page, *commands: dict[str, Any]) -> list[dict[str, Any]]:
    """Commands by a line of their own; their answers."""
    answers: list[dict[str, Any]] = await page.evaluate(SAY, [STAGE + "/socket", [{"client_id": uuid4().hex, **each} for each in commands]])
    assert [each for each in answers if each["type"] == "refused"] == []
    return answers


async def ask(page: Page, *texts: str) -> None:
    await say(page, *({"type": "ask", "text": text} for text in texts))


def card(page: Page, text: str, where: str = "") -> Locator:
    return page.locator(f"{where} [data-list] > [data-card]", has_text=text)


async def current(page: Page) -> str:
    return await page.locator(".is-current .question__text").inner_text()


async def go_to(page: Page, text: str) -> None:
    """By keyboard: j until this card is current."""
    await page.keyboard.press("Escape")
    for key in ("k", "j"):
        for _ in range(12):
            if await page.locator(".is-current", has_text=text).count():
                return
            await page.keyboard.press(key)
    raise AssertionError(f"j and k never reach “{text}”")


async def live(page: Page, path: str = MODERATE) -> None:
    await page.goto(path)
    await expect(page.locator("[data-line]")).to_have_attribute("data-state", "live")


async def settled(page: Page) -> None:
    """A card that took another's place takes no orders for half a second."""
    await page.wait_for_timeout(600)


async def small_targets(page: Page) -> list[str]:
    """Buttons, summaries and links of the page's own part that are smaller than a finger."""
    found: list[str] = await page.evaluate(
        """(least) => [...document.querySelectorAll("moderate-stage :is(button, summary, a, input:not([type=hidden]), select)")]
            .filter((each) => each.checkVisibility() && !each.matches("p a, .choice input"))
            .filter((each) => each.getBoundingClientRect().height < least - 0.5)
            .map((each) => `${each.textContent.trim() || each.name}: ${each.getBoundingClientRect().height}`)""",
        TARGET,
    )
    return found
