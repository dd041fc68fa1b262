"""A morning at a door: by camera, by name, without a line, and with one again."""

from pathlib import Path

import segno
from playwright.async_api import Page, expect

from tests.stories.conftest import PHONE, Opens

DOOR = "/manage/events/wi-2021/door"
TICKET = "/events/wi-2021/ticket"
# A camera that looks at a ticket, which is held small and askew before a grey wall.
CAMERA = """(rows) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
  const drawing = canvas.getContext("2d");
  const side = 260 / rows.length;
  setInterval(() => {
    drawing.resetTransform();
    drawing.fillStyle = "#bbb";
    drawing.fillRect(0, 0, 640, 480);
    drawing.translate(320, 240);
    drawing.rotate(0.12);
    drawing.fillStyle = "#fff";
    drawing.fillRect(-150, -150, 300, 300);
    drawing.fillStyle = "#000";
    rows.forEach((row, y) => row.forEach((dark, x) => dark && drawing.fillRect(x * side - 130, y * side - 130, side + 0.5, side + 0.5)));
  }, 100);
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(10);
}"""


async def ticket_of(delegate: Page) -> tuple[str, list[list[int]]]:
    """A ticket's code, and its picture as rows of dark and light."""
    await delegate.goto(TICKET)
    code = await delegate.locator(".wallet__code").inner_text()
    address = delegate.url.replace("/ticket", f"/tickets/{code}")
    return code, [list(row) for row in segno.make_qr(address, error="m").matrix]


async def test_a_helper_goes_on_while_the_line_is_down(opens: Opens, pictures: Path) -> None:
    delegate = await opens("delegate", zone="Africa/Nairobi", size=PHONE)
    code, picture = await ticket_of(delegate)
    phone = await opens("organiser", size=PHONE)
    await phone.goto(DOOR)
    await expect(phone.get_by_text("Everything is sent.")).to_be_visible()
    await phone.get_by_text("The list on this phone", exact=True).click()
    await phone.get_by_role("button", name="Put the list on this phone").click()
    await expect(phone.get_by_text("people are on this phone’s list")).to_be_visible()
    assert code not in await phone.evaluate("JSON.stringify(localStorage)")

    await phone.evaluate(CAMERA, picture)
    await phone.get_by_role("button", name="Start the camera").click()
    just_now = phone.locator("[data-results] li")
    await expect(just_now.first).to_have_text("Delegate in Nairobi Checked in.")
    await phone.screenshot(path=pictures / "door-phone.png", full_page=True)
    await phone.get_by_role("button", name="Stop the camera").click()

    await phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await phone.context.set_offline(True)
    await phone.get_by_label("Name", exact=True).fill("KERALA")
    await phone.get_by_role("button", name="Find").click()
    await phone.get_by_role("button", name="Check in Delegate in Kerala").click()
    await expect(phone.get_by_text("1 check-in waits on this phone.")).to_be_visible()
    await phone.goto(DOOR)  # loaded anew, without a line
    await expect(phone.get_by_text("There is no line: what you do here is kept on this phone")).to_be_visible()
    await phone.get_by_label("For", exact=True).select_option(index=0)
    await phone.get_by_label("Ticket’s code").fill(code.lower())
    await phone.get_by_role("button", name="Check in", exact=True).click()
    await expect(just_now.first).to_have_text("Delegate in Nairobi Was in already when the list was made. Kept on this phone.")
    await expect(phone.get_by_text("2 check-ins wait on this phone.")).to_be_visible()
    await phone.screenshot(path=pictures / "door-no-line.png", full_page=True)

    await phone.context.set_offline(False)
    await expect(phone.get_by_text("Everything is sent.")).to_be_visible()
    await expect(just_now.filter(has_text="Nairobi")).to_have_text("Delegate in Nairobi Was checked in already.")
    await expect(just_now.filter(has_text="Kerala")).to_have_text("Delegate in Kerala Checked in.")
    await phone.goto(DOOR)
    await expect(phone.locator("[data-there]")).to_have_text("2")
    await phone.get_by_text("The list on this phone", exact=True).click()
    await phone.get_by_role("button", name="Remove it").click()
    assert "Delegate" not in await phone.evaluate("JSON.stringify(localStorage)")
