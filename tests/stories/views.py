"""People who look at the views of a stage in browsers of their own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize

from conference.live.talk_tables import Announcement
from conference.programme.tables import Session
from tests.live.cast import HOUR, World
from tests.stories.conftest import DESK

Visits = Callable[..., Awaitable[Page]]


@asynccontextmanager
async def visits_to(browser: Browser, house: World) -> AsyncIterator[Visits]:
    """`page = await visits("/projector", size=HALL)`: somebody's browser on that view of the stage. No error stays unseen."""
    troubles: list[str] = []
    contexts: list[BrowserContext] = []

    async def visit(
        view: str, name: str | None = None, *, javascript: bool = True, session: Session | None = None, size: ViewportSize = DESK
    ) -> Page:
        context = await browser.new_context(
            base_url=house.origin, viewport=size, locale="en-GB", timezone_id="Europe/London", java_script_enabled=javascript
        )
        contexts.append(context)
        await _sign_in(context, house, name)
        page = await context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        await page.goto(house.stage(session) + view)
        return page

    yield visit
    for context in contexts:
        await context.close()
    assert troubles == []


@asynccontextmanager
async def page_without_policy(browser: Browser, house: World, name: str, size: ViewportSize, scheme: Any) -> AsyncIterator[Page]:
    """For axe, whose script is not the page's own."""
    context = await browser.new_context(base_url=house.origin, viewport=size, color_scheme=scheme, bypass_csp=True)
    await _sign_in(context, house, name)
    yield await context.new_page()
    await context.close()


async def announce(house: World, text: str) -> None:
    now = house.house.clock.now()
    async with house.house.database.writing() as db:
        event, moderator = house.cast.event, house.cast.people["moderator"]
        db.add(Announcement(event_id=event.id, person_id=moderator.id, text=text, at=now, until=now + HOUR))
    house.floor.look_at_once()


async def _sign_in(context: BrowserContext, house: World, name: str | None) -> None:
    if name:
        await context.add_cookies([{"name": "sign_in", "value": house.cast.tokens[name], "url": house.origin}])
