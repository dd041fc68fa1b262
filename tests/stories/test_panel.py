"""A member of a panel scores what they read: saved as it is typed, sent in without scripts, seen by the other only then."""

from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Page, expect

from conference.calls.panel_actions import seat_member, split_evenly
from conference.calls.queries import definition_of
from conference.people.actions import know_person, sign_in
from conference.programme.queries import event_at
from conference.storage.database import Database
from tests.calls.cast import OPENS, build_call, sent_by
from tests.servers import Process
from tests.stories.barriers import barriers
from tests.stories.conftest import DESK, PHONE, Opens
from tests.world import World

WRITTEN = "I am Zubaida Quarshie. Our readers are far away."
MEMBERS = ("Assessor in London", "Assessor in York")


async def test_two_members_score_one_submission_each_alone(opens: Opens, demo: Process, pictures: Path) -> None:
    tokens = await _called(demo)
    first = await _as(await opens(size=PHONE, bypass_csp=True), demo, tokens[0])
    second = await _as(await opens(javascript=False), demo, tokens[1])
    await first.goto("/panel")
    await first.get_by_role("link", name="A week of learning").click()
    await first.get_by_role("link", name="WEEK-2021-0001").click()
    await expect(first.get_by_text("I am [hidden]. Our readers are far away.")).to_be_visible()
    await first.get_by_role("group", name="Experience").get_by_label("3", exact=True).check()
    await first.get_by_label("For the panel").fill("A fair case")
    await expect(first.locator("[data-said]")).to_contain_text("Saved at")
    for size in (PHONE, DESK):
        await first.set_viewport_size(size)
        await first.screenshot(path=pictures / f"panel-{size['width']}.png", full_page=True)
        assert await first.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert await barriers(first) == []
    await first.reload()
    await expect(first.get_by_label("For the panel")).to_have_value("A fair case")
    await first.get_by_role("button", name="Send in").click()
    await expect(first.get_by_role("alert")).to_contain_text("Give a score for “Use at home”.")
    await first.get_by_role("group", name="Use at home").get_by_label("4", exact=True).check()
    await first.get_by_role("button", name="Send in").click()
    await expect(first.get_by_role("status").first).to_contain_text("Your review of WEEK-2021-0001 is in.")
    await second.goto("/panel/week-2021/1")
    await expect(second.get_by_text("You see it once your own review is in.")).to_be_visible()
    for criterion in ("Experience", "Use at home"):
        await second.get_by_role("group", name=criterion).get_by_label("2", exact=True).check()
    await second.get_by_role("button", name="Send in").click()
    await second.goto("/panel/week-2021/1")
    await expect(second.get_by_text("A fair case")).to_be_visible()


async def _called(demo: Process) -> list[str]:
    """A call with one submission in the demo, and a sign-in for each of its panel."""
    database = Database(f"sqlite:///{demo.data / 'conference.db'}")
    async with database.writing() as db:
        made = await build_call(db, World(await event_at(db, "wi-2021"), None, None))  # type: ignore[arg-type]
        await sent_by(db, made.call, await know_person(db, "zubaida@quarshie.example", "Zubaida Quarshie", OPENS), issue=WRITTEN)
        people = [await know_person(db, f"member{place}@panel.example", name, OPENS) for place, name in enumerate(MEMBERS)]
        for person in people:
            await seat_member(db, made.call, person, OPENS)
        await split_evenly(db, made.call, await definition_of(db, made.call), OPENS)
        tokens = [await sign_in(db, person.id, datetime.now(UTC)) for person in people]
    await database.close()
    return tokens


async def _as(page: Page, demo: Process, token: str) -> Page:
    await page.context.add_cookies([{"name": "sign_in", "value": token, "url": demo.address}])
    return page
