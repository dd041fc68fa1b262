"""What calendar apps and people do here: ask for feeds, read them, book, edit the programme."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from httpx2 import ASGITransport, AsyncClient, Response
from sqlalchemy import event as sql_event

from conference.app import create_app
from conference.people.actions import know_person
from conference.people.tables import Person
from conference.programme.actions import cancel_session, edit_session
from conference.programme.queries import SessionFacts, event_at, session_at
from conference.programme.releases import plan_of
from conference.registration.actions import register_person
from conference.registration.seats import book_seat, give_up_seat
from conference.settings import Settings
from conference.storage.database import Database
from tests.ics.cast import lines_of
from tests.ics.readers import Read, instants_by_ical, instants_by_icaljs
from tests.world import cookie_of

PUBLISHED_AT = datetime(2021, 5, 3, 9, 0, tzinfo=UTC)
JUNE = datetime(2021, 6, 1, 12, 0, tzinfo=UTC)
WI, ILLP = "/events/wi-2021/programme.ics", "/events/illp-2025/programme.ics"
FUNDRAISING = "workshop-fundraising"


@dataclass
class House:
    """A running house: a calendar app's connection to it, and its database for what people do."""

    client: AsyncClient
    database: Database
    settings: Settings

    async def feed(self, path: str) -> bytes:
        answer = await self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.content

    async def edit(self, slug: str, at: datetime, **changes: Any) -> None:
        """An organiser changes a session of the conference day."""
        async with self.database.writing() as db:
            facts = await session_at(db, "wi-2021", slug)
            await edit_session(db, facts.event, facts.session, replace(plan_of(facts.session), **changes), facts.speakers, at)

    async def cancel(self, slug: str, reason: str, at: datetime) -> None:
        async with self.database.writing() as db:
            facts = await session_at(db, "wi-2021", slug)
            await cancel_session(db, facts.event, facts.session, reason, at)

    async def session(self, slug: str, event: str = "wi-2021") -> SessionFacts:
        async with self.database.reading() as db:
            return await session_at(db, event, slug)

    async def delegate(self, name: str, *, registered: bool = True) -> Person:
        async with self.database.writing() as db:
            person = await know_person(db, f"{name.lower()}@delegates.example", name, JUNE)
            if registered:
                await register_person(db, await event_at(db, "wi-2021"), person, JUNE, JUNE)
        return person

    async def book(self, person: Person, slug: str, at: datetime) -> None:
        async with self.database.writing() as db:
            facts = await session_at(db, "wi-2021", slug)
            await book_seat(db, facts.event, facts.session, await db.merge(person), at, at)

    async def give_up(self, person: Person, slug: str, at: datetime) -> None:
        async with self.database.writing() as db:
            facts = await session_at(db, "wi-2021", slug)
            await give_up_seat(db, facts.event, facts.session, await db.merge(person), at, at)

    async def sign_in(self, person: Person) -> None:
        async with self.database.writing() as db:
            self.client.cookies.update(await cookie_of(db, person))

    async def secret_path(self, person: Person) -> str:
        """Where the person's own feed is: they ask for an address on their page, and read it there."""
        await self.sign_in(person)
        await self.client.post("/me/calendar")
        path = await self.shown_path()
        self.client.cookies.clear()  # a calendar app has none
        return path

    async def shown_path(self) -> str:
        page = (await self.client.get("/me")).text
        return page.partition(f'value="{self.settings.base_url}')[2].partition('"')[0]


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[House]:
    """A running house with these settings, on the database that is there."""
    app = create_app(settings)
    database: Database = app.app.state.house.database  # type: ignore[attr-defined]
    async with AsyncClient(transport=ASGITransport(app=app), base_url=settings.base_url) as client:
        yield House(client, database, settings)
    await database.close()


@contextmanager
def questions_to(database: Database) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement != "BEGIN":
            asked.append(statement)

    sql_event.listen(database.reader.sync_engine, "before_cursor_execute", note)
    yield asked
    sql_event.remove(database.reader.sync_engine, "before_cursor_execute", note)


def read_alike(feed: bytes) -> dict[str, Read]:
    """By summary, as both readers understood it: they must agree in everything."""
    by_ical, by_icaljs = instants_by_ical(feed), instants_by_icaljs(feed)
    assert sorted(by_ical) == sorted(by_icaljs)
    return {read.summary: read for read in by_ical}


def event_lines(feed: bytes, summary: str) -> dict[str, str]:
    """The content lines of the event with this summary, by name and parameters."""
    lines = lines_of(feed)
    said = lines.index("SUMMARY:" + summary.replace(",", "\\,"))
    first = max(place for place, line in enumerate(lines[:said]) if line == "BEGIN:VEVENT")
    last = lines.index("END:VEVENT", said)
    return {name: value for name, _, value in (line.partition(":") for line in lines[first + 1 : last])}


def tag_of(answer: Response) -> dict[str, str]:
    return {"If-None-Match": answer.headers["etag"]}
