"""kill -9 while many register at once: who was told that they have a place has it, once, with one mail that goes out once."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from httpx2 import AsyncClient, HTTPError, Limits
from sqlalchemy import func, update
from sqlmodel import col, select

from conference.mail.tables import MailState, QueuedMail
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.record.tables import AuditEntry
from conference.registration.tables import CapacityPool, Registration
from conference.storage.database import Database
from tests.blank import make_blank
from tests.servers import Process, free_port
from tests.world import build_world, cookie_of, delegate

PEOPLE, PLACES = 50, 14
ROUNDS = [1, *(pytest.param(number, marks=pytest.mark.soak) for number in range(2, 21))]
YES = "You%20are%20registered"


class PostOffice:
    """A real SMTP server that keeps who got which message, by its Message-ID."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        message = message_from_bytes(envelope.content)
        self.got += [(address, str(message["Message-ID"])) for address in envelope.rcpt_tos]
        return "250 OK"


@contextmanager
def post_office() -> Iterator[tuple[PostOffice, str]]:
    office, port = PostOffice(), free_port()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield office, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


@pytest.mark.parametrize("number", ROUNDS)
async def test_a_storm_that_is_killed_loses_no_place_and_doubles_no_mail(tmp_path: Path, number: int) -> None:
    data = tmp_path / "var"
    data.mkdir()
    url = f"sqlite:///{data / 'conference.db'}"
    make_blank(url)
    database = Database(url)
    cookies = await _people(database)
    with post_office() as (office, address):
        house = Process(data, "serve", MAIL_URL=address)
        house.start()
        try:
            told: dict[int, str] = {}
            storm = [asyncio.create_task(_press(house.address, who, cookie, told)) for who, cookie in enumerate(cookies)]
            await asyncio.wait(storm, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.sleep(random.Random(number).uniform(0, 0.6))
            await asyncio.to_thread(house.kill)
            await asyncio.gather(*storm)
            before = dict(told)
            await asyncio.to_thread(house.start)
            await asyncio.gather(*(_press(house.address, who, cookie, told) for who, cookie in enumerate(cookies)))
            assert before.items() <= told.items()  # who was answered before the kill hears the same after it
            assert len(told) == PEOPLE
            winners = {f"delegate-{who}@delegates.example" for who, said in told.items() if YES in said}
            assert len(winners) == PLACES
            await _look(database, winners)
            await _sent(database, office, winners)
        finally:
            await asyncio.to_thread(house.stop)
            await database.close()


async def _people(database: Database) -> list[str]:
    """An event whose registration is open now, by the real clock: in a rehearsal no mail would leave."""
    async with database.writing() as db:
        world = await build_world(db)
        event, today = world.event, datetime.now(UTC)
        event.starts_at, event.ends_at = today + timedelta(days=1), today + timedelta(days=2)
        event.registration_opens_at, event.registration_closes_at = today - timedelta(days=1), today + timedelta(days=1)
        db.add_all([event, CapacityPool(event_id=event.id, capacity=PLACES)])
        people = [await delegate(db, world, f"Delegate {number}", registered=False) for number in range(PEOPLE)]
        return [(await cookie_of(db, person))["sign_in"] for person in people]


async def _press(address: str, who: int, cookie: str, told: dict[int, str]) -> None:
    with suppress(HTTPError):
        async with AsyncClient(base_url=address, timeout=30, limits=Limits(max_connections=1)) as client:
            form = {"once": f"the-key-of-delegate-{who:04}"}
            answer = await client.post("/events/wi-test/registration", data=form, headers={"Cookie": f"sign_in={cookie}"})
            said = f"{answer.status_code} {answer.headers.get('set-cookie', '')}"
            assert said == told.setdefault(who, said)


async def _look(database: Database, winners: set[str]) -> None:
    async with database.reading() as db:
        placed = (await db.exec(select(Person.email).join(Registration).where(col(Registration.cancelled_at).is_(None)))).all()
        pool = (await db.exec(select(CapacityPool).join(Event).where(CapacityPool.capacity == PLACES))).one()
        noted = (await db.exec(select(func.count()).where(AuditEntry.act == "registration confirmed"))).one()
        mails = (await db.exec(select(QueuedMail.to_address).where(QueuedMail.template == "registration_confirmed"))).all()
    assert sorted(placed) == sorted(winners) == sorted(mails)
    assert (pool.taken, noted) == (PLACES, PLACES)


async def _sent(database: Database, office: PostOffice, winners: set[str]) -> None:
    """What was being sent when the house was killed is tried again after some minutes: they pass here at once."""
    async with database.writing() as db:
        waiting = update(QueuedMail).where(col(QueuedMail.state) != MailState.sent)
        await db.exec(waiting.values(next_try_at=datetime.now(UTC) - timedelta(seconds=1)))
    for _ in range(300):
        if not await _unsent(database):
            break
        await asyncio.sleep(0.1)
    messages = Counter(address for address, _ in set(office.got))
    assert messages == Counter(winners)  # two copies are one message: they have the same Message-ID


async def _unsent(database: Database) -> bool:
    async with database.reading() as db:
        return (await db.exec(select(QueuedMail.id).where(col(QueuedMail.state) != MailState.sent))).first() is not None
