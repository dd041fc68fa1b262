"""An organiser moves the clock of a rehearsal, and removes its robots."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import col, select

from conference.live.actions import perform
from conference.live.commands import Ask
from conference.live.queries import questions_of_session
from conference.live.robots import make_robots
from conference.people.tables import Person
from conference.record.actions import rehearsal_offset
from conference.record.tables import AuditEntry
from tests.console.cast import MANAGE, Console, look, send
from tests.world import BEFORE

PAGE, CLOCK, REMOVAL = "/manage/rehearsal", "/manage/rehearsal/clock", f"{MANAGE}/rehearsal/removal"


def clock(console: Console) -> Any:
    return console.organiser._transport.app.app.state.house.clock  # type: ignore[attr-defined]


async def with_robots(console: Console, count: int) -> list[Person]:
    async with console.database.writing() as db:
        return [robot for robot, _ in await make_robots(db, console.world.event, count, BEFORE, datetime.now(UTC))]


async def test_the_page_says_what_time_it_is_for_the_house_and_offers_the_moments_of_the_day(console: Console) -> None:
    page = await look(console.organiser, PAGE)
    assert "In London it is 09:55 on Friday 25 June 2021 (BST, UTC+1) In UTC it is 08:55 on Friday 25 June 2021 (UTC)" in page.words
    keynote = "5 minutes before the door opens of Opening keynote Start of Opening keynote 1 minute before the end of Opening keynote"
    assert f"A day for libraries, Friday 25 June 2021 Opening keynote 10:00–11:00 (BST, UTC+1) {keynote} Hands-on" in page.words
    assert f'href="{PAGE}"' in (await look(console.organiser, "/manage")).text


@pytest.mark.parametrize(
    ("words", "moment"), [("5 minutes before the door opens", "08:45"), ("Start", "09:00"), ("1 minute before the end", "09:59")]
)
async def test_a_jump_leads_to_its_moment(console: Console, words: str, moment: str) -> None:
    opened = await look(console.organiser, PAGE)
    at = opened.text.split(f">{words}<")[0].rsplit('value="', 1)[1].split('"')[0]
    page = await send(console.organiser, CLOCK, {"at": at})
    in_london = f"{int(moment[:2]) + 1:02}{moment[2:]}"
    assert page.said == f"The clock was set. In London it is {in_london} on Friday 25 June 2021 (BST, UTC+1)."
    assert f"In UTC it is {moment} on Friday" in page.words


async def test_the_programme_follows_at_once_and_so_does_a_house_that_starts_later(console: Console) -> None:
    programme = "/events/wi-test/programme"
    assert "On now" not in (await look(console.organiser, programme)).words
    await send(console.organiser, CLOCK, {"day": "2021-06-25", "time": "10:30"})
    assert "On now Opening keynote" in (await look(console.organiser, MANAGE)).words
    assert 'data-now="2021-06-25T09:30:' in (await look(console.organiser, programme)).text
    async with console.database.reading() as db:
        assert await rehearsal_offset(db) == clock(console).offset
        noted = (await db.exec(select(AuditEntry).where(AuditEntry.act == "rehearsal clock set"))).all()
    assert [(line.person_id, line.details) for line in noted] == [(console.people["organiser"].id, {"to": "2021-06-25T09:30:00+00:00"})]


DAY = "Enter the day as year-month-day, such as 2021-06-25."
TIME = "Enter a time on the 24-hour clock, such as 09:50."
SKIPPED = "01:30 on Sunday 28 March 2021 does not happen in London: the clocks go forward over it. Choose a time an hour later."
TWICE = "01:30 on Sunday 31 October 2021 happens twice in London: the clocks go back over it. Choose a time outside that hour."


@pytest.mark.parametrize(
    ("day", "time", "beside"),
    [
        ("tomorrow", "10:00", {"day": DAY}),
        ("", "", {"day": DAY, "time": TIME}),
        ("1066-10-14", "10:00", {"day": "Enter a day with a year from 1971 to 2200."}),
        ("2021-06-25", "25:00", {"time": TIME}),
        ("2021-03-28", "01:30", {"time": SKIPPED}),
        ("2021-10-31", "01:30", {"time": TWICE}),
    ],
)
async def test_a_time_that_can_not_be_is_refused_beside_its_field(console: Console, day: str, time: str, beside: dict[str, str]) -> None:
    before = clock(console).offset
    page = await send(console.organiser, CLOCK, {"day": day, "time": time})
    assert (page.status, page.beside, clock(console).offset) == (422, beside, before)
    assert (page.form(CLOCK)["day"], page.form(CLOCK)["time"]) == (day, time)


@pytest.mark.parametrize("at", ["now", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", ""])
async def test_a_forged_moment_changes_nothing(console: Console, at: str) -> None:
    before = clock(console).offset
    assert ((await send(console.organiser, CLOCK, {"at": at})).status, clock(console).offset) == (422, before)


@pytest.mark.parametrize(("who", "status"), [("nobody", [303, 401, 401]), ("delegate", [403] * 3), ("moderator", [403] * 3)])
async def test_the_clock_is_for_organisers(console: Console, who: str, status: list[int]) -> None:
    browser, before = console.browsers[who], clock(console).offset
    answers = [await browser.get(PAGE), await browser.post(CLOCK, data={"day": "2021-06-25", "time": "10:30"}), await browser.post(REMOVAL)]
    assert ([answer.status_code for answer in answers], clock(console).offset) == (status, before)


async def test_in_real_time_the_clock_stays(console: Console) -> None:
    clock(console).offset = None
    page = await look(console.organiser, PAGE)
    moved = await send(console.organiser, CLOCK, {"day": "2021-06-25", "time": "10:30"})
    assert page.words == "Organise Rehearsal The house lives in real time: its clock can’t be moved. To rehearse, start it with --at."
    assert (page.status, moved.status, clock(console).offset) == (200, 404, None)
    assert PAGE not in (await look(console.organiser, "/manage")).text


async def test_robots_are_counted_and_go_with_what_they_did(console: Console) -> None:
    _, robot = await with_robots(console, 2)
    now, talk = datetime.now(UTC), console.world.talk.id
    async with console.database.writing() as db:
        kept = (await perform(db, talk, console.people["delegate"], Ask(client_id="a", text="Who pays?"), BEFORE, now)).answer.subject_id
        await perform(db, talk, robot, Ask(client_id="a", text="Rehearsal question"), BEFORE, now)
    assert "Robots A day for libraries: 2 robots" in (await look(console.organiser, PAGE)).words
    page = await send(console.organiser, REMOVAL, {})
    assert (page.said, "Robots" in page.words) == ("Removed: 2 robots, 1 question of theirs, 0 votes. What people did stays.", False)
    async with console.database.reading() as db:
        robots = (await db.exec(select(Person.name).where(col(Person.robot_of).is_not(None)))).all()
        noted = (await db.exec(select(AuditEntry.person_id).where(AuditEntry.act == "robots removed"))).all()
        assert await questions_of_session(db, talk) == ()
    assert (robots, noted) == ([], [console.people["organiser"].id])
    assert kept


async def test_robots_left_over_are_removed_in_real_time_too(console: Console) -> None:
    await with_robots(console, 1)
    clock(console).offset = None
    page = await look(console.organiser, PAGE)
    assert ("A day for libraries: 1 robot " in page.words, "Set the clock" in page.words) == (True, False)
    assert (await send(console.organiser, REMOVAL, {})).said == "Removed: 1 robot, 0 questions of theirs, 0 votes. What people did stays."


async def test_an_organiser_of_another_event_removes_none_of_these(console: Console) -> None:
    await with_robots(console, 1)
    stranger = console.browsers["stranger"]
    page = await look(stranger, PAGE)
    assert ("1 robot" in page.words, "A long year, Thursday 1 July 2021" in page.words) == (False, True)
    assert (await send(stranger, REMOVAL, {})).status == 403


async def test_the_clock_moves_once_it_is_kept_so_that_nobody_who_reads_what_was_kept_sets_it_back(console: Console) -> None:
    at_commit = []
    house = console.organiser._transport.app.app.state.house  # type: ignore[attr-defined]
    house.database.listen(lambda _told: at_commit.append(f"{clock(console).now():%H:%M}"))
    await send(console.organiser, CLOCK, {"day": "2021-06-25", "time": "10:30"})
    assert (at_commit[0], f"{clock(console).now():%H:%M}") == ("08:55", "09:30")
