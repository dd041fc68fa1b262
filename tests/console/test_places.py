"""An organiser gives places and takes them back; never one too many, and whoever it concerns is told."""

from sqlmodel import col, select

from conference.mail.tables import QueuedMail
from conference.people.queries import person_by_email
from conference.registration.queries import registration_of
from conference.registration.tables import Registration
from tests.console.cast import MANAGE, Console, look, send

AUTUMN = "/manage/events/autumn"
CHOSEN = {"name": "Librarian in Bogotá", "email": "Bogota@Libraries.example"}


async def mails(console: Console, template: str) -> list[str]:
    async with console.database.reading() as db:
        found = select(QueuedMail.to_address).where(col(QueuedMail.template) == template, QueuedMail.event_id == console.autumn.id)
        return list((await db.exec(found)).all())


async def test_a_place_given_is_confirmed_and_counted_and_a_mail_tells(console: Console) -> None:
    organiser = console.browsers["stranger"]
    page = await send(organiser, f"{AUTUMN}/places", CHOSEN)
    assert page.said == "Librarian in Bogotá (Bogota@libraries.example) has a place. A mail tells them."
    assert "1 confirmed, 0 pending; 1 of 1 places taken." in page.words
    assert "Librarian in Bogotá Bogota@libraries.example – Confirmed Given by an organiser" in page.words
    async with console.database.reading() as db:
        person = await person_by_email(db, "bogota@libraries.example")
        registration = await registration_of(db, person.id, console.autumn.id) if person else None
    assert registration is not None
    assert registration.given_by_id == console.people["stranger"].id
    assert await mails(console, "registration_confirmed") == ["Bogota@libraries.example"]


async def test_giving_a_place_twice_is_one_place(console: Console) -> None:
    organiser = console.browsers["stranger"]
    await send(organiser, f"{AUTUMN}/places", CHOSEN)
    page = await send(organiser, f"{AUTUMN}/places", CHOSEN | {"email": "bogota@libraries.example"})
    assert page.said == "Librarian in Bogotá (Bogota@libraries.example) had a place already."
    assert await mails(console, "registration_confirmed") == ["Bogota@libraries.example"]


async def test_one_place_too_many_is_refused_and_nothing_typed_is_lost(console: Console) -> None:
    organiser = console.browsers["stranger"]
    await send(organiser, f"{AUTUMN}/places", CHOSEN)
    late = {"name": "Librarian in Lima", "email": "lima@libraries.example"}
    page = await send(organiser, f"{AUTUMN}/places", late)
    assert (page.status, page.beside) == (422, {"email": "All 1 places at A long year are taken."})
    assert page.form(f"{AUTUMN}/places") == late
    async with console.database.reading() as db:
        assert await person_by_email(db, late["email"]) is None


async def test_what_cannot_be_an_address_is_refused_beside_the_field(console: Console) -> None:
    page = await send(console.organiser, f"{MANAGE}/places", {"name": " ", "email": "nobody at home"})
    assert page.status == 422
    assert page.beside == {"name": "Enter your name.", "email": "Enter an e-mail address in the right form, like name@example.org."}
    assert page.form(f"{MANAGE}/places")["email"] == "nobody at home"


async def test_taking_a_place_back_says_what_goes_with_it_and_frees_it(console: Console) -> None:
    await console.browsers["delegate"].post("/events/wi-test/sessions/hands-on-workshop/booking")
    async with console.database.reading() as db:
        registration = (await db.exec(select(Registration).where(Registration.event_id == console.world.event.id))).one()
    path = f"{MANAGE}/registrations/{registration.id}/cancellation"
    asked = await look(console.organiser, path)
    assert "Their seats go to whoever waits next: “Hands-on workshop”." in asked.words
    page = await send(console.organiser, path, {})
    assert page.said == "Delegate in Nairobi has no place any more. A mail tells them."
    assert "0 confirmed, 0 pending; places are not limited." in page.words
    assert (await send(console.organiser, path, {})).status == 404


async def test_a_freed_place_can_be_given_to_somebody_else(console: Console) -> None:
    organiser = console.browsers["stranger"]
    await send(organiser, f"{AUTUMN}/places", CHOSEN)
    async with console.database.reading() as db:
        registration = (await db.exec(select(Registration).where(Registration.event_id == console.autumn.id))).one()
    await send(organiser, f"{AUTUMN}/registrations/{registration.id}/cancellation", {})
    page = await send(organiser, f"{AUTUMN}/places", {"name": "Librarian in Lima", "email": "lima@libraries.example"})
    assert page.said == "Librarian in Lima (lima@libraries.example) has a place. A mail tells them."
    assert await mails(console, "registration_cancelled") == ["Bogota@libraries.example"]
