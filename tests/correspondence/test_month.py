"""A month's mail for one delegate, read as a person would: in order, on her clock, with words and links that are right."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from httpx2 import ASGITransport, AsyncClient

from conference.app import create_app
from conference.correspondence.circulars import approve_circular, draft_circular
from conference.mail.outbox import send_waiting
from conference.mail.senders import set_sender
from conference.mail.tables import Wish
from conference.mail.wishes import choose
from conference.programme.drafting import draft_change
from conference.programme.planned import planned_at
from conference.programme.releases import plan_of
from conference.registration.publishing import publish
from conference.settings import Settings
from conference.storage.database import Database
from conference.web.render import environment
from tests.correspondence.cast import DAY, HOUR, NOW, WEEK, Month
from tests.mail.post_office import PostOffice, html_of, text_of
from tests.world import TEN_IN_LONDON, cookie_of

BEGINS = TEN_IN_LONDON
EVENT = "Friday 25 June 2021, 12:00–19:00 your time (EAT, UTC+3)\nFriday 25 June 2021, 10:00–17:00 in London (BST, UTC+1)"
SEAT = "Friday 25 June 2021, 13:00–14:00 your time (EAT, UTC+3)\nFriday 25 June 2021, 11:00–12:00 in London (BST, UTC+1)"
MOVED = "Friday 25 June 2021, 14:00–15:00 your time (EAT, UTC+3)\nFriday 25 June 2021, 12:00–13:00 in London (BST, UTC+1)"
EXPECTED = [
    ("You are registered for A day for libraries", [EVENT]),
    ("Your seat in “Hands-on workshop”", [SEAT]),
    ("One week to go: A day for libraries", [EVENT, SEAT]),
    ("Bring your questions", []),
    ("New time: “Hands-on workshop”", [MOVED, SEAT]),
    ("New in your calendar’s entry: “Hands-on workshop”", [MOVED]),
    ("One day to go: A day for libraries", [EVENT, MOVED]),
    ("In an hour: A day for libraries", [EVENT]),
    ("In an hour: “Hands-on workshop”", [MOVED]),
]


@pytest.fixture
async def lived(month: Month, by_smtp: Settings, post_office: PostOffice, sqlite: Database) -> PostOffice:
    """The month as it went, with the delegate's letters alone."""
    async with sqlite.writing() as db:
        await set_sender(db, month.world.event.id, "A day for libraries", "team@events.example", NOW)
        await choose(db, month.delegate.id, month.world.event.id, Wish.invitation, True, NOW)
    await month.book()
    await _until(month, by_smtp, BEGINS - WEEK)
    async with sqlite.writing() as db:
        told = await draft_circular(
            db, month.world.event, "Bring your questions", "We look forward to you.", "everybody", NOW, by=month.organiser.id
        )
        await approve_circular(db, told, BEGINS - 5 * DAY, NOW, rehearsed=False, by=month.organiser.id)
    await _until(month, by_smtp, BEGINS - 5 * DAY)
    at = BEGINS - 3 * DAY
    async with sqlite.writing() as db:
        planned = await planned_at(db, "wi-test", "hands-on-workshop")
        later = replace(plan_of(planned.facts.session), starts_at=BEGINS + 2 * HOUR, ends_at=BEGINS + 3 * HOUR)
        event = planned.facts.event
        await draft_change(db, event, planned, later, planned.facts.speakers, at)
        await publish(db, event, at, NOW)
    await send_waiting(sqlite, by_smtp, environment(), NOW + timedelta(minutes=4))
    await _until(month, by_smtp, at + HOUR)
    for moment in (BEGINS - DAY, BEGINS - HOUR, BEGINS + HOUR):
        await _until(month, by_smtp, moment)
    post_office.letters = [(to, letter) for to, letter in post_office.letters if to == "delegate@demo.example"]
    return post_office


async def _until(month: Month, settings: Settings, moment: datetime) -> None:
    await month.tick(moment)
    await send_waiting(month.database, settings, environment(), NOW + timedelta(minutes=4))


async def test_the_month_reads_as_it_should(lived: PostOffice) -> None:
    letters = [letter for _, letter in lived.letters]
    assert [(letter["Subject"], _times(text_of(letter))) for letter in letters] == EXPECTED
    assert {str(letter["From"]) for letter in letters} == {"A day for libraries <no-reply@conference.invalid>"}
    assert {str(letter["Reply-To"]) for letter in letters} == {"team@events.example"}
    assert all(text_of(letter).startswith("Dear Delegate in Nairobi,\n\n") for letter in letters)
    assert [bool(letter["List-Unsubscribe"]) for letter in letters] == [False, False, True, True, False, False, True, True, True]
    assert len({letter["Message-ID"] for letter in letters}) == len(letters)


async def test_every_link_of_the_month_opens(lived: PostOffice, month: Month, by_smtp: Settings, sqlite: Database) -> None:
    async with sqlite.writing() as db:
        cookie = await cookie_of(db, month.delegate)
    app = create_app(by_smtp)
    links = {link for _, letter in lived.letters for link in re.findall(r'href="([^"]+)"', html_of(letter))}
    assert links == {by_smtp.base_url, *(link for _, letter in lived.letters for link in re.findall(r"https?://\S+", text_of(letter)))}
    async with AsyncClient(transport=ASGITransport(app=app), base_url=by_smtp.base_url, cookies=cookie) as client:
        assert {link: (await client.get(link)).status_code for link in links} == dict.fromkeys(links, 200)
    await app.app.state.house.database.close()  # type: ignore[attr-defined]


async def test_a_month_s_news_stands_in_the_page_too(lived: PostOffice, month: Month, by_smtp: Settings, sqlite: Database) -> None:
    async with sqlite.writing() as db:
        cookie = await cookie_of(db, month.delegate)
    app = create_app(by_smtp)
    async with AsyncClient(transport=ASGITransport(app=app), base_url=by_smtp.base_url, cookies=cookie) as client:
        page = (await client.get("/me")).text
    await app.app.state.house.database.close()  # type: ignore[attr-defined]
    news = re.findall(r'<li class="news__item">\s*<p><a href="([^"]+)"><strong>([^<]+)</strong></a> ([^<]+)\.', page)
    workshop = "/events/wi-test/sessions/hands-on-workshop"
    assert news == [
        (workshop, "Hands-on workshop", "has a new time"),
        (workshop, "Hands-on workshop", "has a seat for you"),
        ("/events/wi-test", "A day for libraries", "has a place for you"),
    ]


def _times(text: str) -> list[str]:
    """What it says when things are, in the order in which it says so."""
    clocks = r"\w+ \d+ \w+ 2021, [\d:–]+ (?:your time|in London) \([^)]+\)"
    return re.findall(rf"{clocks}\n{clocks}", text)
