"""A town: houses that share a database and a Valkey, a stage of its own for each test, and people who go to any of the houses."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

import httpx2
from sqlmodel import col, select

from conference.clock import Clock
from conference.live.queries import Heads, cut_of, lines_after
from conference.live.state import QuestionFacts, StageState
from conference.live.tables import Log, Question, Stage, Vote
from conference.live.views import snapshot
from conference.people.actions import grant_role
from conference.people.tables import Role, RoleKind
from conference.record.actions import set_rehearsal
from conference.storage.database import Database
from conference.worker import PAUSE
from tests.blank import make_blank
from tests.live.cast import Cast, make_cast
from tests.live.phone import Phone
from tests.servers import Process

CROWD = tuple(f"delegate-{number}" for number in range(40))
TRIES = 40  # of a form that gets no answer, on one house after the other
RIBBON = 'class="rehearsal"'  # on every page of a house whose clock is moved


class Town:
    """`cast.session` is this test's own stage, and the tokens are sign-ins of its own."""

    def __init__(self, houses: Sequence[Process], database: Database, cast: Cast, form: httpx2.AsyncClient) -> None:
        self.houses, self.database, self.cast, self.form = houses, database, cast, form
        self.stage = f"/events/{cast.event.slug}/sessions/{cast.session.slug}/stage"
        self.phones: list[Phone] = []

    def phone(self, name: str | None, *houses: Process, log: Log = Log.public) -> Phone:
        """Open the stage's page; `houses`: where, and where to come back when the line is lost."""
        token = self.cast.tokens[name] if name else None
        made = Phone([house.address for house in houses or self.houses], f"{self.stage}/socket", token, name, log)
        self.phones.append(made)
        made.open()
        return made

    async def opened(self, *phones: Phone) -> None:
        """All of these (or of all) know the stage."""
        await until(lambda: all(phone.held for phone in phones or self.phones))

    async def post(self, name: str | None, path: str, house: Process, *others: Process, **typed: str) -> int:
        """Send a form, again and on the other houses while nobody answers; the answer's status."""
        cookie = {"Cookie": f"sign_in={self.cast.tokens[name]}"} if name else {}
        for one in itertools.islice(itertools.cycle([house, *others]), TRIES):
            try:
                sent = await self.form.post(one.address + path, data=typed, headers={"Origin": one.address, **cookie})
            except httpx2.TransportError:
                await asyncio.sleep(0.25)
            else:
                return sent.status_code
        raise AssertionError("nobody answers")

    async def ask(self, name: str, text: str, house: Process, **more: str) -> UUID:
        """By form; the question's id."""
        assert await self.post(name, f"{self.stage}/questions", house, text=text, client_id=uuid4().hex, **more) == 303
        return (await self.questions())[text].id

    async def vote(self, name: str, question_id: UUID, house: Process, *others: Process, client_id: str = "") -> int:
        """By form; the answer's status."""
        return await self.post(name, f"{self.stage}/questions/{question_id}/votes", house, *others, client_id=client_id or uuid4().hex)

    async def moderate(self, act: str, question_id: UUID, house: Process, *others: Process, **typed: str) -> None:
        """`act`: approval, dismissal, answer or archiving."""
        path = f"{self.stage}/questions/{question_id}/{act}"
        assert await self.post("moderator", path, house, *others, client_id=uuid4().hex, **typed) == 303

    async def ask_and_approve(self, name: str, text: str, house: Process) -> UUID:
        question_id = await self.ask(name, text, house)
        await self.moderate("approval", question_id, house)
        return question_id

    async def truth(self) -> tuple[StageState, Heads]:
        """All that the database knows of the stage, and where it stands."""
        async with self.database.reading() as db:
            cut = await cut_of(db, self.cast.session.id, None)
            given = select(Vote.question_id, Vote.person_id).where(col(Vote.question_id).in_(cut.state.questions))
            return replace(cut.state, votes=frozenset((await db.exec(given)).all())), cut.heads

    async def questions(self) -> dict[str, QuestionFacts]:
        """By text; no two may have the same."""
        found = list((await self.truth())[0].questions.values())
        by_text = {question.text: question for question in found}
        assert len(by_text) == len(found)
        return by_text

    async def votes(self) -> list[tuple[UUID, UUID]]:
        """Question and person of each vote's row."""
        async with self.database.reading() as db:
            given = select(Vote.question_id, Vote.person_id).join(Question, col(Question.id) == Vote.question_id).join(Stage)
            return list((await db.exec(given.where(Stage.session_id == self.cast.session.id))).all())

    async def lines(self, log: Log) -> list[tuple[int, str]]:
        async with self.database.reading() as db:
            return await lines_after(db, self.cast.session.id, log, 0, 10_000)

    async def untrue(self) -> list[str]:
        """Where a page does not show what the database says: whose, shown and true."""
        state, heads = await self.truth()

        def wrong(phone: Phone) -> str:
            fresh = snapshot(state, phone.log, heads.of(phone.log), self.id_of(phone.name))
            shown = phone.page() if phone.held else None
            return "" if shown == fresh else f"{phone.name} hears {phone.log}:\n  {shown!r}\n  {fresh!r}"

        return [*filter(None, map(wrong, self.phones))]

    async def settled(self, within: float = 10) -> None:
        """All pages show what the database says."""
        ends = asyncio.get_running_loop().time() + within
        while untrue := await self.untrue():
            assert asyncio.get_running_loop().time() < ends, f"{len(untrue)} pages are not true; " + untrue[0]
            await asyncio.sleep(0.1)

    async def role(self, name: str) -> UUID:
        """The id of the role that this person has at the event."""
        async with self.database.reading() as db:
            return (await db.exec(select(Role.id).where(Role.person_id == self.id_of(name), col(Role.ended_at).is_(None)))).one()

    @asynccontextmanager
    async def rehearsing(self) -> AsyncIterator[None]:
        """Every house lives by a rehearsal's clock, which stands where the real one does."""
        try:
            await self._set_clock(Clock().real_now())
            yield
        finally:
            await self._set_clock(None)

    async def _set_clock(self, at: datetime | None) -> None:
        async with self.database.writing() as db:
            await set_rehearsal(db, at, Clock().real_now())
        async with asyncio.timeout(2 * PAUSE + 5):
            for house in self.houses:
                while (RIBBON in (await self.form.get(house.address)).text) != bool(at):  # noqa: ASYNC110 - nothing says when
                    await asyncio.sleep(0.1)

    def id_of(self, name: str | None) -> UUID | None:
        return self.cast.people[name].id if name else None


async def until(holds: Callable[[], bool], within: float = 10) -> float:
    """Wait for it; the seconds that took."""
    began = asyncio.get_running_loop().time()
    while not holds():
        passed = asyncio.get_running_loop().time() - began
        assert passed < within, f"it did not come about within {within} s"
        await asyncio.sleep(0.01)
    return asyncio.get_running_loop().time() - began


def build(url: str, names: Iterable[str] = CROWD) -> Cast:
    """The cast, an organiser and delegates of these names in an empty database."""
    make_blank(url)
    return asyncio.run(_cast(url, names))


async def _cast(url: str, names: Iterable[str]) -> Cast:
    database, now = Database(url), Clock().real_now()
    try:
        cast = await make_cast(database, now, ("organiser", *names))
        async with database.writing() as db:
            await grant_role(db, cast.people["organiser"], cast.event.id, RoleKind.organiser, now)
    finally:
        await database.close()
    return cast
