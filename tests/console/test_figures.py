"""An event in figures: what the pictures say stands in a table too, days are the event's, and a picture loads and runs nothing."""

import re
from datetime import UTC, datetime

import pytest
from sqlmodel import col, select

from conference.console.charts import sign_ups_svg
from conference.console.figure_counts import DayCount, figures_of
from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.registration.actions import cancel_registration, register_person
from conference.registration.seats import book_seat
from conference.registration.tables import Registration
from tests.console.cast import MANAGE, WORKSHOP, Console, change, look
from tests.world import BEFORE, delegate


async def furnish(console: Console) -> None:
    """Three people come on two days of London's clock (the second at half past midnight there), one goes; the workshop has 2 seats."""
    async with console.database.writing() as db:
        event, workshop = await db.get_one(Event, console.world.event.id), await db.get_one(Session, console.world.workshop.id)
        nairobi = (await db.exec(select(Person).where(Person.name == "Delegate in Nairobi"))).one()
        nairobi.country, nairobi.zone = "KE", None
        people = [nairobi]
        for name, zone in (("Ann", "America/Los_Angeles"), ("Ben", "America/Los_Angeles"), ("Cem", "America/Los_Angeles")):
            person = await delegate(db, console.world, name, registered=False)
            person.zone = zone
            await register_person(db, event, person, datetime(2021, 6, 22, 23, 30, tzinfo=UTC), BEFORE)
            people.append(person)
        for person in people:
            await book_seat(db, event, workshop, person, BEFORE, BEFORE)
        place = (await db.exec(select(Registration).where(Registration.person_id == nairobi.id))).one()
        place.made_at = place.confirmed_at = datetime(2021, 6, 22, 22, 30, tzinfo=UTC)
        await cancel_registration(db, event, people[3], datetime(2021, 6, 24, 12, tzinfo=UTC), BEFORE)


async def test_days_are_counted_by_the_events_clock_and_quiet_ones_too(console: Console) -> None:
    await furnish(console)
    async with console.database.reading() as db:
        found = await figures_of(db, console.world.event)
    assert [(day.day.day, day.came, day.left, day.total) for day in found.days] == [(22, 1, 0, 1), (23, 3, 0, 4), (24, 0, 1, 3)]
    assert (found.countries, found.unknown) == ((("KE", 1),), 2)
    assert [(seat.taken, seat.capacity, seat.waiting) for seat in found.seats] == [(2, 2, 1)]


async def test_the_tables_have_every_number_of_the_pictures(console: Console) -> None:
    await furnish(console)
    page = (await look(console.organiser, f"{MANAGE}/figures")).words
    for words in (
        "3 people are registered",
        "Wed 23 June 2021 3 0 4",
        "Kenya 1 Not known 2",
        "Hands-on workshop 2 2 0 1",
        "1 full; 1 waiting.",
    ):
        assert (words, words in page) == (words, True)


@pytest.mark.parametrize("name", ["sign-ups", "countries", "seats"])
async def test_a_picture_is_svg_that_loads_and_runs_nothing(console: Console, name: str) -> None:
    await furnish(console)
    answer = await console.organiser.get(f"{MANAGE}/figures/{name}.svg")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert set(re.findall(r"https?://[^\"' ]+", answer.text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<script|\son\w+=|href=|@import|url\(", answer.text)
    assert "prefers-color-scheme: dark" in answer.text.replace("prefers-color-scheme:dark", "prefers-color-scheme: dark")


async def test_a_picture_that_there_is_not_is_not_found(console: Console) -> None:
    assert (await console.organiser.get(f"{MANAGE}/figures/salaries.svg")).status_code == 404


def test_a_day_or_none_can_be_drawn_too() -> None:
    assert b"Nothing yet" in sign_ups_svg([])
    assert b"22 Jun" in sign_ups_svg([DayCount(datetime(2021, 6, 22, tzinfo=UTC).date(), 1, 0, 1)])


async def test_who_is_asleep_is_told_of_drafts_too_the_hardest_first(console: Console) -> None:
    await furnish(console)
    page = (await look(console.organiser, f"{MANAGE}/hours")).words
    assert "2 of 3 told their time zone; 1 told only a country and is counted in its main zone." in page
    assert "67 % asleep: Opening keynote Fri 25 June, 10:00" in page
    await change(console.organiser, WORKSHOP, starts="16:00", ends="17:00", then="draft")
    later = (await look(console.organiser, f"{MANAGE}/hours")).words
    assert "1 session finds more than half of them asleep." in later
    assert "Hands-on workshop Draft Fri 25 June, 16:00 0 2 0 1 0" in later  # 08:00 in Los Angeles, 18:00 in Nairobi


async def test_who_comes_in_person_sleeps_by_the_clock_of_the_place(console: Console) -> None:
    page = (await look(console.browsers["stranger"], "/manage/events/autumn/hours")).words
    assert "No session is joined from home" in page


async def test_without_anybody_the_pages_say_so(console: Console) -> None:
    async with console.database.writing() as db:
        place = (await db.exec(select(Registration).where(col(Registration.cancelled_at).is_(None)))).one()
        await db.delete(place)
    assert "Nobody is registered yet" in (await look(console.organiser, f"{MANAGE}/figures")).words
    assert "Nobody’s time zone is known yet" in (await look(console.organiser, f"{MANAGE}/hours")).words
