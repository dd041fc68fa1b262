"""The demo's week: its call with sixty applications, its panel, its clock, and whoever acts in it without a browser."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from httpx2 import AsyncClient
from icalendar import Calendar
from playwright.async_api import Page, Route
from sqlmodel import select

from conference.calls.definition import Criterion
from conference.calls.listing import find_call
from conference.calls.panel_queries import assignments_of, reviews_of, sent_submissions
from conference.calls.queries import definition_of
from conference.calls.reviewing import Said, save_review, send_review
from conference.calls.submission_tables import Submission
from conference.files import folder
from conference.mail.tables import QueuedMail
from conference.people.actions import sign_in
from conference.people.queries import people_by_id, person_by_email
from conference.seed_applications import load_applications, read_demo_calls
from conference.seed_format import read_seed
from conference.storage.database import Database
from tests.console.cast import send
from tests.papers.cast import words as words_of_pdf
from tests.servers import Process

SLUG, DEADLINE = "illp-2025", datetime(2025, 2, 6, 12, tzinfo=UTC)
APPLY, PANEL, MANAGE, EVENT = f"/calls/{SLUG}", f"/panel/{SLUG}", f"/manage/calls/{SLUG}", f"/events/{SLUG}"
ORGANISER, CHAIR, DELEGATE = "organiser@demo.example", "chair@demo.example", "auckland@demo.example"
LVIV, LEIDEN = "assessor@library.lviv.example", "assessor@library.leiden.example"
READERS = ("collections@demo.example", "digital@demo.example", LVIV, LEIDEN)
PASSPORT = {"full_name": "Delegate in Auckland", "number": "XX 000000", "nationality": "NZ", "born": "1985-04-03", "expires": "2031-01-01"}
ANSWERS = {
    "Your name, as it shall stand on letters": "Delegate in Auckland",
    "Your date of birth": "1985-04-03",
    "Your institution": "A research library in Auckland",
    "What you do there": "Head of a reading room",
    "In such work since": "2010-02-01",
}
TEXTS = {
    "Your experience": "Ten years with readers, five with those who serve them.",
    "What you want to learn": "Digital preservation, and leading through a change.",
    "The issue or problem": "Our recordings fade, and nobody has decided which come first.",
    "How you will use": "I write our plan for the next five years.",
    "What else you are interested in": "Choirs.",
}
MOST = 28  # points in one review: five criteria from 0 to 4, of which two count twice


@dataclass
class Week:
    """`clients`: a browser without pages for each who acts, by their address."""

    process: Process
    database: Database
    doors: AsyncExitStack
    clients: dict[str, AsyncClient] = field(default_factory=dict)

    async def token(self, email: str) -> str:
        async with self.database.writing() as db:
            person = await person_by_email(db, email)
            assert person, email
            return await sign_in(db, person.id, datetime.now(UTC))

    async def client(self, email: str) -> AsyncClient:
        if email not in self.clients:
            cookies = {"sign_in": await self.token(email)} if email else {}
            made = AsyncClient(base_url=self.process.address, cookies=cookies, headers={"Origin": self.process.address}, trust_env=False)
            self.clients[email] = await self.doors.enter_async_context(made)
        return self.clients[email]

    async def be(self, page: Page, email: str) -> Page:
        """Sign somebody in, in a browser with pages."""
        await page.context.add_cookies([{"name": "sign_in", "value": await self.token(email), "url": self.process.address}])
        return page

    async def clock(self, at: str) -> None:
        """Move the rehearsal's clock, as an organiser does."""
        moved = await send(await self.client(ORGANISER), "/manage/rehearsal/clock", {"at": at})
        assert moved.said.startswith("The clock was set."), moved.words

    async def arrives_at(self, page: Page, at: str) -> None:
        """What this page sends next reaches the house at that second: the clock is moved when it is on its way."""

        async def on_its_way(route: Route) -> None:
            await self.clock(at)
            await route.continue_()

        await page.route("**/sending", on_its_way, times=1)

    async def sixty_apply(self) -> None:
        """Each at their own moment before the deadline; the last ones in its last minute."""
        shipped = folder("seed_data")
        [given] = read_demo_calls(shipped, read_seed(shipped)).applications
        async with self.database.writing() as db:
            await load_applications(db, given, DEADLINE)

    async def numbers(self) -> dict[str, int]:
        """What was sent: the number of each, by the applicant's address."""
        async with self.database.reading() as db:
            sent = await sent_submissions(db, (await find_call(db, SLUG)).id)
            people = await people_by_id(db, [each.person_id for each in sent])
        return {people[each.person_id].email: each.number for each in sent}

    async def readings_of(self, email: str) -> list[int]:
        async with self.database.reading() as db:
            call, person = await find_call(db, SLUG), await person_by_email(db, email)
            mine = {each.submission_id for each in await assignments_of(db, call.id) if person and each.person_id == person.id}
            return sorted((await db.exec(select(Submission.number).where(Submission.id.in_(mine)))).all())  # type: ignore[attr-defined]

    async def reader_of(self, number: int) -> str:
        """Somebody of the panel, not its chair, who was given this one."""
        found = [email for email in READERS if number in await self.readings_of(email)]
        return found[0]

    async def score_the_rest(self, ranking: Sequence[int], now: datetime) -> int:
        """Every reading that is not in yet, by the panel's own acts, so that the scores end in this order without ties."""
        count = 0
        async with self.database.writing() as db:
            call = await find_call(db, SLUG)
            definition = await definition_of(db, call)
            submissions = {each.id: each for each in await sent_submissions(db, call.id)}
            done = {(each.submission_id, each.person_id) for each in await reviews_of(db, call.id)}
            readings = await assignments_of(db, call.id)
            people = await people_by_id(db, {each.person_id for each in readings})
            readers: dict[int, int] = {}
            for each in readings:
                number = submissions[each.submission_id].number
                readers[number] = readers.get(number, -1) + 1
                if (each.submission_id, each.person_id) in done:
                    continue
                said = Said(points(definition.criteria, shares(ranking.index(number))[readers[number]]), comment="As discussed.")
                person = people[each.person_id]
                await send_review(db, call, await save_review(db, call, submissions[each.submission_id], person, said, now), now)
                count += 1
        return count

    async def mails(self, template: str) -> list[str]:
        """To whom they go."""
        async with self.database.reading() as db:
            return sorted(await db.exec(select(QueuedMail.to_address).where(QueuedMail.template == template)))


def shares(place: int) -> list[int]:
    """What each of three readers gives to whoever shall come in at that place, from 0: one point less in all than the one before."""
    whole = 3 * MOST - place
    return [whole // 3 + (whole % 3 > reader) for reader in range(3)]


def points(criteria: Sequence[Criterion], total: int) -> dict[str, int | None]:
    """Scores that come to this total with their weights, the heavy ones first."""
    given: dict[str, int | None] = {}
    for each in sorted(criteria, key=lambda one: -one.weight):
        given[each.key] = min(each.highest, total // each.weight)
        total -= (given[each.key] or 0) * each.weight
    assert total == 0
    return given


@asynccontextmanager
async def week_of(process: Process) -> AsyncIterator[Week]:
    database = Database(f"sqlite:///{process.data / 'conference.db'}")
    async with AsyncExitStack() as doors:
        yield Week(process, database, doors)
    await database.close()


def scan_of(code: str, day: str) -> dict[str, str]:
    return {"client_id": str(uuid4()), "occasion": f"day:{day}", "scanned_at": f"{day}T13:30:00+00:00", "how": "code", "code": code}


def reference(number: int) -> str:
    return f"ILLP-2025-{number:04}"


async def papers_of(client: AsyncClient) -> list[str]:
    """What stands on each of one's papers."""
    paths = re.findall(r'href="(/me/papers/[^"]+\.pdf)"', (await client.get("/me/papers")).text)
    return [words_of_pdf((await client.get(path)).content) for path in paths]


async def feed_of(client: AsyncClient) -> Calendar:
    """As a calendar program reads it, which is signed in nowhere."""
    await send(client, "/me/calendar", {})
    [address] = set(re.findall(r'value="(http[^"]+/calendar/[^"]+\.ics)"', (await client.get("/me")).text))
    async with AsyncClient(trust_env=False) as program:
        return Calendar.from_ical((await program.get(address)).content)
