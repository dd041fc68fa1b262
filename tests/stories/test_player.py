"""What plays at the top of a stage, in a browser and under the strict policy; and the ways for thin lines."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, ViewportSize, expect

from conference.programme.tables import Session
from tests.live.cast import World, open_house
from tests.stories.barriers import barriers
from tests.stories.conftest import DESK, PHONE, Opens
from tests.stories.streams import PATIENCE, StreamHost, give_stream, is_playing, stream_host, video_of

KEYNOTE = "/events/wi-2021/sessions/keynote-eman-bushulaibi/stage"
VIDEO = "https://www.youtube-nocookie.com/embed/abcdefghijk"
ELSEWHERE = "https://elsewhere.example"
ON_THE_WIRE = 60_000  # bytes of a stage in text only, all of it

Visits = Callable[..., Awaitable[Page]]


@pytest.fixture
def host() -> Iterator[StreamHost]:
    with stream_host() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path) -> AsyncIterator[World]:
    """A house of its own, in the middle of a session."""
    async with open_house(tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def visits(browser: Browser, house: World) -> AsyncIterator[Visits]:
    """`page = await visits("?mode=audio", size=PHONE)`: a delegate's browser on the stage. Nothing that the policy refuses stays unseen."""
    troubles: list[str] = []
    contexts = []

    async def visit(query: str = "", *, session: Session | None = None, size: ViewportSize = DESK, **more: Any) -> Page:
        context = await browser.new_context(base_url=house.origin, viewport=size, locale="en-GB", timezone_id="Europe/London", **more)
        await context.add_cookies([{"name": "sign_in", "value": house.cast.tokens["asker"], "url": house.origin}])
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text) if _is_trouble(message.text) else None)
        await page.goto(house.stage(session) + query)
        return page

    yield visit
    for context in contexts:
        await context.close()
    assert troubles == []


def _is_trouble(text: str) -> bool:
    return "Security Policy" in text and ELSEWHERE not in text  # which a test asks for, to see it refused


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1280"])
async def test_a_stream_plays_with_captions_under_the_strict_policy(
    visits: Visits, house: World, host: StreamHost, pictures: Path, size: ViewportSize
) -> None:
    await give_stream(house, f"{host.origin}/index.m3u8", f"{host.origin}/captions.vtt")
    page = await visits(size=size)
    await page.screenshot(path=pictures / f"player-before-{size['width']}.png")
    assert [name for name in host.asked if name != "captions.vtt"] == []  # nothing plays, and nothing is fetched, by itself
    await page.get_by_role("button", name="Play").click()
    video = await is_playing(page)
    assert (video["paused"], video["width"], round(video["duration"])) == (False, 160, 8)
    assert video["cues"] == ["Good morning, and welcome."]
    await page.screenshot(path=pictures / f"player-{size['width']}.png")
    await expect(page.locator("[data-says]").first).to_have_text("")
    assert (await is_playing(page, 4.2))["cues"] == ["Let us begin with a question."]


async def test_a_live_stream_is_followed_at_its_edge_until_it_ends(visits: Visits, house: World, host: StreamHost) -> None:
    await give_stream(house, f"{host.origin}/index.m3u8")
    host.go_live()
    page = await visits()
    await page.get_by_role("button", name="Play").click()
    await is_playing(page)
    await is_playing(page, 5)  # more than was there at first
    await expect(page.get_by_text("The stream has ended.")).to_be_visible()


async def test_sound_only_fetches_no_picture(visits: Visits, house: World, host: StreamHost, pictures: Path) -> None:
    await give_stream(house, f"{host.origin}/index.m3u8")
    page = await visits("?mode=audio", size=PHONE)
    await page.get_by_role("button", name="Listen").click()
    assert (await is_playing(page))["width"] == 0
    await page.screenshot(path=pictures / "player-audio-390.png")
    assert [name for name in host.asked if name.endswith((".m4s", ".mp4")) and name.startswith("picture")] == []
    await expect(page.get_by_role("link", name="Sound only")).to_have_attribute("aria-current", "true")


async def test_a_stream_that_does_not_answer_is_said_in_words_and_tried_again(
    visits: Visits, house: World, host: StreamHost, pictures: Path
) -> None:
    await give_stream(house, f"{host.origin}/index.m3u8")
    host.is_silent = True
    page = await visits(size=PHONE)
    await page.get_by_role("button", name="Play").click()
    await expect(page.get_by_text("The stream does not answer. We keep trying.")).to_be_visible()
    await page.screenshot(path=pictures / "player-silent-390.png")
    await expect(page.get_by_role("link", name="Follow it as text")).to_have_attribute("href", "?mode=text")
    host.is_silent = False
    await is_playing(page)
    await expect(page.get_by_text("The stream does not answer.")).to_have_count(0)


async def test_who_was_watching_goes_on_after_the_page_is_loaded_again(visits: Visits, house: World, host: StreamHost) -> None:
    await give_stream(house, f"{host.origin}/index.m3u8")
    page = await visits()
    await page.get_by_role("button", name="Play").click()
    await is_playing(page)
    host.asked.clear()
    await page.reload()
    await expect(page.locator("[data-start]")).to_be_hidden()
    async with asyncio.timeout(PATIENCE):
        while (await video_of(page))["ready"] < 2:  # noqa: ASYNC110 - nothing says when
            await asyncio.sleep(0.1)
    assert "index.m3u8" in host.asked


async def test_a_video_of_an_allowed_host_stands_in_the_page_and_no_other_host_does(visits: Visits, house: World, pictures: Path) -> None:
    await give_stream(house, "https://youtu.be/abcdefghijk")
    page = await visits(size=PHONE)

    async def answer(route: Route) -> None:
        await route.fulfill(body="<!doctype html><title>Video</title><h1>A video</h1>", content_type="text/html")

    await page.context.route("**/embed/**", answer)
    await page.reload()
    frame = page.frame_locator("iframe[title='Opening']")
    await expect(frame.get_by_role("heading", name="A video")).to_be_visible()
    assert await page.locator("iframe").get_attribute("src") == VIDEO
    await page.screenshot(path=pictures / "player-embed-390.png")
    assert await page.evaluate(REFUSED_FRAME, ELSEWHERE) == ["frame-src", ELSEWHERE]


REFUSED_FRAME = """(address) => new Promise((tell) => {
  document.addEventListener("securitypolicyviolation", (event) => tell([event.effectiveDirective, event.blockedURI]));
  const frame = document.createElement("iframe");
  frame.src = address;
  document.body.append(frame);
})"""


async def test_the_picture_stays_at_the_top_of_a_phone_and_folds_to_a_line(visits: Visits, house: World, host: StreamHost) -> None:
    await give_stream(house, f"{host.origin}/index.m3u8")
    for number in range(8):
        await house.ask_and_approve(f"Question number {number}, with enough words that the page is longer than a phone?", number)
    page = await visits(size=PHONE)
    await page.get_by_role("button", name="Play").click()
    await is_playing(page)
    await page.evaluate("scrollTo(0, 900)")
    await expect(page.locator("video")).to_be_in_viewport(ratio=1)
    await page.get_by_text("Video: Opening").click()
    await expect(page.locator("video")).to_be_hidden()
    await is_playing(page, (await video_of(page))["at"] + 0.5)  # the sound goes on


async def test_the_countdown_moves_by_itself(visits: Visits, house: World, pictures: Path) -> None:
    later = house.cast.later
    async with house.house.database.writing() as db:
        session = await db.get(Session, later.id)
        assert session
        session.starts_at = house.house.clock.now() + timedelta(minutes=11, seconds=50)
        session.ends_at = session.starts_at + timedelta(hours=1)
    page = await visits(session=later, size=PHONE)
    words = page.locator("starts-in")
    assert await words.inner_text() == "Starts in 12 minutes"
    await page.screenshot(path=pictures / "player-poster-390.png", full_page=True)
    await page.clock.install()
    await page.reload()
    await page.clock.fast_forward(60_000)
    await expect(words).to_have_text("Starts in 11 minutes")


@pytest.mark.parametrize("query", ["", "?mode=audio", "?mode=text"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_any_mode(
    browser: Browser, house: World, host: StreamHost, pictures: Path, query: str, scheme: str
) -> None:
    await give_stream(house, f"{host.origin}/index.m3u8", f"{host.origin}/captions.vtt")
    size = PHONE if scheme == "light" else DESK
    async with page_without_policy(browser, house, size, scheme) as page:
        await page.goto(house.stage() + query)
        await page.screenshot(path=pictures / f"player{query.replace('?mode=', '-')}-axe-{scheme}.png", full_page=True)
        wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (await barriers(page), wide) == ([], 0)


@asynccontextmanager
async def page_without_policy(browser: Browser, house: World, size: ViewportSize, scheme: Any) -> AsyncIterator[Page]:
    """For axe, whose script is not the page's own."""
    context = await browser.new_context(base_url=house.origin, viewport=size, color_scheme=scheme, bypass_csp=True)
    yield await context.new_page()
    await context.close()


async def test_text_only_is_small_on_the_wire(opens: Opens, pictures: Path) -> None:
    page = await opens("delegate", size=PHONE)
    wire = await page.context.new_cdp_session(page)
    await wire.send("Network.enable")
    await wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[int] = []
    names: list[str] = []
    wire.on("Network.requestWillBeSent", lambda event: names.append(event["request"]["url"]))
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    await page.goto(f"{KEYNOTE}?mode=text")
    await expect(page.locator("[data-line]")).to_contain_text("Live")
    await page.wait_for_load_state("networkidle")
    await page.screenshot(path=pictures / "stage-text-390.png", full_page=True)
    assert len(sizes) >= 10  # they were counted
    assert [name for name in names if re.search(r"fonts|player|hls", name) and "player.css" not in name] == []
    print("text only:", sum(sizes), "bytes in", len(sizes), "answers")
    assert sum(sizes) < ON_THE_WIRE


async def test_a_browser_that_saves_data_gets_text_and_may_ask_for_all(opens: Opens) -> None:
    page = await opens(size=PHONE, extra_http_headers={"Save-Data": "on"})
    await page.goto(KEYNOTE)
    await expect(page.get_by_text("Your browser asks for little data, so this page is text only.")).to_be_visible()
    await page.get_by_role("link", name="Show everything").click()
    await expect(page).to_have_url(re.compile(r"\?mode=video$"))
    await expect(page.get_by_text("Your browser asks for little data")).to_have_count(0)


async def test_text_only_stays_text_only_after_a_form(opens: Opens) -> None:
    page = await opens("delegate", size=PHONE, javascript=False)
    await page.goto(f"{KEYNOTE}?mode=text")
    await page.get_by_text("Ask a question", exact=True).click()
    await page.get_by_label("Your question", exact=True).fill("Does this come through a thin line?")
    await page.get_by_role("button", name="Send the question").click()
    await expect(page).to_have_url(re.compile(r"\?mode=text$"))
    await expect(page.get_by_text("Does this come through a thin line?").first).to_be_visible()
