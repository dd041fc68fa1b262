"""The programme's page in a browser: narrowed without a script, a grid where there is room, and on paper."""

import re

from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.stories.conftest import DESK, PHONE, Opens

PROGRAMME = "/events/wi-2021/programme"


async def box(part: Locator) -> dict[str, float]:
    found = await part.bounding_box()
    assert found
    return {"left": found["x"], "top": found["y"], "bottom": found["y"] + found["height"], "right": found["x"] + found["width"]}


def session(page: Page, title: str) -> Locator:
    return page.locator("article.session", has=page.get_by_role("link", name=title, exact=True))


async def test_a_delegate_without_scripts_chooses_workshops_takes_one_choice_back_and_shows_all(opens: Opens) -> None:
    page = await opens(size=PHONE, javascript=False)
    await page.goto(PROGRAMME)
    await page.get_by_text("Choose by track, type").click()
    await page.get_by_label("Workshop", exact=True).check()
    await page.get_by_label("Building Bridges").check()
    await page.get_by_role("button", name="Show these").click()
    await expect(page.get_by_role("heading", name="Nothing fits that")).to_be_visible()
    await page.get_by_role("link", name="Take away: Building Bridges").click()
    await expect(page.locator("#shown")).to_have_text("2 of 16 sessions")
    await expect(page).to_have_url(re.compile(r"/programme\?type=workshop$"))
    await page.get_by_role("link", name="Show all").click()
    await expect(page.locator("#shown")).to_have_text("All 16 sessions")


async def test_what_runs_side_by_side_stands_side_by_side_where_there_is_room(opens: Opens) -> None:
    page = await opens(size=DESK)
    await page.goto(PROGRAMME)
    panel, workshop = (
        session(page, "Panel: opportunities to work together"),
        session(page, "Workshop: Fundraising for international projects"),
    )
    one, other = await box(panel), await box(workshop)
    assert (one["top"], one["right"] < other["left"]) == (other["top"], True)
    head = await box(page.locator(".lane-head", has_text="Workshop room"))
    assert head["left"] <= other["left"] < head["right"]
    await page.set_viewport_size(PHONE)
    one, other = await box(panel), await box(workshop)
    assert (one["bottom"] <= other["top"], one["left"]) == (True, other["left"])
    await expect(page.locator(".lane-head").first).to_be_hidden()


async def test_the_way_to_where_one_is_leads_there_in_the_grid_too(opens: Opens) -> None:
    page = await opens(size=ViewportSize(width=1280, height=500))
    await page.goto(PROGRAMME)
    await page.get_by_role("link", name="You are here").click()
    await expect(page.locator("#now")).to_be_in_viewport()
    await expect(page.locator("#now")).to_contain_text("10:15–11:00")


async def test_the_order_of_reading_is_the_order_of_time(opens: Opens) -> None:
    page = await opens(size=DESK)
    await page.goto(PROGRAMME)
    starts = await page.locator("[data-starts]").evaluate_all("all => all.map(each => each.dataset.starts)")
    assert starts == sorted(starts)


async def test_on_paper_a_day_is_a_page_with_the_events_address_and_each_times_zone(opens: Opens) -> None:
    page = await opens(zone="Africa/Nairobi", size=DESK)
    await page.goto(PROGRAMME)
    paper = await page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    await page.goto("/events/illp-2025/programme")
    assert len(re.findall(rb"/Type\s*/Page\b", await page.pdf(format="A4"))) == 6
    await page.emulate_media(media="print")
    await expect(page.locator(".print-only")).to_have_text(
        re.compile(r"^International Library Leaders Programme 2025: http://\S+/events/illp-2025/programme$")
    )
    for chrome in (".masthead", ".narrowing", ".rehearsal", ".colophon"):
        await expect(page.locator(chrome)).to_be_hidden()
    assert "(EAT, UTC+3)" in await page.locator(".when").first.inner_text()
