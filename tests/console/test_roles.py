"""Who does what at an event: roles are given by address, and an event is never left without an organiser."""

from sqlmodel import col, select

from conference.people.queries import people_with_role
from conference.people.tables import Role, RoleKind
from tests.console.cast import MANAGE, Console, look, send

ROLES = f"{MANAGE}/roles"
COLLEAGUE = {"name": "Colleague in Leeds", "email": "leeds@library.example", "role": "organiser"}


async def names(console: Console, kind: RoleKind) -> list[str]:
    async with console.database.reading() as db:
        return sorted(person.name for person in await people_with_role(db, console.world.event.id, kind))


async def ending(console: Console, who: str) -> str:
    """Where the role of this person at the first event ends."""
    async with console.database.reading() as db:
        mine = select(Role.id).where(Role.person_id == console.people[who].id, Role.event_id == console.world.event.id)
        return f"{ROLES}/{(await db.exec(mine.where(col(Role.ended_at).is_(None)))).one()}/ending"


async def test_a_role_is_given_to_an_address_known_or_not(console: Console) -> None:
    page = await send(console.organiser, ROLES, COLLEAGUE)
    assert page.said == "Colleague in Leeds (leeds@library.example) has the role organiser."
    known = {"name": "Some other name", "email": "delegate-in-nairobi@delegates.example", "role": "moderator"}
    page = await send(console.organiser, ROLES, known)
    assert page.said == "Delegate in Nairobi (delegate-in-nairobi@delegates.example) has the role moderator."
    assert await names(console, RoleKind.organiser) == ["Colleague in Leeds", "Organiser in London"]
    assert await names(console, RoleKind.moderator) == ["Delegate in Nairobi", "Moderator in London"]
    assert (await console.browsers["delegate"].get("/manage")).status_code == 200


async def test_a_role_that_is_not_on_the_list_is_refused_and_nothing_typed_is_lost(console: Console) -> None:
    typed = COLLEAGUE | {"role": "director", "email": "leeds"}
    page = await send(console.organiser, ROLES, typed)
    assert page.status == 422
    assert page.beside == {"email": "Enter an e-mail address in the right form, like name@example.org.", "role": "Choose a role."}
    assert page.form(ROLES) == {"name": "Colleague in Leeds", "email": "leeds"}
    assert await names(console, RoleKind.organiser) == ["Organiser in London"]


async def test_ending_a_role_asks_first_and_then_takes_it_away(console: Console) -> None:
    path = await ending(console, "moderator")
    asked = await look(console.organiser, path)
    assert "Moderator in London loses the role moderator at A day for libraries" in asked.words
    assert await names(console, RoleKind.moderator) == ["Moderator in London"]
    page = await send(console.organiser, path, {})
    assert page.said == "Moderator in London does not have the role moderator any more."
    assert await names(console, RoleKind.moderator) == []
    assert (await send(console.organiser, path, {})).status == 404


async def test_the_last_organiser_stays(console: Console) -> None:
    page = await send(console.organiser, await ending(console, "organiser"), {})
    sentence = "Organiser in London is the only organiser. Give somebody else that role first, so that the event has one."
    assert (page.status, sentence in page.words) == (409, True)
    assert await names(console, RoleKind.organiser) == ["Organiser in London"]
    assert (
        "Organiser in London organiser-in-london@delegates.example Organiser The only one" in (await look(console.organiser, ROLES)).words
    )


async def test_an_organiser_may_go_once_there_is_another(console: Console) -> None:
    await send(console.organiser, ROLES, COLLEAGUE)
    page = await send(console.organiser, await ending(console, "organiser"), {})
    assert page.said == "Organiser in London does not have the role organiser any more."
    assert await names(console, RoleKind.organiser) == ["Colleague in Leeds"]
    assert (await console.organiser.get(ROLES)).status_code == 403
