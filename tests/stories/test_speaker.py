"""A speaker's way: invited by mail, brings biography, photo, slides and another title, speaks, and answers in writing afterwards."""

import re
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Error, Page, expect

from tests.stories.barriers import barriers
from tests.stories.conftest import DESK, PHONE, Opens
from tests.stories.moderators import settled

MANAGE = "/manage/events/wi-2021"
SESSION = "/events/wi-2021/sessions/project-barnet-copenhagen"
LEAD = "Project lead, Barnet Libraries"
ADDRESS = "barnet.lead@demo.example"
TITLE, BETTER = "Guidance on open library technology: Barnet and Copenhagen", "Libraries that open by themselves: Barnet and Copenhagen"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"


def portrait() -> bytes:
    written = BytesIO()
    Image.linear_gradient("L").resize((600, 800)).convert("RGB").save(written, "JPEG")
    return written.getvalue()


async def seen(page: Page, pictures: Path, name: str) -> None:
    """Kept to be looked at, at both sizes; no barrier, nothing that scrolls sideways."""
    before = page.viewport_size
    for size in (PHONE, DESK):
        await page.set_viewport_size(size)
        await page.screenshot(path=pictures / f"speaker-{name}-{size['width']}.png", full_page=True)
        assert await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert await barriers(page) == []
    if before:
        await page.set_viewport_size(before)


async def set_clock(organiser: Page, time: str) -> None:
    await organiser.goto("/manage/rehearsal")
    await organiser.get_by_label("Time in London").fill(time)
    await organiser.get_by_role("button", name="Set the clock").click()
    await expect(organiser.get_by_role("status").first).to_contain_text(f"In London it is {time}")


async def open_letter(page: Page, subject: str) -> None:
    """The held mail, once it is written."""
    await page.goto("/demo/mail")
    letter = page.locator("details", has_text=subject).filter(has_text=ADDRESS).first
    for _ in range(20):
        if await letter.count():
            break
        await page.wait_for_timeout(300)
        await page.reload()
    await letter.evaluate("element => { element.open = true }")


async def test_a_speaker_is_invited_brings_a_talk_speaks_and_answers_afterwards(opens: Opens, pictures: Path) -> None:
    organiser = await opens("organiser", bypass_csp=True)
    speaker = await opens(zone="Europe/Copenhagen", size=PHONE, bypass_csp=True)
    await _invited(organiser, speaker, pictures)
    await _brings_biography_and_photo(speaker, pictures)
    await _brings_slides_and_another_title(speaker, pictures)
    await _is_reviewed_and_released(organiser, speaker, pictures)
    await _speaks_and_answers_afterwards(opens, organiser, speaker, pictures)


async def _invited(organiser: Page, speaker: Page, pictures: Path) -> None:
    await organiser.goto(f"{MANAGE}/speaking")
    await organiser.get_by_role("link", name=LEAD).click()
    await organiser.get_by_label("E-mail address").fill(ADDRESS)
    await organiser.get_by_label("A word to them").fill("The library in Barnet was named to us by everybody.")
    await organiser.get_by_role("button", name="Invite by mail").click()
    await expect(organiser.get_by_role("status").first).to_contain_text(f"{LEAD} is invited by mail.")
    await open_letter(speaker, "Will you speak at Working Internationally")
    await speaker.locator("a[href*='/speaking/invitations/']").first.click()
    await expect(speaker.get_by_role("heading", level=1)).to_contain_text("Will you speak at Working Internationally")
    await expect(speaker.get_by_text("The library in Barnet was named to us by everybody.")).to_be_visible()
    await seen(speaker, pictures, "invitation")
    await speaker.get_by_role("button", name="Accept and go to my talks").click()
    await expect(speaker.get_by_role("status").first).to_contain_text("Thank you: you speak at Working Internationally")
    await seen(speaker, pictures, "talks")


async def _brings_biography_and_photo(speaker: Page, pictures: Path) -> None:
    await speaker.get_by_role("link", name=re.compile("^Working Internationally")).click()
    await speaker.get_by_label("Biography").fill("Leads a library that opens without staff at the desk.")
    await speaker.get_by_label("Pronouns").fill("they / them")
    await speaker.get_by_role("button", name="Save", exact=True).click()
    await expect(speaker.get_by_role("status").first).to_contain_text("Saved, and shown on your page.")
    await speaker.locator("#photo").set_input_files({"name": "page.png", "mimeType": "image/png", "buffer": b"<svg onload='x'/>"})
    await speaker.get_by_label("What it shows").fill("A grey portrait")
    await speaker.get_by_role("button", name="Use this photo").click()
    await expect(speaker.locator("#photo-error")).to_contain_text("This is not a photo that we can read.")
    await expect(speaker.get_by_label("What it shows")).to_have_value("A grey portrait")
    await seen(speaker, pictures, "bad-photo")
    await speaker.locator("#photo").set_input_files({"name": "me.jpg", "mimeType": "image/jpeg", "buffer": portrait()})
    await speaker.get_by_role("button", name="Use this photo").click()
    await expect(speaker.get_by_role("img", name="A grey portrait")).to_be_visible()
    await speaker.get_by_label("From", exact=True).fill("14:00")
    await speaker.get_by_label("Until").fill("17:00")
    await speaker.get_by_role("button", name="Add this time").click()
    await expect(speaker.get_by_text("in London (BST, UTC+1)").first).to_be_visible()
    await seen(speaker, pictures, "profile")


async def _brings_slides_and_another_title(speaker: Page, pictures: Path) -> None:
    await speaker.goto("/me/talks")
    await speaker.get_by_role("link", name=TITLE).click()
    await speaker.get_by_label("What it is").fill("Slides")
    await speaker.locator("#file").set_input_files({"name": "slides.pdf", "mimeType": "application/pdf", "buffer": PDF})
    await speaker.get_by_role("button", name="Add it").click()
    await expect(speaker.get_by_text("PDF, 1 KB. For everybody, at once.")).to_be_visible()
    await speaker.get_by_role("textbox", name="Title").fill(BETTER)
    await speaker.get_by_role("button", name="Propose this change").click()
    await expect(speaker.get_by_role("status").first).to_contain_text("Proposed: the organisers review it.")
    await seen(speaker, pictures, "talk")


async def _is_reviewed_and_released(organiser: Page, speaker: Page, pictures: Path) -> None:
    await organiser.goto(f"{MANAGE}/speaking")
    await seen(organiser, pictures, "organisers-list")
    await organiser.get_by_role("link", name="To review: 1").click()
    await organiser.get_by_role("link", name=TITLE).click()
    await expect(organiser.locator(".diff ins").first).to_contain_text("Libraries that open by themselves")
    await seen(organiser, pictures, "review")
    await organiser.get_by_label("Accept").check()
    await organiser.get_by_label("Release it at once").check()
    await organiser.get_by_role("button", name="Decide").click()
    await expect(organiser.get_by_role("status").first).to_contain_text("Accepted and released.")
    await open_letter(speaker, "Accepted: your change")
    await expect(speaker.get_by_text("and it is published").first).to_be_visible()
    await speaker.goto(SESSION)
    await expect(speaker.get_by_role("heading", level=1)).to_have_text(BETTER)
    async with speaker.expect_download() as slides:
        await speaker.get_by_role("link", name="Slides", exact=True).click()
    assert (await slides.value).suggested_filename == "project-barnet-copenhagen-slides.pdf"


async def _speaks_and_answers_afterwards(opens: Opens, organiser: Page, speaker: Page, pictures: Path) -> None:
    delegate = await opens("delegate", zone="Africa/Nairobi", size=PHONE)
    moderator = await opens("moderator")
    await set_clock(organiser, "14:40")
    await delegate.goto(f"{SESSION}/stage")
    if not await delegate.get_by_label("Your question", exact=True).is_visible():
        await delegate.get_by_text("Ask a question", exact=True).click()
    await delegate.get_by_label("Your question", exact=True).fill("Who locks up at night?")
    await delegate.get_by_role("button", name="Send the question").click()
    await moderator.goto(f"/manage{SESSION}/stage")
    await expect(moderator.locator("[data-line]")).to_contain_text("Live")
    question = moderator.locator("article.question", has_text="Who locks up at night?")
    await expect(question).to_be_visible()
    await settled(moderator)
    await question.get_by_role("button", name="Approve").click()
    await expect(delegate.locator("[data-list] article.question", has_text="Who locks up at night?")).to_be_visible(timeout=15_000)
    await speaker.goto("/me/talks")
    await speaker.get_by_role("link", name=BETTER).click()
    await speaker.get_by_role("link", name="My side of the stage").click()
    await expect(speaker.locator("[data-words]")).to_have_text(re.compile(r"^1[45] minutes left$"))
    await expect(speaker.locator(".asked")).to_contain_text("Who locks up at night?", timeout=15_000)
    await speaker.goto("/me/talks")  # a stage looks again by itself when the clock is moved
    await set_clock(organiser, "18:00")
    await speaker.goto(f"{SESSION}/talk")
    await speaker.get_by_role("link", name="answer questions in writing").click()
    await speaker.get_by_text("Answer in writing").click()
    await speaker.get_by_label("Your answer").fill("A door that knows the hour.")
    await speaker.get_by_role("button", name="Send the answer").click()
    await expect(speaker.locator("[data-list=answered]")).to_contain_text("A door that knows the hour.")
    await _leave_stage(delegate, SESSION)
    await expect(delegate.locator(".question__answer")).to_contain_text("A door that knows the hour.")
    await speaker.goto(SESSION)
    await seen(speaker, pictures, "afterwards")


async def _leave_stage(page: Page, path: str) -> None:
    """A stage looks again by itself when the clock is moved: a first try may meet just that moment, and be cut off."""
    try:
        await page.goto(path)
    except Error:
        await page.goto(path)
