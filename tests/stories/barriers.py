"""What keeps somebody from using a page: what axe finds, what scrolls sideways, what Tab never reaches."""

import re
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.async_api import Page

from tests.stories.conftest import DESK, PHONE, Opens


async def troubles(opens: Opens, pictures: Path, role: str | None, paths: list[str]) -> dict[str, Any]:
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
    return trouble


async def barriers(page: Page, *rules: str) -> list[tuple[str, str, list[Any]]]:
    """What axe finds by every rule, or by these: (rule, impact, where)."""
    if not await page.evaluate("'axe' in window"):
        await page.add_script_tag(path=AXE_FILE_PATH)
    options = {"resultTypes": ["violations"]} | ({"runOnly": {"type": "rule", "values": list(rules)}} if rules else {})
    found = await page.evaluate("options => axe.run(document, options)", options)
    return [(one["id"], one["impact"], [node["target"] for node in one["nodes"]]) for one in found["violations"]]


async def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


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
