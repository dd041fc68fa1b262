"""The organisers' desk in browsers: help comes by itself and is answered, something is announced, no typed word is lost."""

import re
from pathlib import Path
from uuid import uuid4

from playwright.async_api import Page, expect

from tests.stories.barriers import barriers
from tests.stories.conftest import PHONE, Opens

STAGE = "/events/wi-2021/sessions/keynote-eman-bushulaibi/stage"
DESK = "/manage/events/wi-2021/desk"
BY_ITSELF = 12_000  # milliseconds: two looks
SPEAKS = """([path, command]) => new Promise((done, failed) => {
  const socket = new WebSocket(new URL(path, location.href).href.replace("http", "ws"));
  socket.onopen = () => socket.send(JSON.stringify(command));
  socket.onmessage = ({ data }) => { if (JSON.parse(data).client_id === command.client_id) { socket.close(); done(JSON.parse(data)); } };
  socket.onerror = failed;
})"""


async def asks_for_help(page: Page, text: str, kind: str = "sound", about: str | None = None) -> None:
    """As the stage's own script does it."""
    await says(page, "ask_help", kind=kind, text=text, about_id=about)


async def says(page: Page, command: str, **more: object) -> str:
    """A command over a socket of the page's own; the id of what it made."""
    answer = await page.evaluate(SPEAKS, [f"{STAGE}/socket", {"type": command, "client_id": uuid4().hex, **more}])
    assert answer["type"] == "acknowledged"
    return str(answer["subject_id"])


async def answers(desk: Page, request: str, done: str) -> None:
    card = desk.locator('[data-region="help"] li', has_text=request)
    await card.get_by_label("What was done?").fill(done)
    await card.get_by_role("button", name="Done").click()
    await expect(card).to_have_count(0)


async def sound(page: Page, pictures: Path, name: str) -> None:
    """No barrier, nothing that scrolls sideways; and a picture to look at."""
    assert await barriers(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    await page.screenshot(path=pictures / f"{name}.png", full_page=True)


async def test_help_comes_to_the_desk_by_itself_and_what_is_being_typed_there_stays(opens: Opens, pictures: Path) -> None:
    delegate = await opens("delegate", zone="Africa/Nairobi", size=PHONE)
    desk, phone = await opens("organiser", bypass_csp=True), await opens("moderator", size=PHONE, bypass_csp=True)
    await delegate.goto(STAGE)
    await desk.goto(DESK)
    await phone.goto(DESK)
    await desk.get_by_label("Announcement", exact=True).fill("The stream comes back")
    await asks_for_help(delegate, "No sound since the break.")
    waiting, resolved = desk.locator('[data-region="help"]'), desk.locator('[data-region="resolved"]')
    await expect(waiting).to_contain_text("No sound since the break.", timeout=BY_ITSELF)
    await expect(desk.locator("[data-says]")).to_have_text("A new request for help came.")
    await expect(desk.get_by_label("Announcement", exact=True)).to_be_focused()
    await sound(desk, pictures, "desk-1280")

    card = waiting.locator("li", has_text="No sound since the break.")
    await card.get_by_label("What was done?").fill("Load the page")
    await asks_for_help(delegate, "And no captions.", "access")
    await expect(waiting).to_contain_text("And no captions.", timeout=BY_ITSELF)
    await expect(card.get_by_label("What was done?")).to_be_focused()
    await expect(card.get_by_label("What was done?")).to_have_value("Load the page")
    await card.get_by_label("What was done?").fill("Load the page again, please.")
    await card.get_by_role("button", name="Done").click()
    await expect(desk.get_by_role("heading", name=re.compile("^Help: 1 request waits"))).to_be_focused()
    await expect(waiting).not_to_contain_text("No sound since the break.")
    await expect(resolved).to_contain_text("Load the page again, please.")
    await expect(desk.locator(".flash")).to_contain_text("The person who asked reads what was done.")
    await expect(desk.get_by_label("Announcement", exact=True)).to_have_value("The stream comes back")
    await expect(phone.locator('[data-region="resolved"]')).to_contain_text("Load the page again, please.", timeout=BY_ITSELF)
    await sound(phone, pictures, "desk-390")
    await answers(phone, "And no captions.", "They are back.")
    await expect(desk.locator("[data-words=help_title]")).to_have_text("Help: nobody waits", timeout=BY_ITSELF)


async def test_what_one_person_types_stays_when_another_was_quicker(opens: Opens) -> None:
    delegate, desk, phone = await opens("delegate", size=PHONE), await opens("organiser"), await opens("moderator", size=PHONE)
    await delegate.goto(STAGE)
    await asks_for_help(delegate, "The picture stands still.", "picture")
    for page in (desk, phone):
        await page.goto(DESK)
    slow = desk.locator('[data-region="help"] li', has_text="The picture stands still.")
    await slow.get_by_label("What was done?").fill("I am still")
    await answers(phone, "The picture stands still.", "Choose audio only.")
    await expect(slow.get_by_text("Somebody changed this meanwhile.")).to_be_visible(timeout=BY_ITSELF)
    await expect(slow.get_by_label("What was done?")).to_have_value("I am still")
    await slow.get_by_role("button", name="Done").click()
    await expect(desk.get_by_role("alert")).to_contain_text("has looked after this already: Choose audio only.")


async def test_something_is_announced_with_its_consequence_said_before_and_ended_after(opens: Opens, pictures: Path) -> None:
    desk = await opens("organiser", bypass_csp=True)
    await desk.goto(DESK)
    form = desk.locator("form[data-preview]")
    await expect(form.locator("[data-foreseen]")).to_contain_text("It goes away by itself in 15 minutes")
    await form.get_by_label("Or until").fill("11:55")
    await expect(form.locator("[data-foreseen]")).to_contain_text("at 11:55 in London (BST, UTC+1).")
    await form.get_by_role("button", name="Announce it").click()
    await expect(desk.get_by_role("alert")).to_contain_text("Type what is announced.")
    await expect(form.get_by_label("Or until")).to_have_value("11:55")
    await sound(desk, pictures, "desk-mistake-1280")
    await form.get_by_label("Announcement", exact=True).fill("Lunch is an hour later.")
    await form.get_by_role("button", name="Announce it").click()
    announced = desk.locator('[data-region="announcements"]')
    await expect(desk.get_by_role("status").first).to_contain_text("Announced on all stages until 11:55 in London")
    await expect(announced).to_contain_text("Lunch is an hour later.")
    await announced.get_by_role("button", name="End it now").click()
    await expect(announced).not_to_contain_text("Lunch is an hour later.")
    await expect(desk.get_by_text("Nothing is announced now.")).to_be_visible()


async def test_the_same_without_javascript(opens: Opens, pictures: Path) -> None:
    delegate = await opens("delegate", size=PHONE)
    await delegate.goto(STAGE)
    await asks_for_help(delegate, "How do I change my name?", "other")
    desk = await opens("moderator", size=PHONE, javascript=False)
    await desk.goto(DESK)
    form = desk.locator("form[data-preview]")
    await form.get_by_label("Announcement", exact=True).fill("We begin again at eleven.")
    await form.get_by_label("For how many minutes").fill("40")
    await form.get_by_role("button", name="Who sees it, until when?").click()
    await expect(form.locator("[data-foreseen]")).to_contain_text("It goes away by itself in 40 minutes")
    await form.get_by_role("button", name="Announce it").click()
    await expect(desk.locator('[data-region="announcements"]')).to_contain_text("We begin again at eleven.")
    card = desk.locator('[data-region="help"] li', has_text="How do I change my name?")
    await card.get_by_role("button", name="Done").click()
    await expect(desk.get_by_role("alert")).to_contain_text("Say what was done")
    await card.get_by_label("What was done?").fill("It is on your own page.")
    await card.get_by_role("button", name="Done").click()
    await expect(desk.locator('[data-region="help"]')).not_to_contain_text("How do I change my name?")
    await desk.screenshot(path=pictures / "desk-no-javascript-390.png", full_page=True)
    await desk.locator('[data-region="announcements"]').get_by_role("button", name="End it now").click()
    await expect(desk.get_by_text("Nothing is announced now.")).to_be_visible()


async def test_whoever_wrote_what_is_reported_is_silenced_and_heard_again(opens: Opens, pictures: Path) -> None:
    delegate, speaker = await opens("delegate", size=PHONE), await opens("speaker")
    desk = await opens("moderator", size=PHONE, bypass_csp=True)
    for page in (delegate, speaker, desk):
        await page.goto(STAGE)
    question_id = await says(delegate, "ask", text="Why are you so dull?")
    await says(desk, "approve", question_id=question_id)
    await asks_for_help(speaker, "", "conduct", question_id)
    await desk.goto(DESK)
    card = desk.locator('[data-region="help"] li', has_text="Why are you so dull?")
    await card.get_by_role("link", name="Silence Delegate in Nairobi").click()
    await desk.get_by_role("button", name="Silence them").click()
    await expect(desk.get_by_role("alert")).to_contain_text("Say why")
    await expect(desk.get_by_label("For how many minutes")).to_have_value("30")
    await desk.get_by_label("Reason").fill("We are polite here.")
    await sound(desk, pictures, "desk-silence-390")
    await desk.get_by_role("button", name="Silence them").click()
    silenced = desk.locator('[data-region="silences"]')
    await expect(silenced).to_contain_text("We are polite here.")
    await sound(desk, pictures, "desk-silenced-390")
    await answers(desk, "Why are you so dull?", "They may not write for half an hour.")
    await silenced.get_by_role("button", name="Lift it now").click()
    await expect(desk.get_by_text("Nobody is silenced.")).to_be_visible()


async def test_a_hidden_desk_looks_no_more_until_somebody_looks_at_it(opens: Opens) -> None:
    desk = await opens("organiser")
    looks: list[str] = []
    desk.on("request", lambda request: looks.append(request.url) if request.url.endswith("/desk/now") else None)
    await desk.goto(DESK)
    await desk.evaluate("window.isHidden = true; Object.defineProperty(document, 'hidden', { get: () => window.isHidden })")
    await desk.wait_for_timeout(6000)
    seen = len(looks)
    await desk.evaluate("window.isHidden = false; document.dispatchEvent(new Event('visibilitychange'))")
    await desk.wait_for_timeout(500)
    assert (seen, len(looks)) == (0, 1)
