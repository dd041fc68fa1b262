"""One's own page says what comes next and where one stands; and a seat that overlaps with another is asked about before it is taken."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from conference.people.tables import Person
from conference.programme.actions import add_session, release_programme
from conference.programme.releases import SessionPlan
from conference.programme.tables import Event, RegistrationKind, Room, Session, SessionType
from conference.registration.actions import register_person
from conference.registration.clashes import Clashes, check_clashes
from conference.registration.queries import pool_of_event, pool_of_session
from conference.registration.seats import book_seat, give_up_seat, set_seats
from conference.registration.tables import Booking
from tests.console.cast import Console, Page, look, page_of
from tests.world import BEFORE, TEN_IN_LONDON, delegate

EVENT = "/events/wi-test"
WORKSHOP, BESIDE = f"{EVENT}/sessions/hands-on-workshop", f"{EVENT}/sessions/another-workshop"


async def add_beside(console: Console, *, seats: int | None = 5) -> Session:
    """Another workshop, that begins while the first still runs."""
    async with console.database.writing() as db:
        event = await db.get_one(Event, console.world.event.id)
        room = (await db.exec(select(Room).where(Room.event_id == event.id, Room.slug == "side"))).one()
        starts = TEN_IN_LONDON + timedelta(hours=1, minutes=30)
        plan = SessionPlan(
            title="Another workshop",
            type=SessionType.workshop,
            room_id=room.id,
            starts_at=starts,
            ends_at=starts + timedelta(hours=1),
            for_everyone=False,
        )
        session = await add_session(db, event, plan, [], BEFORE, release=False)
        if seats is not None:
            await set_seats(db, event, session, seats, BEFORE, BEFORE)
        await release_programme(db, event, [], BEFORE)
    return session


async def press(console: Console, path: str, **typed: str) -> Page:
    answer = await console.browsers["delegate"].post(path, data=typed)
    return await look(console.browsers["delegate"], answer.headers["location"]) if answer.status_code == 303 else page_of(answer)


async def seats(console: Console) -> list[str]:
    async with console.database.reading() as db:
        mine = select(Session.title).join(Booking, col(Booking.session_id) == col(Session.id)).where(col(Booking.given_up_at).is_(None))
        return list((await db.exec(mine.where(Booking.person_id == console.people["delegate"].id).order_by(col(Session.title)))).all())


async def test_a_seat_that_overlaps_is_asked_about_and_taken_on_a_second_press(console: Console) -> None:
    await add_beside(console)
    await press(console, f"{WORKSHOP}/booking")
    assert "Overlaps with your seat in “Hands-on workshop”." in (await look(console.browsers["delegate"], BESIDE)).words
    assert "Overlaps with your seat in “Hands-on workshop”" in (await look(console.browsers["delegate"], f"{EVENT}/programme")).words
    asked = await press(console, f"{BESIDE}/booking", next=f"{EVENT}/programme#here")
    assert (asked.status, await seats(console)) == (422, ["Hands-on workshop"])
    assert "This overlaps with your seat in “Hands-on workshop”." in asked.words
    fields = asked.form(f"{BESIDE}/booking")
    assert fields["next"] == f"{EVENT}/programme#here"
    assert (await press(console, f"{BESIDE}/booking", **fields)).said == "You have a seat."
    assert await seats(console) == ["Another workshop", "Hands-on workshop"]
    assert (await press(console, f"{BESIDE}/booking")).status == 200  # who has the seat is asked nothing
    mine = (await look(console.browsers["delegate"], "/me")).words
    assert "“Hands-on workshop” and “Another workshop”" in mine
    assert "You have a seat in both, and they overlap." in mine


async def test_a_way_back_that_leads_elsewhere_is_not_followed(console: Console) -> None:
    await add_beside(console)
    await press(console, f"{WORKSHOP}/booking")
    asked = await press(console, f"{BESIDE}/booking", next="https://elsewhere.example/")
    assert (asked.form(f"{BESIDE}/booking")["next"], "elsewhere" in asked.text) == ("/", False)


async def test_who_was_told_of_one_clash_is_asked_again_about_another(console: Console) -> None:
    """The form names what its reader saw: what came to be since is not agreed to."""
    beside = await add_beside(console)
    async with console.database.writing() as db:
        event, workshop = await db.get_one(Event, console.world.event.id), await db.get_one(Session, console.world.workshop.id)
        person = await db.get_one(Person, console.people["delegate"].id)
        await book_seat(db, event, workshop, person, BEFORE, BEFORE)
        with pytest.raises(Clashes) as no:
            await check_clashes(db, event, beside, person, despite=["0" * 32])
        assert [one.session.title for one in no.value.mine] == ["Hands-on workshop"]
        await check_clashes(db, event, beside, person, despite=["0" * 32, workshop.id.hex])


async def test_what_touches_does_not_overlap_and_a_star_takes_no_seat(console: Console) -> None:
    await press(console, f"{EVENT}/sessions/opening-keynote/star")  # ends when the workshop begins
    assert (await press(console, f"{WORKSHOP}/booking")).said == "You have a seat."
    assert "At the same time" not in (await look(console.browsers["delegate"], "/me")).words
    await add_beside(console, seats=None)
    await press(console, f"{BESIDE}/star")
    assert "You have a seat in one and a star on the other, and they overlap." in (await look(console.browsers["delegate"], "/me")).words


async def test_the_page_begins_with_what_comes_next_and_unfolds_the_day(console: Console) -> None:
    page = (await look(console.browsers["delegate"], "/me")).words
    assert page.startswith("Delegate in Nairobi delegate-in-nairobi@delegates.example Next for you")
    assert page.index("Opening keynote") < page.index("My day: Friday 25 June 2021")
    assert "Join now" in page
    await press(console, f"{WORKSHOP}/booking")
    later = await look(console.browsers["delegate"], "/me")
    day = later.words.partition("My day: Friday 25 June 2021")[2]
    assert [title for title in ("Opening keynote", "Hands-on workshop", "Give up my seat") if title not in day] == []
    assert later.text.count('action="/events/wi-test/sessions/hands-on-workshop/booking/cancellation"') == 1


async def test_a_turn_is_explained(console: Console) -> None:
    async with console.database.writing() as db:
        event, workshop = await db.get_one(Event, console.world.event.id), await db.get_one(Session, console.world.workshop.id)
        for name in ("Ann", "Ben", "Cem"):
            await book_seat(db, event, workshop, await delegate(db, console.world, name), BEFORE, BEFORE)
    await press(console, f"{WORKSHOP}/booking")
    page = (await look(console.browsers["delegate"], "/me")).words
    assert "You are number 2 in line: 1 person joined before you." in page


async def test_a_seat_on_offer_and_a_place_that_one_waits_for_lead_to_the_turn(console: Console) -> None:
    async with console.database.writing() as db:
        event, workshop = await db.get_one(Event, console.world.event.id), await db.get_one(Session, console.world.workshop.id)
        autumn = await db.get_one(Event, console.autumn.id)
        people = [await delegate(db, console.world, name) for name in ("Ann", "Ben")]
        mine = await db.get_one(Person, console.people["delegate"].id)
        for person in (*people, mine):
            await book_seat(db, event, workshop, person, BEFORE, BEFORE)
        pool = await pool_of_session(db, workshop.id)
        assert pool
        pool.offer_minutes = 60
        await db.flush()
        await give_up_seat(db, event, workshop, people[0], BEFORE, datetime.now(UTC))
        autumn.registration, autumn.registration_opens_at = RegistrationKind.open, BEFORE - timedelta(days=1)
        places = await pool_of_event(db, autumn.id)
        assert places
        places.waiting = True
        await register_person(db, autumn, people[0], BEFORE, BEFORE)
        await register_person(db, autumn, mine, BEFORE, BEFORE)
    page = await look(console.browsers["delegate"], "/me")
    assert "It is your turn: Hands-on workshop A seat is offered to you." in page.words
    assert 'href="/events/wi-test/sessions/hands-on-workshop/turn"' in page.text
    assert "A long year" in page.words
    assert "You are next in line: nobody is ahead of you. When it is your turn, the place is yours at once" in page.words
    programme = (await look(console.browsers["delegate"], f"{EVENT}/programme")).words
    assert "Take or leave the seat" in programme


async def test_stars_and_seats_come_back_to_their_own_button(console: Console) -> None:
    page = await look(console.browsers["delegate"], f"{EVENT}/programme")
    fields = page.form(f"{WORKSHOP}/booking")
    place = fields["next"].partition("#")[2]
    answer = await console.browsers["delegate"].post(f"{WORKSHOP}/booking", data=fields)
    assert answer.headers["location"] == f"{EVENT}/programme#{place}"
    after = await look(console.browsers["delegate"], f"{EVENT}/programme")
    assert re.findall(rf'<button id="{place}"[^>]*>([^<]+)', after.text) == ["Give up my seat"]


async def test_for_the_public_nothing_of_this_is_on_the_programme(console: Console) -> None:
    await add_beside(console)
    await press(console, f"{WORKSHOP}/booking")
    public = (await console.browsers["nobody"].get(f"{EVENT}/programme")).text
    assert ("Overlaps" in public, 'id="book-' in public, 'id="star-' in public) == (False, False, False)
