"""One's own ticket, and what becomes of it with the place."""

from conference.people.tables import Person
from conference.registration.actions import cancel_registration, give_place
from tests.attendance.cast import DAY, DOOR, THURSDAY, Week, act, send
from tests.console.cast import look

TICKET = "/events/week/ticket"


async def test_my_ticket_shows_my_code_and_nobody_else_sees_it(week: Week) -> None:
    mine = week.browsers["nairobi"]
    page = await mine.get(TICKET)
    assert week.code("nairobi") in page.text
    assert page.headers["cache-control"] == "no-store"
    picture = await mine.get(f"{TICKET}.svg")
    assert (picture.headers["content-type"], picture.headers["cache-control"]) == ("image/svg+xml", "no-store")
    for who, status in (("nobody", 303), ("stranger", 404), ("organiser", 404)):
        assert (await week.browsers[who].get(TICKET)).status_code == status
    assert f'href="{TICKET}"' in (await look(mine, "/me")).text
    assert f'href="{TICKET}"' in (await look(mine, "/events/week/registration")).text


async def test_where_a_tickets_picture_leads_depends_on_who_opens_it(week: Week) -> None:
    path = f"/events/week/tickets/{week.code('nairobi')}"
    led = {who: await week.browsers[who].get(path) for who in ("helper", "nairobi", "kerala", "stranger", "nobody")}
    assert {who: answer.status_code for who, answer in led.items()} == {
        "helper": 303,
        "nairobi": 303,
        "kerala": 404,
        "stranger": 404,
        "nobody": 303,
    }
    assert led["helper"].headers["location"] == f"{DOOR}?for={DAY}&code={week.code('nairobi')}#code"
    assert led["nairobi"].headers["location"] == TICKET
    door = await look(week.browsers["helper"], led["helper"].headers["location"])
    assert door.form(f"{DOOR}/check-ins")["code"] == week.code("nairobi")


async def test_a_place_given_back_takes_its_ticket_along_and_a_new_place_has_a_new_one(week: Week) -> None:
    old = week.code("nairobi")
    async with week.database.writing() as db:
        person = await db.get_one(Person, week.people["nairobi"].id)
        await cancel_registration(db, week.event, person, THURSDAY, THURSDAY)
    assert (await week.browsers["nairobi"].get(TICKET)).status_code == 404
    async with week.database.writing() as db:
        person = await db.get_one(Person, week.people["nairobi"].id)
        week.places["nairobi"] = await give_place(db, week.event, person, None, THURSDAY, THURSDAY)
    assert old not in (await week.browsers["nairobi"].get(TICKET)).text
    assert await send(week.browsers["helper"], act(old), act(week.code("nairobi"))) == ["place_gone", "checked_in"]
