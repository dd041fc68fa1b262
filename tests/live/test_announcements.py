"""Announcements: to one stage or the whole event, at once, to those who come later too, and gone at their end."""

import asyncio
import json
import re
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from conference.errors import Invalid
from conference.live.announcements import MAX_AT_ONCE, end_meant
from conference.live.announcing import Announced
from conference.live.desk_words import Audience, Clocks, consequence
from conference.live.messages import Announcements, Said
from conference.live.talk_tables import Announcement
from conference.programme.tables import Session
from conference.record.tables import AuditEntry
from tests.live.cast import Ear, World
from tests.live.phone import Phone
from tests.live.town import Town, until

DESK = "/manage/events/wi/desk"
SOON = 2.0  # seconds
GONE_WITHIN = 5.0  # seconds
NAIROBI = Clocks(datetime(2021, 6, 25, 9, 30, tzinfo=UTC), "Europe/London", "Africa/Nairobi")


async def announce(world: World, text: str, place: str = "", **typed: str) -> None:
    """From the desk, by its form."""
    async with world.browser("moderator") as moderator:
        form = {"id": str(uuid4()), "text": text, "place": place, "minutes": "5", **typed}
        assert (await moderator.post(f"{DESK}/announcements", data=form)).status_code == 303


async def told(ear: Ear, within: float = SOON) -> list[str]:
    """What is announced, as the ear is told next, soon."""
    async with asyncio.timeout(within):
        return [each["text"] for each in (await ear.until("announcements"))["announcements"]]


async def welcomed(ear: Ear) -> list[str]:
    return [each["text"] for each in (await ear.until("welcome"))["announcements"]]


async def rows(world: World) -> list[Announcement]:
    async with world.house.database.reading() as db:
        return list((await db.exec(select(Announcement).order_by(col(Announcement.at)))).all())


async def shorten(world: World) -> None:
    """What is announced ends half a second from now."""
    async with world.house.database.writing() as db:
        for row in await db.exec(select(Announcement)):
            row.until = world.house.clock.now() + timedelta(seconds=0.5)
            db.add(row)


async def test_an_announcement_to_the_event_is_on_every_stage_at_once_and_goes_at_its_end(world: World) -> None:
    later = world.cast.later
    async with world.ear() as here, world.ear("moderator", log="moderators") as queue, world.ear("voter", session=later) as there:
        for ear in (here, queue, there):
            assert await welcomed(ear) == []
        await announce(world, "Lunch is an hour later.")
        assert [await told(ear) for ear in (here, queue, there)] == [["Lunch is an hour later."]] * 3
        async with world.ear() as newcomer, world.ear(session=world.cast.over) as elsewhere:
            assert [await welcomed(newcomer), await welcomed(elsewhere)] == [["Lunch is an hour later."]] * 2
        await shorten(world)
        async with asyncio.timeout(5):
            assert [[each["text"] for each in (await ear.until("announcements"))["announcements"]] for ear in (here, queue, there)] == [
                []
            ] * 3
        async with world.ear() as newcomer:
            assert await welcomed(newcomer) == []


async def test_what_is_announced_on_one_stage_is_heard_on_no_other(world: World) -> None:
    async with world.ear() as here, world.ear(session=world.cast.later) as there:
        assert [await welcomed(here), await welcomed(there)] == [[], []]
        await announce(world, "We begin in five minutes.", "opening")
        assert await told(here) == ["We begin in five minutes."]
        await announce(world, "Everywhere now.")
        assert [await told(here), await told(there)] == [["We begin in five minutes.", "Everywhere now."], ["Everywhere now."]]
        assert "We begin" not in "".join(there.heard)
        async with world.ear(session=world.cast.later) as newcomer:
            assert await welcomed(newcomer) == ["Everywhere now."]


async def test_an_announcement_is_ended_from_the_desk_once(world: World) -> None:
    async with world.ear() as ear, world.browser("moderator") as moderator:
        await ear.opened()
        await announce(world, "The stream is back.")
        assert await told(ear) == ["The stream is back."]
        end = re.search(rf'"({DESK}/announcements/[^"]+/ending)"', (await moderator.get(DESK)).text)
        assert end
        answers = [await moderator.post(end[1]) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [303, 409]
        assert "This announcement has ended already." in answers[1].text
        assert await told(ear) == []
    async with world.house.database.reading() as db:
        entries = (await db.exec(select(AuditEntry).where(col(AuditEntry.act).like("announce%")).order_by(col(AuditEntry.id)))).all()
    [row] = await rows(world)
    assert [(entry.act, entry.person_id, entry.subject) for entry in entries] == [
        (act, world.cast.people["moderator"].id, f"announcement:{row.id}") for act in ("announced", "announcement ended")
    ]
    assert (entries[0].details["place"], entries[0].event_id) == ("everywhere", world.cast.event.id)


async def test_a_form_that_is_sent_twice_even_at_once_is_one_announcement(any_world: World) -> None:
    form = {"id": str(uuid4()), "text": "Once.", "minutes": "5"}
    async with any_world.browser("moderator") as moderator:
        sent = await asyncio.gather(*(moderator.post(f"{DESK}/announcements", data=form) for _ in range(4)))
    assert [answer.status_code for answer in sent] == [303] * 4
    assert [row.text for row in await rows(any_world)] == ["Once."]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": " \u200e "}, "Type what is announced."),
        ({"text": "x" * 301}, "This announcement has 301 characters: use at most 300."),
        ({"minutes": ""}, "Type for how many minutes, from 1 to 720, or until what time."),
        ({"minutes": "0"}, "Type for how many minutes, from 1 to 720, or until what time."),
        ({"minutes": "721"}, "Type for how many minutes, from 1 to 720, or until what time."),
        ({"minutes": "9" * 30}, "Type for how many minutes, from 1 to 720, or until what time."),
        ({"minutes": "soon"}, "Type for how many minutes, as a whole number from 1 to 720."),
        ({"clock": "noon"}, "Type a time of day, such as 16:30."),
        ({"clock": "12:00Z"}, "Type a time of day, such as 16:30."),
        ({"clock": "3600"}, "Type a time of day, such as 16:30."),
        ({"clock": "25:00"}, "Type a time of day, such as 16:30."),
        ({"place": "none"}, "Choose all stages, or one from the list."),
        ({"id": "mine"}, "This form can’t be read."),
    ],
)
async def test_what_can_not_be_announced_says_why_and_stays_as_it_was_typed(world: World, typed: dict[str, str], sentence: str) -> None:
    form = {"text": "A sentence to keep.", "place": "", "minutes": "5", **typed}
    async with world.browser("moderator") as moderator:
        sent = await moderator.post(f"{DESK}/announcements", data=form)
        page = sent.text.replace("&#39;", "’")
        assert (sent.status_code, sentence in page, form["text"].strip() in page) == (422, True, True)
    assert await rows(world) == []


async def test_a_break_has_no_stage_to_announce_on(world: World) -> None:
    async with world.house.database.writing() as db:
        row = await db.get_one(Session, world.cast.later.id)
        row.type = "break"  # type: ignore[assignment]
        db.add(row)
    async with world.browser("moderator") as moderator:
        assert 'value="tomorrow"' not in (await moderator.get(DESK)).text
        sent = await moderator.post(f"{DESK}/announcements", data={"text": "Hello", "place": "tomorrow", "minutes": "5"})
        assert sent.status_code == 422


async def test_only_so_many_are_shown_on_one_stage(world: World) -> None:
    for number in range(MAX_AT_ONCE - 1):
        await announce(world, f"Number {number}", "opening")
    await announce(world, "Everywhere")
    async with world.browser("moderator") as moderator:
        places = ("opening", "", "tomorrow")
        sent = [await moderator.post(f"{DESK}/announcements", data={"text": "More", "place": place, "minutes": "5"}) for place in places]
    assert [answer.status_code for answer in sent] == [409, 409, 303]
    assert f"{MAX_AT_ONCE} announcements are shown there already" in sent[0].text


async def test_who_sees_it_and_until_when_is_said_before(world: World) -> None:
    async with world.ear("asker"), world.ear("voter"), world.ear(session=world.cast.later), world.browser("moderator") as moderator:
        path = f"{DESK}/announcements/preview"
        said = [(await moderator.get(path, params={"place": place, "minutes": "90"})).text for place in ("", "opening", "yesterday")]
        assert [words.split(" it within")[0].split(";")[0] for words in said] == [
            "About 3 people on 2 stages now see",
            "About 2 people on “Opening” now see",
            "Nobody has the stage of “Yesterday” open now",
        ]
        assert all("It goes away by itself in 1 hour 30 minutes, at " in words for words in said)
        wrong = await moderator.get(path, params={"minutes": "soon"})
        assert (wrong.status_code, wrong.text) == (422, "Type for how many minutes, as a whole number from 1 to 720.")
        typed = {"text": "Not yet", "place": "opening", "minutes": "90", "preview": "yes"}
        page = await moderator.post(f"{DESK}/announcements", data=typed)
        assert (page.status_code, "Not yet" in page.text, "About 2 people on “Opening” now see it" in page.text) == (200, True, True)
    assert await rows(world) == []


def test_an_end_is_said_on_both_clocks() -> None:
    said = consequence(Audience(128, 3), "", NAIROBI.now + timedelta(minutes=15), NAIROBI)
    assert said == (
        "About 128 people on 3 stages now see it within a second, and so does whoever comes before the end. "
        "It goes away by itself in 15 minutes, at 10:45 in London (BST, UTC+1), 12:45 your time (EAT, UTC+3)."
    )
    late = consequence(Audience(1, 1), "Opening", NAIROBI.now + timedelta(hours=12), NAIROBI)
    assert late.endswith("in 12 hours, at 22:30 in London (BST, UTC+1), Sat 26 June, 00:30 your time (EAT, UTC+3).")


@pytest.mark.parametrize(
    ("now", "clock", "ends"),
    [
        ("2021-06-25T10:30", "10:45", "2021-06-25T10:45"),
        ("2021-06-25T10:30", "22:30", "2021-06-25T22:30"),
        ("2021-06-25T23:50", "00:15", "2021-06-26T00:15"),
        ("2021-06-25T10:30", "10:30", None),  # tomorrow
        ("2021-06-25T10:30", "22:31", None),
        ("2021-06-25T10:30", "09:00", None),
        ("2021-03-27T23:30", "01:30", None),  # the clocks go forward over it
        ("2021-10-30T23:30", "01:30", None),  # and back
    ],
)
def test_an_end_on_the_clock_is_the_next_time_that_it_shows(now: str, clock: str, ends: str | None) -> None:
    zone = ZoneInfo("Europe/London")

    def instant(wall: str) -> datetime:
        return datetime.fromisoformat(wall).replace(tzinfo=zone).astimezone(UTC)

    if ends is None:
        with pytest.raises(Invalid):
            end_meant(None, time.fromisoformat(clock), "Europe/London", instant(now))
    else:
        assert end_meant(5, time.fromisoformat(clock), "Europe/London", instant(now)) == instant(ends)


async def test_a_stage_that_is_opened_just_now_takes_no_news_from_the_others(world: World) -> None:
    """Somebody opens a stage after the commit and before the floor looks: those on the other stages are still to be told."""
    event, now = world.cast.event, world.house.clock.now
    here, there = world.cast.session.id, world.cast.later.id
    announced = Announced()
    async with world.house.database.reading() as db:
        assert await announced.news(db, {here: event.id}, now()) == {}
    await announce(world, "Everywhere")
    async with world.house.database.reading() as db:
        await announced.learn(db, there, event.id, now())
        assert [each.text for each in announced.on(there) or ()] == ["Everywhere"]
        news = await announced.news(db, {here: event.id, there: event.id}, now())
    assert {session_id: [each.text for each in shown] for session_id, shown in news.items()} == {here: ["Everywhere"]}


async def test_what_is_announced_in_one_process_is_heard_at_once_in_the_other(town: Town) -> None:
    one, two = town.houses
    phones = [town.phone(name, house) for house in (one, two) for name in (None, "voter")]
    await town.opened()
    form = {"id": str(uuid4()), "text": "The stream is back.", "place": town.cast.session.slug, "minutes": "5"}
    assert await town.post("organiser", f"{DESK}/announcements", one, **form) == 303
    await until(lambda: [announced_to(phone) for phone in phones] == [["The stream is back."]] * 4, SOON)
    newcomer = town.phone(None, two)
    await town.opened()
    assert newcomer.welcome
    assert [each.text for each in newcomer.welcome.announcements] == ["The stream is back."]
    assert await town.post("organiser", f"{DESK}/announcements/{form['id']}/ending", two) == 303
    await until(lambda: [announced_to(phone) for phone in phones] == [[]] * 4, SOON)


def announced_to(phone: Phone) -> list[str] | None:
    """What this phone was told last."""
    heard = [Said.validate_json(text) for _, text in phone.heard if json.loads(text)["type"] == "announcements"]
    last = heard[-1] if heard else None
    return [each.text for each in last.announcements] if isinstance(last, Announcements) else None
