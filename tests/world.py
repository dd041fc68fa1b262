"""A small known world: one online event with a session, a workshop, and people by their roles. Made by the actions that people use."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from conference.people.actions import grant_role, know_person, sign_in
from conference.people.tables import Person, RoleKind
from conference.privacy.tables import RetentionSweep
from conference.programme.actions import add_session, release_programme
from conference.programme.releases import SessionPlan
from conference.programme.tables import Event, EventFormat, RegistrationKind, Room, Session, SessionType, Venue
from conference.record.actions import set_rehearsal
from conference.registration.actions import register_person
from conference.registration.seats import set_seats
from conference.storage.database import Database, Db

TEN_IN_LONDON = datetime(2021, 6, 25, 9, 0, tzinfo=UTC)
BEFORE = TEN_IN_LONDON - timedelta(minutes=5)


@dataclass(slots=True)
class World:
    """What tests start from."""

    event: Event
    talk: Session
    workshop: Session


async def build_world(db: Db, *, seats: int = 3) -> World:
    """An online event on 25 June 2021 with a keynote at 10:00 and a workshop at 11:00 with limited seats."""
    venue = Venue(slug="online", name="Online", zone="Europe/London", online=True)
    event = Event(
        slug="wi-test",
        title="A day for libraries",
        summary="One day.",
        about="About.",
        format=EventFormat.online,
        zone="Europe/London",
        starts_at=TEN_IN_LONDON,
        ends_at=TEN_IN_LONDON + timedelta(hours=7),
        who_for="Everybody.",
        registration=RegistrationKind.open,
        registration_opens_at=BEFORE - timedelta(days=10),
        registration_closes_at=TEN_IN_LONDON + timedelta(hours=7),
        made_at=BEFORE,
        modified_at=BEFORE,
    )
    db.add_all([venue, event])
    await db.flush()
    room = Room(event_id=event.id, venue_id=venue.id, slug="main", name="Main stage")
    db.add(room)
    await db.flush()
    talk = await add_session(db, event, _plan("Opening keynote", SessionType.keynote, room, 0), [], BEFORE, release=False)
    workshop = await add_session(db, event, _plan("Hands-on workshop", SessionType.workshop, room, 1), [], BEFORE, release=False)
    await set_seats(db, event, workshop, seats, BEFORE, datetime.now(UTC))
    await release_programme(db, event, [], BEFORE)
    return World(event, talk, workshop)


def _plan(title: str, kind: SessionType, room: Room, hours: int) -> SessionPlan:
    starts = TEN_IN_LONDON + timedelta(hours=hours)
    return SessionPlan(
        title=title, type=kind, room_id=room.id, starts_at=starts, ends_at=starts + timedelta(hours=1), for_everyone=hours == 0
    )


async def delegate(db: Db, world: World, name: str, *, registered: bool = True) -> Person:
    """Somebody who takes part, registered and confirmed."""
    real_now = datetime.now(UTC)
    person = await know_person(db, f"{name.lower().replace(' ', '-')}@delegates.example", name, BEFORE)
    if registered:
        await register_person(db, world.event, person, BEFORE, real_now)
    return person


async def with_role(db: Db, world: World, name: str, kind: RoleKind) -> Person:
    person = await delegate(db, world, name, registered=False)
    await grant_role(db, person, world.event.id, kind, BEFORE)
    return person


async def cookie_of(db: Db, person: Person) -> dict[str, str]:
    """The cookie of a device on which this person is signed in."""
    return {"sign_in": await sign_in(db, person.id, datetime.now(UTC))}


async def rehearse(database: Database, at: datetime) -> None:
    """Let a house that starts on this database live at `at`."""
    async with database.writing() as db:
        await set_rehearsal(db, at, datetime.now(UTC))
        was_swept(db, datetime.now(UTC))


def was_swept(db: Db, real_now: datetime) -> None:
    """Retention had its day: a house that starts has nothing to look through first."""
    db.add(RetentionSweep(swept_at=real_now, taken={}))
