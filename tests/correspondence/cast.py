"""A month before a conference: a delegate in Nairobi, an organiser, and what the clock causes."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from conference.correspondence.letters_due import write_what_is_due
from conference.mail.tables import QueuedMail
from conference.people.actions import know_person
from conference.people.tables import Person, RoleKind
from conference.registration.actions import register_person
from conference.registration.seats import book_seat
from conference.storage.database import Database
from tests.world import TEN_IN_LONDON, World, build_world, with_role

NOW = datetime(2026, 1, 1, tzinfo=UTC)  # real time, for what guards the house
EARLY = TEN_IN_LONDON - timedelta(days=9)
WEEK, DAY, HOUR = timedelta(days=7), timedelta(days=1), timedelta(hours=1)


@dataclass
class Month:
    world: World
    delegate: Person
    organiser: Person
    database: Database

    async def tick(self, at: datetime, *, rehearsed: bool = False) -> int:
        """One look of the house at this moment of the domain's clock."""
        return await write_what_is_due(self.database, at, NOW, rehearsed=rehearsed)

    async def written(self, template: str) -> list[QueuedMail]:
        async with self.database.reading() as db:
            return list(await db.exec(select(QueuedMail).where(QueuedMail.template == template).order_by(col(QueuedMail.id))))

    async def book(self, at: datetime = EARLY) -> None:
        async with self.database.writing() as db:
            await book_seat(db, self.world.event, self.world.workshop, self.delegate, at, NOW)


async def make_month(database: Database, *, registered_at: datetime = EARLY) -> Month:
    async with database.writing() as db:
        world = await build_world(db)
        person = await know_person(db, "delegate@demo.example", "Delegate in Nairobi", EARLY, zone="Africa/Nairobi")
        await register_person(db, world.event, person, registered_at, NOW)
        organiser = await with_role(db, world, "Organiser in London", RoleKind.organiser)
    return Month(world, person, organiser, database)
