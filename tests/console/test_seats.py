"""How many seats a session has: more let in those who wait, in order; fewer than are taken cannot be."""

from sqlmodel import col, select

from conference.mail.tables import QueuedMail
from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.registration.queries import people_booked, pool_of_session
from conference.registration.seats import book_seat
from conference.registration.waiting import people_waiting
from tests.console.cast import TALK, WORKSHOP, Console, change, look, send
from tests.world import BEFORE, delegate

SEATS = f"{WORKSHOP}/seats"


async def fill(console: Console, *names: str) -> None:
    """These people press the button, in this order."""
    async with console.database.writing() as db:
        event, workshop = await db.get_one(Event, console.world.event.id), await db.get_one(Session, console.world.workshop.id)
        for name in names:
            person: Person = await delegate(db, console.world, name)
            await book_seat(db, event, workshop, person, BEFORE, BEFORE)


async def who(console: Console) -> tuple[list[str], list[str]]:
    """Names of those with a seat, and of those who wait."""
    async with console.database.reading() as db:
        booked = [person.name for _, person in await people_booked(db, console.world.workshop.id)]
        return booked, [person.name for _, person in await people_waiting(db, console.world.workshop.id)]


async def test_the_page_shows_who_is_in_and_who_waits_in_order(console: Console) -> None:
    await fill(console, "Ann", "Ben", "Cem", "Dai")
    page = await look(console.organiser, SEATS)
    assert "2 of 2 seats taken, 2 waiting." in page.words
    assert page.form(SEATS) == {"capacity": "2"}
    assert [name for name in ("1 Cem", "2 Dai") if name in page.words] == ["1 Cem", "2 Dai"]


async def test_more_seats_let_in_who_waits_in_order_and_tell_them(console: Console) -> None:
    await fill(console, "Ann", "Ben", "Cem", "Dai")
    page = await change(console.organiser, SEATS, capacity="3")
    assert page.said == "“Hands-on workshop” has 3 seats. 1 person from the waiting list got a seat, and is told."
    assert await who(console) == (["Ann", "Ben", "Cem"], ["Dai"])
    async with console.database.reading() as db:
        told = (await db.exec(select(QueuedMail.to_address).where(col(QueuedMail.template) == "seat_promoted"))).all()
    assert list(told) == ["cem@delegates.example"]


async def test_fewer_seats_than_are_taken_is_refused_with_the_number(console: Console) -> None:
    await fill(console, "Ann", "Ben")
    page = await change(console.organiser, SEATS, capacity="1")
    assert (page.status, page.beside) == (422, {"capacity": "2 places are taken, so there can't be fewer than 2."})
    assert page.form(SEATS) == {"capacity": "1"}
    async with console.database.reading() as db:
        pool = await pool_of_session(db, console.world.workshop.id)
    assert (pool and pool.capacity, await who(console)) == (2, (["Ann", "Ben"], []))


async def test_what_is_no_number_is_refused_beside_the_field(console: Console) -> None:
    for typed in ("", "many", "-1", "2.5", "1000000"):
        page = await change(console.organiser, SEATS, capacity=typed)
        assert (page.status, page.beside) == (422, {"capacity": "Enter how many seats there are, as a number from 0 to 100000."})
        assert page.form(SEATS) == {"capacity": typed}


async def test_a_session_without_seats_can_get_some(console: Console) -> None:
    assert "seats are not limited, and nobody books." in (await look(console.organiser, f"{TALK}/seats")).words
    page = await change(console.organiser, f"{TALK}/seats", capacity="1")
    assert (page.said, "0 of 1 seats taken, 0 waiting." in page.words) == ("“Opening keynote” has 1 seat.", True)


async def test_the_seats_of_a_cancelled_session_stay_as_they_are(console: Console) -> None:
    await send(console.organiser, f"{WORKSHOP}/cancellation", {"reason": "Ill."})
    page = await look(console.organiser, SEATS)
    assert ("This session was cancelled" in page.words, SEATS in page.forms) == (True, False)
    assert (await send(console.organiser, SEATS, {"capacity": "9"})).status == 409
