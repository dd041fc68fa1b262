"""A house whose workshop meets on a service, and everybody who might stand before its door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from httpx2 import AsyncClient, Response
from sqlmodel import col, select

from conference.meetings.actions import meet_on_service, set_service
from conference.meetings.queries import meeting_of
from conference.meetings.tables import GroupMember, MeetingGroup, ServiceKind
from conference.people.tables import Person, RoleKind
from conference.programme.tables import SessionSpeaker, Speaker
from conference.registration.seats import book_seat
from conference.settings import Settings
from conference.storage.database import Database, Db
from tests.meetings.services import APPLICATION, SECRET
from tests.servers import serving
from tests.world import BEFORE, TEN_IN_LONDON, World, build_world, cookie_of, delegate, rehearse, with_role

STARTS = TEN_IN_LONDON + timedelta(hours=1)  # the workshop
OPEN = STARTS + timedelta(minutes=20)
WORKSHOP, TALK = "/events/wi-test/sessions/hands-on-workshop", "/events/wi-test/sessions/opening-keynote"
DOOR, TALK_DOOR = WORKSHOP + "/meeting", TALK + "/meeting"
SERVICE = "/manage/events/wi-test/meetings"
GROUPS = f"/manage{WORKSHOP}/groups"


@dataclass
class Cast:
    """People by what they are to the workshop: ada and ben have seats, registered has none, stranger isn't registered."""

    world: World
    people: dict[str, Person]
    cookies: dict[str, dict[str, str]]
    database: Database
    settings: Settings

    @asynccontextmanager
    async def house(self, at: datetime = OPEN) -> AsyncIterator["Visitors"]:
        """The house behind a real server at this moment."""
        await rehearse(self.database, at)
        async with serving(self.settings) as address:
            yield Visitors(address, self.cookies)

    async def room(self, session: str = "workshop") -> str:
        async with self.database.reading() as db:
            found = await meeting_of(db, self.world.workshop.id if session == "workshop" else self.world.talk.id)
        assert found
        return found[0].room


@dataclass
class Visitors:
    """A browser for whoever comes; none follows where it is sent."""

    address: str
    cookies: dict[str, dict[str, str]]

    async def get(self, who: str, path: str) -> Response:
        async with self._browser(who) as browser:
            return await browser.get(path)

    async def post(self, who: str, path: str, **typed: str) -> Response:
        async with self._browser(who) as browser:
            return await browser.post(path, data=typed)

    async def link(self, who: str, path: str = DOOR) -> str:
        """Where the open door leads this person."""
        answer = await self.get(who, path)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def _browser(self, who: str) -> AsyncClient:
        return AsyncClient(base_url=self.address, cookies=self.cookies.get(who, {}))


async def gather_cast(database: Database, settings: Settings, kind: ServiceKind | None, address: str) -> Cast:
    async with database.writing() as db:
        world = await build_world(db, seats=40)
        people = {
            "ada": await delegate(db, world, "Ada in Accra"),
            "ben": await delegate(db, world, "Ben in Bogota"),
            "registered": await delegate(db, world, "Registered only"),
            "stranger": await delegate(db, world, "Stranger", registered=False),
            "moderator": await with_role(db, world, "Moderator in London", RoleKind.moderator),
            "organiser": await with_role(db, world, "Organiser in London", RoleKind.organiser),
            "speaker": await delegate(db, world, "Speaker of the workshop", registered=False),
        }
        people["ada"].zone = "Africa/Nairobi"
        for who in ("ada", "ben"):
            await book_seat(db, world.event, world.workshop, people[who], BEFORE, datetime.now(UTC))
        await _speaks(db, world, people["speaker"])
        if kind:
            await meets_on(db, world, kind, address, people["organiser"].id)
        cookies = {who: await cookie_of(db, person) for who, person in people.items()}
    return Cast(world, people, cookies, database, settings)


async def meets_on(db: Db, world: World, kind: ServiceKind, address: str, by: UUID) -> None:
    """Both sessions meet on this service."""
    moments = BEFORE, datetime.now(UTC)
    await set_service(db, world.event, kind, address, APPLICATION, SECRET, *moments, by=by, secure=False)
    for session in (world.workshop, world.talk):
        await meet_on_service(db, world.event, session, *moments, by=by)


async def _speaks(db: Db, world: World, person: Person) -> None:
    speaker = Speaker(event_id=world.event.id, slug="speaker", name=person.name, person_id=person.id)
    db.add(speaker)
    await db.flush()
    db.add(SessionSpeaker(session_id=world.workshop.id, speaker_id=speaker.id))


async def group_ids(cast: Cast) -> dict[str, str]:
    async with cast.database.reading() as db:
        rows = await db.exec(select(MeetingGroup).order_by(col(MeetingGroup.position)))
        return {row.name: str(row.id) for row in rows}


async def members(cast: Cast) -> dict[str, str]:
    """Who is in which group."""
    async with cast.database.reading() as db:
        pairs = select(Person.name, MeetingGroup.name).join(GroupMember, col(GroupMember.person_id) == Person.id)
        return dict((await db.exec(pairs.join(MeetingGroup, col(MeetingGroup.id) == GroupMember.group_id))).all())
