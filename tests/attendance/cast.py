"""A week in person with a free weekend, and a door at which people arrive."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from httpx2 import AsyncClient
from sqlmodel import select

from conference.attendance.tables import CheckIn, DoorScan
from conference.attendance.tickets import code_of_place
from conference.people.actions import grant_role, know_person
from conference.people.tables import Person, RoleKind
from conference.programme.actions import add_session, release_programme
from conference.programme.releases import SessionPlan
from conference.programme.tables import Event, EventFormat, RegistrationKind, Room, Session, SessionType, Venue
from conference.registration.actions import give_place
from conference.registration.seats import set_seats
from conference.registration.tables import CapacityPool, Registration
from conference.storage.database import Database, Db

SECRET = "a-secret-of-the-tests-that-is-long-enough"
THURSDAY = datetime(2025, 7, 10, 8, 30, tzinfo=UTC)  # half past nine in London
DAY = "day:2025-07-10"
DOOR = "/manage/events/week/door"


@dataclass
class Week:
    """The house of that week, and a browser for each who comes."""

    event: Event
    visit: Session  # with two seats
    talk: Session
    people: dict[str, Person]
    places: dict[str, Registration]
    database: Database
    browsers: dict[str, AsyncClient] = field(default_factory=dict)

    def code(self, who: str) -> str:
        return code_of_place(SECRET, self.places[who].id, self.people[who].id)

    async def check_ins(self) -> list[tuple[str, str, bool]]:
        """Who, for what, and whether it stands; in the order in which they were made."""
        names = {place.id: who for who, place in self.places.items()}
        async with self.database.reading() as db:
            rows = (await db.exec(select(CheckIn).order_by(CheckIn.id))).all()  # type: ignore[arg-type]
        return [(names[row.registration_id], str(row.day or "session"), row.undone_at is None) for row in rows]

    async def outcomes(self) -> list[str]:
        async with self.database.reading() as db:
            return [scan.outcome.value for scan in await db.exec(select(DoorScan).order_by(DoorScan.id))]  # type: ignore[arg-type]


def act(code: str = "", *, at: datetime = THURSDAY, occasion: str = DAY, place: UUID | None = None, client_id: str = "") -> dict[str, Any]:
    """One act as a phone keeps it."""
    said: dict[str, Any] = {"client_id": client_id or str(uuid4()), "occasion": occasion, "scanned_at": at.isoformat()}
    return said | ({"how": "name", "place": str(place)} if place else {"how": "code", "code": code})


async def send(phone: AsyncClient, *acts: dict[str, Any], sent_at: datetime = THURSDAY) -> list[str]:
    """What a phone is told of each of its acts."""
    answer = await phone.post(f"{DOOR}/scans", json={"sent_at": sent_at.isoformat(), "acts": acts}, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return [told["outcome"] for told in answer.json()["acts"]]


async def build_week(db: Db) -> Week:
    """Six days in London, 23 places, three people with one of them."""
    venue = Venue(slug="library", name="A library", zone="Europe/London")
    made = THURSDAY - timedelta(days=60)
    event = Event(
        slug="week",
        title="A week for leaders",
        summary="A week.",
        about="About.",
        format=EventFormat.in_person,
        zone="Europe/London",
        starts_at=datetime(2025, 7, 9, 12, tzinfo=UTC),
        ends_at=datetime(2025, 7, 16, 16, tzinfo=UTC),
        registration=RegistrationKind.application,
        free_days=["2025-07-12", "2025-07-13"],
        made_at=made,
        modified_at=made,
    )
    db.add_all([venue, event])
    await db.flush()
    room = Room(event_id=event.id, venue_id=venue.id, slug="hall", name="The hall")
    db.add_all([room, CapacityPool(event_id=event.id, capacity=23)])
    await db.flush()
    visit = await add_session(db, event, _plan("A visit to the stacks", room, 10), [], made, release=False)
    talk = await add_session(db, event, _plan("Vision and strategy", room, 12), [], made, release=False)
    await set_seats(db, event, visit, 2, made, made)
    await release_programme(db, event, [], made)
    people = {who: await know_person(db, f"{who}@people.example", name, made, organisation=org) for who, name, org in _PEOPLE}
    places = {who: await give_place(db, event, people[who], None, made, made) for who in ("nairobi", "kerala", "sharjah")}
    for who, kind in _ROLES.items():
        await grant_role(db, people[who], event.id, kind, made)
    return Week(event, visit, talk, people, places, None)  # type: ignore[arg-type]


_ROLES = {
    "organiser": RoleKind.organiser,
    "helper": RoleKind.door,
    "cook": RoleKind.catering,
    "carer": RoleKind.access,
    "moderator": RoleKind.moderator,
}
_PEOPLE = (
    ("nairobi", "Délégate in Nairobi", "A public library"),
    ("kerala", "Delegate in Kerala", "=cmd|' /C calc'!A0"),
    ("sharjah", "مندوبة من الشارقة", "@SUM(1+1)"),
    ("organiser", "Organiser in London", ""),
    ("helper", "Helper in London", ""),
    ("cook", "Cook in London", ""),
    ("carer", "Carer in London", ""),
    ("moderator", "Moderator in London", ""),
    ("stranger", "Somebody else", ""),
)


def _plan(title: str, room: Room, hour: int) -> SessionPlan:
    starts = datetime(2025, 7, 10, hour, tzinfo=UTC)
    return SessionPlan(title=title, type=SessionType.visit, room_id=room.id, starts_at=starts, ends_at=starts + timedelta(hours=1))
