"""What delegates do on a stage in a browser: ask, vote, answer polls, talk, ask for help."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ViewportSize, expect

from tests.live.cast import World, open_house
from tests.live.hall import act, ask, poll
from tests.stories.conftest import DESK, PHONE
from tests.stories.stage_page import PATIENCE, card, is_live, order, run, tab
from tests.stories.views import Visits, visits_to

SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1280"])


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path) -> AsyncIterator[World]:
    """A house of its own, in the middle of a session."""
    async with open_house(tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def visits(browser: Browser, house: World) -> AsyncIterator[Visits]:
    async with visits_to(browser, house) as visit:
        yield visit


@SIZES
async def test_an_open_poll_is_seen_at_once_answered_changed_and_its_results_shown(
    visits: Visits, house: World, pictures: Path, size: ViewportSize
) -> None:
    page = await visits("", "voter", size=size)
    await is_live(page)
    await expect(page.get_by_role("tab", name="Poll")).to_be_hidden()
    poll_id = await poll(house, "Where do you work?")
    await page.get_by_role("link", name="A poll is open: Where do you work?").click()
    await page.get_by_label("In a school").check()
    await page.get_by_role("button", name="Send my answer").click()
    await expect(page.get_by_text("Your answer counts. You can change it while the poll is open.").first).to_be_visible()
    await expect(page.get_by_text("The results are shown when the poll is closed.")).to_be_visible()
    await expect(page.get_by_role("link", name="A poll is open")).to_be_hidden()
    await page.get_by_label("Elsewhere").check()
    await page.get_by_role("button", name="Change my answer").click()
    await expect(page.locator("form.is-sent")).to_have_count(0)
    await act(house, "asker", "cast", poll_id=poll_id, choices=["2"])
    await expect(page.get_by_text("2 people answered")).to_be_visible()
    await act(house, "moderator", "close_poll", poll_id=poll_id)
    await expect(page.get_by_role("button", name="Change my answer")).to_be_hidden()
    await page.get_by_text("The results as a table").click()
    await expect(page.get_by_role("row", name="Elsewhere 2 100%")).to_be_visible()
    await page.screenshot(path=pictures / f"stage-poll-{size['width']}.png")
    await page.reload()
    await expect(page.get_by_text("2 people answered")).to_be_visible()


@pytest.mark.parametrize(("kind", "label"), [("multiple", "In a school"), ("rating", "4"), ("words", "Word 1")])
async def test_each_kind_of_ballot_appears_live_and_is_kept(visits: Visits, house: World, kind: str, label: str) -> None:
    page = await visits("", "voter", size=PHONE)
    await is_live(page)
    await poll(house, "What do you say?", kind=kind, live_results=True)
    await page.get_by_role("link", name="A poll is open").click()
    field = page.get_by_label(label, exact=True)
    await (field.fill("Quiet") if kind == "words" else field.check())
    await page.get_by_role("button", name="Send my answer").click()
    await expect(page.get_by_text("1 person answered")).to_be_visible()
    await page.reload()
    await is_live(page)
    await tab(page, "Poll")
    if kind == "words":
        await expect(field).to_have_value("quiet")
    else:
        await expect(field).to_be_checked()
    await expect(page.get_by_role("button", name="Change my answer")).to_be_visible()


@SIZES
async def test_the_chat_appears_when_it_is_opened(visits: Visits, house: World, pictures: Path, size: ViewportSize) -> None:
    page = await visits("", "voter", size=size)
    await is_live(page)
    await expect(page.get_by_role("tab", name="Chat")).to_be_hidden()
    await run(house, chat_open=True, held_words="lottery")
    await expect(page.get_by_role("tab", name="Chat")).to_be_visible()
    first = await act(house, "asker", "say", text="Where is everybody from?")
    await expect(page.get_by_role("tab", name="Chat 1 new")).to_be_visible()
    await tab(page, "Chat")
    message = page.locator("[data-messages] > li", has_text="Where is everybody from?").first
    await message.get_by_role("link", name="Reply").click()
    await page.keyboard.type("From Sydney.")
    await page.get_by_role("button", name="Send", exact=True).click()
    mine = page.locator("[data-messages] > li", has_text="From Sydney.")
    await expect(mine).to_contain_text("Asker in Nairobi: “Where is everybody from?”")
    await expect(page.get_by_label("Your message")).to_be_focused()
    await page.keyboard.type("Win the lottery")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("[data-messages] > li", has_text="Win the lottery")).to_contain_text(
        "A moderator looks at your message first."
    )
    await act(house, "moderator", "delete_message", message_id=first)
    await expect(page.locator(f"#m-{first}")).to_have_text("Deleted by a moderator", use_inner_text=True)
    await page.screenshot(path=pictures / f"stage-chat-{size['width']}.png")
    await run(house, chat_open=False)
    await expect(page.get_by_text("The chat is closed.")).to_be_visible()
    await expect(page.get_by_label("Your message")).to_be_hidden()


async def test_one_s_own_questions_and_what_became_of_them_are_seen_live(visits: Visits, house: World, pictures: Path) -> None:
    page = await visits("", "voter", size=PHONE)
    await is_live(page)
    into = await ask(house, "How did it begin?")
    ids = {text: await ask(house, text, name="voter", approved=False) for text in ("Taken back?", "Not taken up?", "Joined?", "Shown?")}
    mine = page.locator("[data-mine] li")
    await expect(mine).to_have_count(4)
    await mine.filter(has_text="Taken back?").get_by_role("button", name="Withdraw").click()
    await expect(mine).to_have_count(3)
    await act(house, "moderator", "dismiss", question_id=ids["Not taken up?"], reason="It is in the programme.")
    await expect(mine.filter(has_text="Not taken up?").last).to_contain_text("The moderator says, to you alone: It is in the programme.")
    await act(house, "moderator", "merge", question_id=ids["Joined?"], into_id=into)
    await expect(mine.filter(has_text="Joined?")).to_contain_text("Joined with another question that asks the same.")
    await expect(card(page, "How did it begin?").get_by_role("button", name="Vote for this question")).to_have_attribute(
        "aria-pressed", "true"
    )
    await act(house, "moderator", "approve", question_id=ids["Shown?"])
    await expect(card(page, "Shown?")).to_contain_text("Your question")
    await page.get_by_role("link", name="Mine").click()
    await expect(page.get_by_role("link", name="Mine 3")).to_have_attribute("aria-current", "true")
    assert await order(page) == ["Shown?"]
    await page.screenshot(path=pictures / "stage-mine-390.png", full_page=True)
    await page.reload()
    assert await order(page) == ["Shown?"]
    await expect(mine.filter(has_text="Joined?")).to_contain_text("Joined with “How did it begin?”")
    await card(page, "Shown?").get_by_role("button", name="Withdraw").click()
    await expect(card(page, "Shown?")).to_have_count(0)


async def test_a_merging_that_is_undone_leaves_one_s_own_question_on_the_page_once(visits: Visits, house: World) -> None:
    page = await visits("", "voter", size=PHONE)
    await is_live(page)
    into = await ask(house, "How did it begin?")
    waiting, shown = await ask(house, "Still waiting?", name="voter", approved=False), await ask(house, "On the stage?", name="voter")
    mine = page.locator("[data-mine] li")
    for each in (waiting, shown):
        await act(house, "moderator", "merge", question_id=each, into_id=into)
    await expect(mine.filter(has_text="Joined with another question")).to_have_count(2)
    for each in (waiting, shown):
        await act(house, "moderator", "undo", question_id=each)
    await expect(mine).to_have_count(1)
    await expect(mine).to_contain_text("Waits for a moderator.")
    await expect(card(page, "On the stage?")).to_have_count(1)
    await expect(page.get_by_role("link", name="Mine 2")).to_be_visible()


@SIZES
async def test_whoever_asks_reads_at_once_that_the_question_has_arrived(visits: Visits, house: World, size: ViewportSize) -> None:
    page = await visits("", "voter", size=size)
    await is_live(page)
    await page.get_by_text("Ask a question").click()
    await page.get_by_label("Your question").fill("Who pays for the books?")
    await page.get_by_role("button", name="Send the question").click()
    said = page.locator("[data-said]")
    await expect(said).to_have_text("Your question waits for a moderator. You will see here what becomes of it.")
    await expect(said).to_be_in_viewport(ratio=1)
    await expect(page.get_by_text("Ask a question")).to_be_in_viewport(ratio=1)


async def test_what_somebody_asked_is_offered_while_it_is_typed(visits: Visits, house: World, pictures: Path) -> None:
    await ask(house, "Who pays for the visits?")
    page = await visits("", "voter", size=PHONE)
    await is_live(page)
    await page.get_by_text("Ask a question", exact=True).click()
    await expect(page.get_by_label("Your question", exact=True)).to_be_focused()
    await page.keyboard.type("Who is paying for visits?")
    box = page.locator("[data-alike]")
    await expect(box).to_contain_text("Somebody asked something like this: vote for it?")
    await page.screenshot(path=pictures / "stage-alike-390.png")
    await box.get_by_role("button", name="Vote for this question").click()
    await expect(box.get_by_role("button", name="Vote for this question")).to_have_attribute("aria-pressed", "true")
    await expect(card(page, "Who pays for the visits?").locator(".vote__count")).to_have_text("1 vote")
    await page.get_by_label("Your question", exact=True).fill("When is lunch?")
    await expect(box).to_be_hidden()
    await page.get_by_role("button", name="Send the question").click()
    await expect(page.locator("[data-waiting]")).to_contain_text("When is lunch?")


async def test_the_order_and_the_choice_change_without_loading_the_page(visits: Visits, house: World) -> None:
    first, second = await ask(house, "First?"), await ask(house, "Second?")
    await act(house, "voter", "upvote", question_id=first)
    await act(house, "moderator", "mark_answered", question_id=await ask(house, "Answered?"))
    page = await visits("", "voter", size=DESK)
    await is_live(page)
    await page.evaluate("window.isTheSamePage = true")
    assert await order(page) == ["First?", "Second?"]
    await page.get_by_role("link", name="Newest first").click()
    assert await order(page) == ["Second?", "First?"]
    await page.get_by_role("link", name="Answered 1").click()
    assert await order(page) == ["Answered?"]
    await expect(page).to_have_url(re.compile(r"sort=newest&show=answered"))
    await act(house, "moderator", "pin", question_id=first)
    await expect(card(page, "First?")).to_contain_text("Being answered now")
    assert await order(page) == ["First?", "Answered?"]
    await act(house, "moderator", "mark_answered", question_id=second)
    await expect(page.get_by_role("link", name="Answered 2")).to_be_visible()
    assert await page.evaluate("window.isTheSamePage") is True


@pytest.mark.parametrize("sort", ["votes", "newest"])
async def test_new_questions_do_not_move_what_one_reads(visits: Visits, house: World, sort: str) -> None:
    for number in range(12):
        await run(house, moderated="after")
        await act(house, "asker", "ask", text=f"Question number {number}?")
    page = await visits(f"?sort={sort}", "voter", size=PHONE)
    await is_live(page)
    read = card(page, "Question number 5?")
    await read.scroll_into_view_if_needed()
    await page.mouse.wheel(0, 200)
    await page.wait_for_timeout(300)
    before = await read.bounding_box()
    top = await page.locator("[data-list] > article").first.get_attribute("data-id")
    await act(house, "moderator", "mark_answered", question_id=top)  # above what is read
    for number in range(3):
        await act(house, "asker", "ask", text=f"Another one {number}?")
    await expect(card(page, "Another one 2?")).to_have_count(1)
    await page.wait_for_timeout(300)
    after = await read.bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) <= 1
    if sort == "newest":
        assert (await order(page))[0] == "Question number 10?"
        await page.get_by_role("button", name="3 new questions: show").click()
        assert (await order(page))[0] == "Another one 2?"


async def test_votes_change_the_order_when_the_reader_says_so(visits: Visits, house: World) -> None:
    await ask(house, "First?")
    second = await ask(house, "Second?")
    page = await visits("", "voter", size=PHONE)
    await is_live(page)
    await card(page, "Second?").get_by_role("button", name="Vote for this question").click()
    again = page.get_by_role("button", name="Votes have changed the order: sort again")
    await expect(again).to_be_visible(timeout=PATIENCE)
    assert (await order(page), second) == (["First?", "Second?"], await card(page, "Second?").get_attribute("data-id"))
    await again.click()
    assert await order(page) == ["Second?", "First?"]
    await expect(again).to_be_hidden()


async def test_reactions_are_counted_and_nobody_drums(visits: Visits, house: World) -> None:
    page = await visits("", "voter", size=PHONE)
    await is_live(page)
    applause = page.get_by_role("button", name="Applause")
    await applause.evaluate("button => { for (let press = 0; press < 5; press++) button.click(); }")
    await expect(page.locator("[data-total=applause]")).to_have_text("1")
    await act(house, "asker", "react", kind="applause")
    await expect(page.locator("[data-total=applause]")).to_have_text("2")
    assert await applause.inner_text() == "Applause"


async def test_help_is_asked_for_and_answered_on_the_page(visits: Visits, house: World, pictures: Path) -> None:
    page = await visits("", "voter", size=PHONE)
    await is_live(page)
    await page.get_by_text("I need help").click()
    await page.get_by_label("I can’t hear").check()
    await page.get_by_label("In a few words").fill("It crackles.")
    await page.get_by_role("button", name="Tell the organisers").click()
    answer = page.locator("[data-help-answers]")
    await expect(answer).to_contain_text("The organisers have your message and see to it.")
    await expect(page.get_by_role("button", name="Tell the organisers")).to_be_hidden()
    async with house.ear("moderator", log="moderators") as ear:
        help_id = (await ear.opened())["help"][0]["id"]
    await act(house, "moderator", "resolve_help", help_id=help_id, done="The microphone was changed.")
    await expect(answer).to_contain_text(re.compile(r"I can’t hear It crackles\.\s*The microphone was changed\."))
    await expect(page.locator("[data-told]")).to_have_text("The organisers answer you: The microphone was changed.")
    await page.screenshot(path=pictures / "stage-help-390.png")


async def test_a_question_is_reported_from_its_card(visits: Visits, house: World) -> None:
    question_id = await ask(house, "Something unkind?")
    page = await visits("", "voter", size=PHONE)
    await is_live(page)
    await card(page, "Something unkind?").get_by_role("link", name="Report this question").click()
    await expect(page.get_by_text("You report: Asker in Nairobi: “Something unkind?”")).to_be_visible()
    await expect(page.get_by_label("In a few words")).to_be_focused()
    await page.get_by_role("button", name="Tell the organisers").click()
    await expect(page.locator("[data-help-answers]")).to_contain_text("You reported something")
    async with house.ear("moderator", log="moderators") as ear:
        told = (await ear.opened())["help"][0]
    assert (told["kind"], told["about_text"]) == ("conduct", "Something unkind?")
    assert question_id
