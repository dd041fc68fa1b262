"""The database of the storm: people who are signed in, one event with a workshop, one with few places, one without a limit."""

from datetime import UTC, datetime

from sqlalchemy import func
from sqlmodel import select

from conference.mail.tables import QueuedMail
from conference.people.rules import token_hash
from conference.people.tables import Person, SignIn
from conference.programme.tables import Event
from conference.registration.tables import Booking, CapacityPool, Registration
from conference.storage.database import Database
from tests.world import BEFORE, build_world, rehearse

PLACES = 23
WORKSHOP, FEW, OPEN = "workshop", "few", "open"
PATHS = {
    WORKSHOP: "/events/wi-test/sessions/hands-on-workshop/booking",
    FEW: "/events/few/registration",
    OPEN: "/events/open/registration",
}


def token_of(number: int) -> str:
    return f"a-token-of-the-benchmark-{number:05}"


async def fill(database: Database, people: int) -> None:
    real_now = datetime.now(UTC)
    async with database.writing() as db:
        world = await build_world(db, seats=PLACES)
        others = [Event(**(world.event.model_dump(exclude={"id"}) | {"slug": slug, "title": slug})) for slug in (FEW, OPEN)]
        db.add_all(others)
        await db.flush()
        db.add(CapacityPool(event_id=others[0].id, capacity=PLACES))
        made = [_delegate(number) for number in range(people)]
        db.add_all(made)
        await db.flush()
        for number, person in enumerate(made):
            until = real_now.replace(year=2100)
            db.add(SignIn(person_id=person.id, token_hash=token_hash(token_of(number)), made_at=real_now, expires_at=until))
            db.add(Registration(event_id=world.event.id, person_id=person.id, name=person.name, made_at=BEFORE, confirmed_at=BEFORE))
    await rehearse(database, BEFORE)


def _delegate(number: int) -> Person:
    address = f"delegate-{number}@delegates.example"
    return Person(email=address, email_key=address, name=f"Delegate {number}", made_at=BEFORE)


async def counted(database: Database) -> dict[str, int]:
    """Places that are taken, seats that are booked, and mails about either, as the database has them."""
    async with database.reading() as db:
        placed = select(func.count()).select_from(Registration).join(Event).where(Event.slug == FEW)
        return {
            "places": (await db.exec(placed)).one(),
            "seats": (await db.exec(select(func.count()).select_from(Booking))).one(),
            "mails": (await db.exec(select(func.count()).select_from(QueuedMail))).one(),
        }
