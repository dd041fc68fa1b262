"""A selection meeting in a running house: four submissions, a chair, two assessors (one has a conflict with the first), an organiser."""

import asyncio
import json
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from httpx2 import AsyncClient, Response
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from conference.calls.panel_tables import Assignment, ConflictDeclaration, ConflictKind, Review, Score
from conference.calls.submission_tables import Submission
from conference.people.tables import Person
from conference.storage.database import Database, Db
from tests.calls.cast import DEADLINE, CallWorld, applicant, assessor, build_call, sent_by
from tests.world import build_world, cookie_of, rehearse

AFTER = DEADLINE + timedelta(days=20)
CITIES = ("Nairobi", "Bergen", "Kollam", "Lima")
MEETING = "/panel/week-2021/meeting"
PATIENCE = 10.0
TLS = ssl.create_default_context()  # one for all: making it takes longer than asking


@dataclass
class Room:
    """`people`: chair, reader, conflicted, organiser, applicant, stranger."""

    address: str
    database: Database
    made: CallWorld
    sent: list[Submission]
    people: dict[str, Person]
    cookies: dict[str, dict[str, str]]

    @asynccontextmanager
    async def browser(self, who: str) -> AsyncIterator[AsyncClient]:
        async with AsyncClient(
            verify=TLS, base_url=self.address, cookies=self.cookies.get(who, {}), headers={"Origin": self.address}, trust_env=False
        ) as browser:
            yield browser

    async def press(self, who: str, path: str, **fields: Any) -> Response:
        """Send one of the meeting's forms."""
        async with self.browser(who) as browser:
            return await browser.post(
                MEETING + path, content=urlencode(fields), headers={"Content-Type": "application/x-www-form-urlencoded"}
            )

    async def page(self, who: str, path: str = MEETING) -> str:
        async with self.browser(who) as browser:
            return (await browser.get(path)).text

    @asynccontextmanager
    async def ear(self, who: str) -> AsyncIterator["Ear"]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.get(who, {}).items())
        headers = {"Cookie": cookie} if cookie else {}
        address = self.address.replace("http", "ws", 1) + f"{MEETING}/socket"
        origin: Any = self.address
        async with connect(address, origin=origin, additional_headers=headers, compression=None, proxy=None) as socket:
            yield Ear(socket)


class Ear:
    """An open page's line, with all that it was told."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.heard: list[str] = []

    async def until(self, place: str, item: str = "") -> dict[str, Any]:
        """The next frame that puts its person there (with that submission on the table)."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self.heard.append(str(await self.socket.recv()))
                frame: dict[str, Any] = json.loads(self.heard[-1])
                if frame.get("place") == place and item in frame["says"]:
                    return frame

    async def quiet(self, seconds: float) -> list[str]:
        """What else comes within that time."""
        before = len(self.heard)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    self.heard.append(str(await self.socket.recv()))
        return [text for text in self.heard[before:] if '"heartbeat"' not in text]

    async def close_code(self) -> int | None:
        with suppress(ConnectionClosed):
            async with asyncio.timeout(PATIENCE):
                while True:
                    self.heard.append(str(await self.socket.recv()))
        return self.socket.close_code


async def build_room(database: Database, address: str) -> Room:
    async with database.writing() as db:
        made = await build_call(db, await build_world(db))
        people = {
            "chair": await assessor(db, made.call, "Chair of the panel", chair=True),
            "reader": await assessor(db, made.call, "Assessor in Sydney"),
            "conflicted": await assessor(db, made.call, "Assessor in Toronto"),
            "organiser": made.organiser,
        }
        sent = []
        for number, city in enumerate(CITIES):
            person = await applicant(db, f"Librarian in {city}")
            people.setdefault("applicant", person)
            sent.append(await sent_by(db, made.call, person))
            for who, value in (("chair", 4 - number), ("reader", 4 - number)):
                await scores(db, sent[-1], people[who], value)
        db.add(conflict_with(sent[0], people["conflicted"]))
        people["stranger"] = await applicant(db, "Stranger in Rome")
        cookies = {who: await cookie_of(db, person) for who, person in people.items()}
    await rehearse(database, AFTER)
    return Room(address, database, made, sent, people, cookies)


def conflict_with(submission: Submission, person: Person) -> ConflictDeclaration:
    return ConflictDeclaration(submission_id=submission.id, person_id=person.id, kind=ConflictKind.same_institution, declared_at=AFTER)


async def scores(db: Db, submission: Submission, person: Person, value: int, *, handed_in: bool = True) -> None:
    """Assigned, and scored alike by both criteria."""
    assert submission.counted_id
    db.add(Assignment(submission_id=submission.id, person_id=person.id, made_at=AFTER))
    review = Review(
        submission_id=submission.id,
        person_id=person.id,
        version_id=submission.counted_id,
        comment=f"A comment on number {submission.number}",
        saved_at=AFTER,
        submitted_at=AFTER if handed_in else None,
    )
    db.add(review)
    await db.flush()
    db.add_all(Score(review_id=review.id, criterion=criterion, value=value) for criterion in ("experience", "use"))
    await db.flush()


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def real_now() -> datetime:
    return datetime.now(UTC)
