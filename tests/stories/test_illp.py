"""The week from its call to a certificate: a delegate in Auckland applies, a panel meets, one declines and the first reserve moves up."""

import re
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.console.cast import look, send
from tests.servers import Process, running
from tests.stories.conftest import PHONE, Opens
from tests.stories.week import (
    ANSWERS,
    APPLY,
    CHAIR,
    DELEGATE,
    EVENT,
    LEIDEN,
    LVIV,
    MANAGE,
    ORGANISER,
    PANEL,
    TEXTS,
    Week,
    feed_of,
    papers_of,
    reference,
    scan_of,
    week_of,
)

DAYS = ("2025-07-09", "2025-07-10", "2025-07-11", "2025-07-14", "2025-07-15", "2025-07-16")


@pytest.fixture(scope="module")
def demo(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """The demo on the last morning of the call."""
    data = shutil.copytree(seeded, tmp_path_factory.mktemp("week") / "var")
    with running(data, "demo", "--at", "2025-02-06T08:00+00:00") as process:
        yield process


@pytest_asyncio.fixture(loop_scope="session")
async def week(demo: Process) -> AsyncIterator[Week]:
    async with week_of(demo) as made:
        yield made


@pytest.mark.timeout(300)  # half a year in one story
async def test_from_the_call_to_the_certificate(opens: Opens, week: Week) -> None:
    delegate = await week.be(await opens(zone="Pacific/Auckland", size=PHONE), DELEGATE)
    await _apply(delegate, week)
    await week.sixty_apply()
    await week.clock("2025-02-10T09:00:00+00:00")
    numbers = await week.numbers()
    assert len(numbers) == 61
    await _share_out(week, numbers)
    rest = [number for email, number in numbers.items() if email != DELEGATE]
    ranking = [numbers[DELEGATE], *rest]
    reader = await week.be(await opens(size=PHONE), await week.reader_of(ranking[0]))
    await _score(reader, week, ranking)
    await _meet(await week.be(await opens(), CHAIR), reader, week, ranking)
    await _tell(week, ranking)
    await _one_declines(week, {number: email for email, number in numbers.items()}, ranking)
    await _accept(delegate, week, numbers[DELEGATE])
    await _come(delegate, await opens(), week)


async def _apply(page: Page, week: Week) -> None:
    await page.goto(APPLY)
    await expect(page.locator("main")).to_contain_text("01:00")
    await expect(page.locator("main")).to_contain_text("7 February 2025")
    await page.goto(f"{APPLY}/submission")
    await page.get_by_role("button", name="Begin my application").click()
    await page.get_by_role("link", name="Part I: Personal Details", exact=True).click()
    for label, answer in ANSWERS.items():
        await page.get_by_label(label, exact=True).fill(answer)
    await page.get_by_label("The country where you work", exact=True).select_option(label="New Zealand")
    await page.get_by_label("What kind of institution it is", exact=True).select_option("University or research library")
    await page.get_by_label("It is my first language").check()
    await page.get_by_role("button", name="Save and go on").click()
    for label, answer in TEXTS.items():
        await page.get_by_label(label).fill(answer)
    await page.get_by_label("I have read the terms of this call, and agree").check()
    await page.get_by_role("button", name="Save and look at all of it").click()
    await _send(page, "Send my application")
    await expect(page.get_by_role("listitem").filter(has_text="Version 1")).to_contain_text("Counts")
    await _send_again(page, week, "Head of two reading rooms", "2025-02-06T11:59:59+00:00", "Send it again")
    await expect(page.get_by_role("listitem").filter(has_text="Version 2")).to_contain_text("Counts")
    await expect(page.get_by_role("listitem").filter(has_text="Version 1")).to_contain_text("Replaced")
    await _send_again(page, week, "Head of three reading rooms", "2025-02-06T12:00:00+00:00", "Send it again")
    await expect(page.get_by_role("status").first).to_contain_text("after the deadline")
    await expect(page.get_by_role("status").first).to_contain_text("01:00")
    await expect(page.get_by_role("listitem").filter(has_text="Version 3")).to_contain_text("Late")
    await expect(page.get_by_role("listitem").filter(has_text="Version 2")).to_contain_text("Counts")


async def _send_again(page: Page, week: Week, role: str, at: str, button: str) -> None:
    await week.clock("2025-02-06T11:50:00+00:00")
    await page.reload()
    await page.get_by_role("link", name="Part I: Personal Details", exact=True).click()
    await page.get_by_label("What you do there", exact=True).fill(role)
    await page.get_by_role("button", name="Save and go on").click()
    await page.get_by_role("link", name="Look at all of it, and send it").click()
    await week.arrives_at(page, at)
    await _send(page, button)


async def _send(page: Page, button: str) -> None:
    await page.get_by_label("I have read these terms and accept them").check()
    await page.get_by_role("button", name=button, exact=True).click()
    await expect(page.get_by_role("heading", name="My application", exact=True)).to_be_visible()


async def _share_out(week: Week, numbers: dict[str, int]) -> None:
    """One conflict is declared, another is found: neither reads what they have no part in, by any address."""
    organiser, lviv = await week.client(ORGANISER), numbers["lviv@library.lviv.example"]
    found = await look(organiser, f"{MANAGE}/panel/conflicts")
    [member] = re.findall(rf'name="number" value="{lviv}"><input type="hidden" name="member" value="([^"]+)"', found.text)
    said = {"number": str(lviv), "member": member, "kind": "same_domain", "decision": "apart"}
    assert "is kept from them" in (await send(organiser, f"{MANAGE}/panel/conflicts", said)).said
    assert (await send(organiser, f"{MANAGE}/panel/split", {})).said == "183 readings shared out."
    conflicted = {LVIV: lviv, LEIDEN: numbers["leiden@library.leiden.example"]}
    for email, number in conflicted.items():
        client = await week.client(email)
        assert number not in await week.readings_of(email)
        meeting = f"{PANEL}/meeting/submissions/{number}"
        for path in (f"{PANEL}/{number}", f"{PANEL}/{number}/files/cv"):
            assert ((await client.get(path)).status_code, path) == (404, path)
        for path in (
            f"{PANEL}/{number}",
            f"{PANEL}/{number}/draft",
            f"{PANEL}/{number}/conflict",
            f"{meeting}/notes",
            f"{meeting}/conflict",
        ):
            assert ((await client.post(path, data={"words": "Let me see."})).status_code, path) == (404, path)


async def _score(page: Page, week: Week, ranking: list[int]) -> None:
    """One in a browser, which gives all there is to give; the others by the same acts."""
    await page.goto(f"{PANEL}/{ranking[0]}")
    for group in await page.locator(".scored").all():
        await group.get_by_role("radio").last.check()
    await page.get_by_label("For the panel").fill("Would gain from it, and others too.")
    await page.get_by_role("button", name="Send in").click()
    await expect(page.get_by_role("status").first).to_contain_text("is in.")
    assert await week.score_the_rest(ranking, datetime(2025, 2, 20, tzinfo=UTC)) == 182


async def _meet(chair: Page, reader: Page, week: Week, ranking: list[int]) -> None:
    """The best one is spoken about; the others are decided by their scores, 23 above the line."""
    await week.clock("2025-03-12T10:00:00+00:00")
    for page in (chair, reader):
        await page.goto(f"{PANEL}/meeting")
    await chair.get_by_role("button", name="Open the meeting").click()
    await expect(reader.get_by_role("heading", name="Nothing is on the table")).to_be_visible()
    await chair.get_by_role("button", name="Next that is open").click()
    await expect(reader.get_by_role("heading", name=f"{reference(ranking[0])} is on the table")).to_be_visible()
    assert "Auckland" not in await reader.locator("main").inner_text()
    await expect(chair.locator(".room__row:has(+ .room__line)")).to_contain_text(reference(ranking[22]))
    await chair.get_by_role("radio", name="Yes").check()
    await chair.get_by_label("Why", exact=True).fill("All three readers are of one mind.")
    await chair.get_by_role("button", name="Decide", exact=True).click()
    await expect(reader.locator(".room__row--on")).to_contain_text("Yes")
    await chair.get_by_role("link", name="Decide the rest by the scores").click()
    await chair.get_by_label("How many go on the reserve list").fill("8")
    await chair.get_by_role("button", name="Show who that would be").click()
    await expect(chair.get_by_role("heading", name="Left to decide by hand: 0")).to_be_visible()
    await chair.get_by_role("button", name="Decide on these 60").click()
    await expect(chair.get_by_role("status").first).to_contain_text("22 × yes, 8 × on the reserve list, 30 × no")
    await expect(chair.locator(".room__reserve li").first).to_contain_text(reference(ranking[23]))


async def _tell(week: Week, ranking: list[int]) -> None:
    organiser, announcement, applicant = await week.client(ORGANISER), f"{MANAGE}/announcement", await week.client(DELEGATE)
    assert (await applicant.get(f"{APPLY}/offers/{ranking[0]}")).status_code == 404
    await week.clock("2025-03-20T10:00:00+00:00")
    page = await look(organiser, announcement)
    assert "Yes 23 Reserve list 8 No 30" in page.words
    assert (await send(organiser, announcement, page.form(announcement))).said == "Announced: 61 letters are on their way."


async def _one_declines(week: Week, emails: dict[int, str], ranking: list[int]) -> None:
    """The second leaves it, and the first of the reserves has it at once; the one after waits."""
    await week.clock("2025-03-27T10:00:00+00:00")
    second, first, next_ = [await week.client(emails[ranking[place]]) for place in (1, 23, 24)]
    assert (await first.get(f"{APPLY}/offers/{ranking[23]}")).status_code == 404
    said = (await send(second, f"{APPLY}/offers/{ranking[1]}/refusal", {"word": "My library moves that week."})).said
    assert said.startswith("You have declined.")
    assert "Our offer to you" in (await look(first, f"{APPLY}/offers/{ranking[23]}")).words
    assert (await next_.get(f"{APPLY}/offers/{ranking[24]}")).status_code == 404
    assert await week.mails("offer_promoted") == [emails[ranking[23]]]


async def _accept(page: Page, week: Week, number: int) -> None:
    """The place at the week, an invoice, the calendar and a letter for the visa."""
    await page.goto(f"{APPLY}/offers/{number}")
    await page.get_by_role("checkbox", name="I accept these terms").check()
    await page.get_by_role("button", name="Accept", exact=True).click()
    await expect(page.get_by_role("heading", name="You have accepted")).to_be_visible()
    client = await week.client(DELEGATE)
    [invoice, *_] = [words for words in await papers_of(client) if "Invoice" in words]
    for amount in ("2,300.00", "1,916.67", "383.33"):
        assert amount in invoice, amount
    assert "INV-000001" in invoice
    passport = {
        "full_name": "Delegate in Auckland",
        "number": "XX 000000",
        "nationality": "NZ",
        "born": "1985-04-03",
        "expires": "2031-01-01",
    }
    await send(client, f"{APPLY}/offers/{number}/invitation", {"needed": "yes"} | passport)
    written = await send(await week.client(ORGANISER), f"{MANAGE}/offers/{number}/invitation", {})
    assert written.said.startswith("The letter is written")
    assert any("we invite them to take part in it in person" in words for words in await papers_of(client))
    feed = await feed_of(client)
    days = {str(event.decoded("DTSTART"))[:10] for event in feed.walk("VEVENT")}
    assert {day for day in days if day.startswith("2025-07")} == set(DAYS)


async def _come(page: Page, anybody: Page, week: Week) -> None:
    """The door notes each day; then there is a certificate, and whoever has its code can verify it."""
    await week.clock("2025-07-16T15:00:00+01:00")
    await page.goto(f"{EVENT}/ticket")
    code = await page.locator(".wallet__code").inner_text()
    door = await week.client("door@demo.example")
    scans = [scan_of(code, day) for day in DAYS]
    noted = await door.post(f"/manage{EVENT}/door/scans", json={"sent_at": f"{DAYS[-1]}T14:00:00+00:00", "acts": scans})
    assert [told["outcome"] for told in noted.json()["acts"]] == ["checked_in"] * len(DAYS)
    await week.clock("2025-07-17T09:00:00+01:00")
    await page.goto(f"{EVENT}/certificate")
    await page.get_by_role("button", name="Make my certificate").click()
    await expect(page.get_by_role("status").first).to_contain_text("Your certificate is ready.")
    found = re.search(r"its code, ([0-9A-Z-]{19})", await page.locator("main").inner_text())
    assert found
    await anybody.goto("/verify")
    await anybody.get_by_role("textbox").first.fill(found[1])
    await anybody.get_by_role("textbox").first.press("Enter")
    await expect(anybody.locator("main")).to_contain_text("Certificate of completion")
    await expect(anybody.locator("main")).to_contain_text("Delegate in Auckland")
    assert DELEGATE not in await anybody.content()
    certificate = next(words for words in await papers_of(await week.client(DELEGATE)) if "Certificate of completion" in words)
    assert "all 6 days" in certificate
    assert "accredited" not in certificate
