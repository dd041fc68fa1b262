"""An organiser rearranges the day by hand, by keys, by form without JavaScript, and on a phone; nothing of it is public yet."""

import re
from pathlib import Path

from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.stories.barriers import barriers, tab_to
from tests.stories.conftest import PHONE, Opens

GRID = "/manage/events/wi-2021/grid"
TABLET = ViewportSize(width=1024, height=900)
MEETING, PANEL, WORKSHOP = "session-networking", "session-panel-community-spaces", "session-workshop-fundraising"


async def test_an_organiser_moves_sessions_by_hand_by_keys_and_by_form(opens: Opens, pictures: Path) -> None:
    page = await opens("organiser", bypass_csp=True)
    await page.goto(GRID)
    await expect(page.get_by_text("Everything is as published.")).to_be_visible()
    assert await barriers(page) == []

    await drag(page, page.locator(f"#{MEETING}"), by_minutes=32, to_room="Second stage", pictures=pictures)
    await expect(page.locator("[data-says]")).to_contain_text(
        "“Meet a library” is moved to 13:10–13:40 on Friday 25 June 2021, Second stage"
    )
    meeting = page.locator(f"#{MEETING}")
    await expect(meeting).to_contain_text("Moved")
    await expect(meeting).to_contain_text("published: Fri 25 June, 12:40–13:10, Meeting tables")

    await by_keys(page)
    await expect(page.get_by_role("heading", name="1 thing to look at")).to_be_visible()
    await expect(page.locator(".warnings")).to_contain_text("Room taken twice. Workshop room is taken twice")
    assert await barriers(page) == []
    await page.screenshot(path=pictures / "planning-grid-1280.png", full_page=True)

    plain = await opens("organiser", javascript=False)
    await by_form(plain)
    await page.goto("/events/wi-2021/programme")
    await expect(page.locator(".slot", has_text="Meet a library").first).to_contain_text("12:40–13:10")


async def test_who_is_too_late_is_told_and_sees_what_is_planned_now(opens: Opens) -> None:
    one, two = await opens("organiser"), await opens("organiser")
    await one.goto(GRID)
    await two.goto(GRID)
    await drag(one, one.locator(f"#{WORKSHOP}"), by_minutes=30)
    await expect(one.locator("[data-says]")).to_contain_text("is moved to 12:00–13:00")
    await drag(two, two.locator(f"#{WORKSHOP}"), by_minutes=-60)
    await expect(two.locator("[data-says]")).to_contain_text("Somebody else saved “Workshop: Fundraising")
    await expect(two.locator(f"#{WORKSHOP} .plan-item__times")).to_have_text("12:00–13:00")


async def test_a_finger_drags_by_the_handle_and_a_phone_has_the_forms(opens: Opens, pictures: Path) -> None:
    tablet = await opens("organiser", size=TABLET, has_touch=True)
    await tablet.goto(GRID)
    await finger(tablet, tablet.locator("#session-workshop-partnerships [data-grip]"), up_minutes=60)
    await expect(tablet.locator("[data-says]")).to_contain_text("international partnerships” is moved to 14:25–15:20")

    phone = await opens("organiser", size=PHONE, has_touch=True, bypass_csp=True)
    await phone.goto(GRID)
    keynote = phone.locator("#session-keynote-andreas-mittrowann")
    await keynote.locator("summary").tap()
    await keynote.get_by_label("Start").fill("13:15")
    await keynote.get_by_label("Room").select_option("Second stage")
    assert await barriers(phone) == []
    await phone.screenshot(path=pictures / "planning-grid-390.png", full_page=True)
    await keynote.get_by_role("button", name="Move it").tap()
    await expect(phone.get_by_role("status").first).to_contain_text("is moved to 13:15–14:00 on Friday 25 June 2021, Second stage: a draft")
    await expect(keynote).to_contain_text("Moved")


async def drag(page: Page, item: Locator, *, by_minutes: int, to_room: str = "", pictures: Path | None = None) -> None:
    """With the mouse; a minute that is no step of five is snapped."""
    await item.scroll_into_view_if_needed()
    box = await item.bounding_box()
    assert box
    start = (box["x"] + box["width"] / 2, box["y"] + box["height"] - 6)
    end = [start[0], start[1] + by_minutes * await minute(page)]
    if to_room:
        head = await page.locator(".plan-grid__rooms li", has_text=to_room).bounding_box()
        assert head
        end[0] = head["x"] + head["width"] / 2
    await page.mouse.move(*start)
    await page.mouse.down()
    await page.mouse.move(*[(one + two) / 2 for one, two in zip(start, end, strict=True)])
    await page.mouse.move(end[0], end[1])
    if pictures:
        await expect(page.locator(".plan-ghost")).to_have_text("13:10–13:40, Second stage")
        await page.screenshot(path=pictures / "planning-grid-drag.png")
    await page.mouse.up()


async def by_keys(page: Page) -> None:
    """The panel goes a room further and ten minutes later; a second thought is put back."""
    says, panel = page.locator("[data-says]"), page.locator(f"#{PANEL}")
    await tab_to_handle(page, PANEL)
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        await page.keyboard.press(key)
    await expect(says).to_have_text("15:35–16:30, Workshop room")
    await page.keyboard.press("Escape")
    await expect(says).to_have_text("“Panel: designing community spaces” is back at 15:25, Second stage.")
    for key in ("ArrowRight", "ArrowUp"):
        await page.keyboard.press(key)
    await page.keyboard.press("Enter")
    await expect(says).to_contain_text("“Panel: designing community spaces” is moved to 15:20–16:15 on Friday 25 June 2021, Workshop room")
    await expect(panel.locator("[data-grip]")).to_be_focused()


async def tab_to_handle(page: Page, item: str) -> None:
    await page.locator(f"#{item} [data-grip]").evaluate(
        "element => element.closest('li').previousElementSibling.querySelector('a').focus()"
    )
    await tab_to(page, "Move Panel: designing community spaces")


async def by_form(page: Page) -> None:
    await page.goto(GRID)
    item = page.locator(f"#{MEETING}")
    await item.locator("summary").click()
    await item.get_by_role("button", name="Put it back").click()
    await expect(page.get_by_role("status").first).to_contain_text(
        "moved to 12:40–13:10 on Friday 25 June 2021, Meeting tables, where it is published"
    )
    await expect(page).to_have_url(re.compile("/grid#session-networking$"))
    await item.locator("summary").click()
    await item.get_by_label("Start").fill("12:45")
    await item.get_by_role("button", name="Move it").click()
    await expect(page.get_by_role("status").first).to_contain_text("moved to 12:45–13:15")


async def finger(page: Page, handle: Locator, *, up_minutes: int) -> None:
    """One finger on the handle, up the page, and off; the page must not scroll meanwhile."""
    await handle.scroll_into_view_if_needed()
    box = await handle.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    by = -up_minutes * await minute(page)
    touch = await page.context.new_cdp_session(page)
    await touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in (0.3, 0.7, 1.0):
        await touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y + by * part}]})
    await touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


async def minute(page: Page) -> float:
    """Its height on the screen."""
    height = await page.locator(".plan-grid__sessions").first.evaluate(
        "({clientHeight, dataset}) => clientHeight / (dataset.last - dataset.first) / 60"
    )
    return float(height)
