"""The counter: many acts share a transaction, one's trouble is not another's, and a long line has a calm page."""

import asyncio
import re
from collections.abc import Sequence

import psycopg
from httpx2 import AsyncClient
from sqlalchemy import func
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from conference.app import create_app
from conference.errors import Conflict
from conference.record.actions import note
from conference.record.tables import AuditEntry
from conference.record.under_way import UnderWay
from conference.registration.tables import Booking
from conference.settings import Settings
from conference.storage.counter import TOGETHER, Closed, Counter, Shared, Turn, told
from conference.storage.database import Database, Db
from tests.registration.test_races import PEOPLE, SEATS, fill, seats_and_turns
from tests.servers import serving
from tests.world import BEFORE


class Desk:
    """A counter whose acts write one line each, as well or badly as a test wants."""

    def __init__(self, database: Database) -> None:
        self.batches: list[int] = []
        self.counter = Counter[str](database, self.begin, self.end)

    async def begin(self, db: Db, turns: Sequence[Turn[str]]) -> None:
        self.batches.append(len(turns))

    async def end(self, db: Db, turns: Sequence[Turn[str]]) -> None:
        if any(turn.about == "poison" for turn in turns):
            raise ValueError("one of them can't be written")

    async def act(self, name: str) -> str:
        turn = self.counter.turn("subject", name)
        try:
            db = await turn.open()
            try:
                note(db, name, "subject", BEFORE)
                await db.flush()
                if name == "no":
                    raise Conflict("No.")
            except Conflict as no:
                turn.undo(no)
                turn.leave()
                await turn.shared
                return no.sentence
            await turn.commit()
        except (Shared, Closed) as wrong:
            return type(wrong).__name__
        return name


async def written(database: Database) -> list[str]:
    async with database.reading() as db:
        return sorted((await db.exec(select(AuditEntry.act))).all())


async def test_who_comes_at_once_shares_a_transaction_and_a_refusal_takes_back_its_own_only(database: Database) -> None:
    desk = Desk(database)
    names = ["one", "no", "two", "no", "three"]
    assert await asyncio.gather(*map(desk.act, names)) == ["one", "No.", "two", "No.", "three"]
    assert (desk.batches, await written(database)) == ([5], ["one", "three", "two"])


async def test_a_transaction_takes_only_so_many_and_the_line_keeps_its_order(sqlite: Database) -> None:
    desk = Desk(sqlite)
    names = [f"{number:03}" for number in range(TOGETHER + 5)]
    assert await asyncio.gather(*map(desk.act, names)) == names
    assert desk.batches == [TOGETHER, 5]


async def test_what_fails_for_all_is_known_by_all_as_not_done(sqlite: Database) -> None:
    desk = Desk(sqlite)
    assert await asyncio.gather(*map(desk.act, ["one", "poison"])) == ["Shared", "Shared"]
    assert await written(sqlite) == []
    assert await desk.act("one") == "one"


def test_after_a_deadlock_each_is_tried_alone_and_a_lock_that_is_not_to_be_had_is_so_for_all() -> None:
    def failed(why: psycopg.Error) -> OperationalError:
        return OperationalError("UPDATE", {}, why)

    assert type(told(failed(psycopg.errors.DeadlockDetected()))) is Shared
    away = failed(psycopg.errors.LockNotAvailable())
    assert told(away) is away


async def test_who_goes_away_while_waiting_stops_nobody(sqlite: Database) -> None:
    desk = Desk(sqlite)
    acts = [asyncio.create_task(desk.act(name)) for name in ("one", "two", "three")]
    await asyncio.sleep(0)
    acts[1].cancel()
    assert [each if isinstance(each, str) else type(each).__name__ for each in await asyncio.gather(*acts, return_exceptions=True)] == [
        "one",
        "CancelledError",
        "three",
    ]
    assert await written(sqlite) == ["one", "three"]


async def test_a_house_that_stops_serves_those_in_line_and_takes_nobody_more(sqlite: Database) -> None:
    desk = Desk(sqlite)
    acts = [asyncio.create_task(desk.act(str(number))) for number in range(3)]
    await asyncio.sleep(0)
    await desk.counter.stop()
    assert [*await asyncio.gather(*acts), await desk.act("late")] == ["0", "1", "2", "Closed"]


async def test_a_long_line_has_a_calm_page_that_looks_again_and_ends_with_the_answer(sqlite: Database, settings: Settings) -> None:
    world, cookies = await fill(sqlite)
    path = f"/events/wi-test/sessions/{world.workshop.slug}/booking"
    seen: list[str] = []

    async def person(number: int, address: str) -> tuple[int, str]:
        headers = {"Cookie": f"sign_in={cookies[number]['sign_in']}"}
        async with AsyncClient(base_url=address, timeout=60) as client:
            answer = await client.post(path, data={"once": f"key-of-delegate-{number:05}", "next": "/me?a=1"}, headers=headers)
            while answer.status_code == 202:
                seen.append(answer.text)
                assert answer.headers["retry-after"] == answer.headers["refresh"].split(";")[0]
                await asyncio.sleep(0.2)  # sooner than the page would
                answer = await client.get(answer.headers["refresh"].partition("url=")[2], headers=headers)
            return answer.status_code, answer.headers.get("location", "")

    app = create_app(settings)
    state = app.app.state  # type: ignore[attr-defined]
    state.under_way = UnderWay(state.house.database, most_in_line=5)
    async with serving(settings, app) as address:
        assert await asyncio.gather(*(person(number, address) for number in range(PEOPLE))) == [(303, "/me?a=1")] * PEOPLE
    booked, turns, taken = await seats_and_turns(sqlite, world.workshop.id)
    assert (len(set(booked)), taken, turns) == (SEATS, SEATS, list(range(1, PEOPLE - SEATS + 1)))
    assert seen
    assert re.search(r'name="once" value="key-of-delegate-\d{5}"', seen[0])
    assert 'name="next" value="/me?a=1"' in seen[0]


async def test_a_ticket_that_nobody_knows_is_honestly_lost_and_another_s_is_not_shown(browser: AsyncClient, sqlite: Database) -> None:
    lost = await browser.get("/waiting/0123?since=1&back=https://elsewhere.example/")
    assert (lost.status_code, "was not carried out" in lost.text, "elsewhere" in lost.text) == (404, True, False)
    async with sqlite.reading() as db:
        assert (await db.exec(select(func.count()).select_from(Booking))).one() == 0
