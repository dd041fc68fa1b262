"""Nothing is sent twice: not after a crash, not by two who send at the same time, not by a server that falls silent."""

import asyncio
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from conference import worker
from conference.clock import Clock
from conference.mail.actions import queue_mail
from conference.mail.outbox import NO_ANSWER, RESCUE, send_waiting
from conference.mail.pace import Pace
from conference.mail.tables import MailPurpose, MailState, QueuedMail, ReturnedKind, ReturnedMail
from conference.record.tables import Lease
from conference.registration.tables import Registration
from conference.settings import Settings
from conference.storage.database import Database
from conference.storage.ids import new_id
from conference.web.render import environment
from conference.web.request import House
from tests.blank import make_blank
from tests.mail.post_office import PostOffice, open_office
from tests.servers import Process, free_port
from tests.world import BEFORE, build_world, delegate

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = timedelta(hours=6)


async def queue(database: Database, to: str = "delegate@demo.example", **more: Any) -> None:
    async with database.writing() as db:
        await queue_mail(db, "sign_in", to, NOW, to_name="Delegate", link="https://events.example.org/x", minutes=20, **more)


async def states(database: Database) -> list[MailState]:
    async with database.reading() as db:
        return [mail.state for mail in await db.exec(select(QueuedMail).order_by(col(QueuedMail.id)))]


async def test_a_server_that_takes_a_mail_and_says_nothing_gets_it_once(
    sqlite: Database, by_smtp: Settings, post_office: PostOffice
) -> None:
    post_office.hangs_up = True
    await queue(sqlite)
    await send_waiting(sqlite, by_smtp, environment(), NOW)
    post_office.hangs_up = False
    await send_waiting(sqlite, by_smtp, environment(), NOW + LATER)
    assert (len(post_office.letters), await states(sqlite)) == (1, [MailState.unsure])


async def test_a_crash_after_the_last_byte_is_not_mended_by_a_second_mail(
    sqlite: Database, by_smtp: Settings, post_office: PostOffice
) -> None:
    await queue(sqlite)
    async with sqlite.writing() as db:  # what a process leaves behind that was killed before it heard the answer
        values = {"state": MailState.sending, "handed_at": NOW, "next_try_at": NOW + RESCUE, "attempts": 1}
        await db.exec(update(QueuedMail).values(**values))
    await send_waiting(sqlite, by_smtp, environment(), NOW + LATER)
    async with sqlite.reading() as db:
        mail = (await db.exec(select(QueuedMail))).one()
    assert (post_office.letters, mail.state, mail.last_error) == ([], MailState.unsure, NO_ANSWER)


async def test_whoever_was_slow_finds_that_another_has_sent_it(sqlite: Database, by_smtp: Settings, post_office: PostOffice) -> None:
    post_office.gate = gate = threading.Event()
    await queue(sqlite)
    slow = asyncio.create_task(send_waiting(sqlite, by_smtp, environment(), NOW))
    await asyncio.to_thread(post_office.waiting.wait, 5)
    assert await send_waiting(sqlite, by_smtp, environment(), NOW + RESCUE) == 1  # it looks as if the first were dead
    gate.set()
    await slow
    assert (len(post_office.letters), await states(sqlite)) == (1, [MailState.sent])


async def test_a_dead_address_is_given_up_at_once_and_gets_only_what_is_necessary(
    sqlite: Database, by_smtp: Settings, post_office: PostOffice
) -> None:
    post_office.dead = frozenset({"gone@demo.example"})
    await queue(sqlite, "gone@demo.example")
    await send_waiting(sqlite, by_smtp, environment(), NOW)
    assert await states(sqlite) == [MailState.failed]
    async with sqlite.reading() as db:
        back = (await db.exec(select(ReturnedMail))).one()
    assert (back.kind, back.address_key, back.words) == (ReturnedKind.hard, "gone@demo.example", "550 5.1.1 no such mailbox")
    post_office.dead = frozenset()
    optional = {"purpose": MailPurpose.reminder, "person_id": new_id(), "event_id": new_id()}
    await queue(sqlite, "Gone@demo.example", **optional)
    await queue(sqlite, "gone@demo.example")
    await send_waiting(sqlite, by_smtp, environment(), NOW)
    assert await states(sqlite) == [MailState.failed, MailState.stopped, MailState.sent]


async def test_what_comes_too_late_does_not_go(sqlite: Database, by_smtp: Settings, post_office: PostOffice) -> None:
    await queue(sqlite, expires_at=NOW + timedelta(minutes=5))
    await send_waiting(sqlite, by_smtp, environment(), NOW + timedelta(minutes=5))
    assert (post_office.letters, await states(sqlite)) == ([], [MailState.stopped])


async def test_many_mails_go_by_one_connection_and_a_refusal_does_not_end_it(
    sqlite: Database, by_smtp: Settings, post_office: PostOffice
) -> None:
    post_office.dead = frozenset({"two@demo.example"})
    for name in ("one", "two", "three", "four"):
        await queue(sqlite, f"{name}@demo.example")
    await send_waiting(sqlite, by_smtp, environment(), NOW)
    assert ([to for to, _ in post_office.letters], post_office.greetings) == (
        [f"{name}@demo.example" for name in ("one", "three", "four")],
        1,
    )


async def test_what_people_wait_for_goes_before_what_went_to_many(sqlite: Database, by_smtp: Settings, post_office: PostOffice) -> None:
    optional = {"purpose": MailPurpose.announcement, "person_id": new_id(), "event_id": new_id()}
    for number in range(3):
        await queue(sqlite, f"many{number}@demo.example", **optional)
    await queue(sqlite, "waits@demo.example")
    await send_waiting(sqlite, by_smtp, environment(), NOW)
    assert [to.split("@")[0] for to, _ in post_office.letters] == ["waits", "many0", "many1", "many2"]


async def test_mail_to_one_domain_is_spread_and_none_is_lost(sqlite: Database, by_smtp: Settings, post_office: PostOffice) -> None:
    for number in range(12):
        await queue(sqlite, f"delegate{number}@one.example")
    await queue(sqlite, "delegate@two.example")
    pace, sent_by = Pace(per_minute=600, per_domain=12), []
    for second in range(0, 60, 5):
        await send_waiting(sqlite, by_smtp, environment(), NOW + timedelta(seconds=second), pace=pace)
        sent_by.append(len(post_office.letters))
    assert sent_by == [3, *range(4, 14), 13]  # two at once and one to another domain, then one each five seconds
    assert len({to for to, _ in post_office.letters}) == 13


async def test_a_server_that_never_speaks_holds_nothing_else_up(sqlite: Database, settings: Settings) -> None:
    async def says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with sqlite.writing() as db:
        world = await build_world(db)
    silent = await asyncio.start_server(says_nothing, "127.0.0.1", port := free_port())
    house = House(settings.model_copy(update={"mail_url": f"smtp://127.0.0.1:{port}"}), sqlite, Clock(), environment())
    await queue(sqlite)
    work = asyncio.create_task(worker.run(house))
    try:
        await until(lambda: _is(sqlite, MailState.sending))
        async with sqlite.writing() as db:
            person = await delegate(db, world, "Late", registered=False)
            over = datetime.now(UTC) - timedelta(minutes=1)
            db.add(Registration(event_id=world.event.id, person_id=person.id, name="Late", made_at=BEFORE, held_until=over))
        await until(lambda: _lapsed(sqlite))
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        silent.close()


async def _is(database: Database, state: MailState) -> bool:
    return await states(database) == [state]


async def _lapsed(database: Database) -> bool:
    async with database.reading() as db:
        return list(await db.exec(select(Registration.lapsed))) == [True]


async def until(true: Any, seconds: float = 6) -> None:
    async with asyncio.timeout(seconds):
        while not await true():  # noqa: ASYNC110 - it asks a database
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("seed", [1, *(pytest.param(number, marks=pytest.mark.soak) for number in range(2, 11))])
async def test_kill_9_among_mails_that_are_going_out_doubles_none_and_loses_none(tmp_path: Path, seed: int) -> None:
    """The server is slow to answer, so that the kill falls between its taking a mail and our hearing of it."""
    data, count = tmp_path / "var", 12
    data.mkdir()
    make_blank(url := f"sqlite:///{data / 'conference.db'}")
    database = Database(url)
    for number in range(count):
        await queue(database, f"delegate{number}@demo.example")
    with open_office() as office:
        office.answers_after = 0.15
        house = Process(data, "serve", MAIL_URL=f"smtp://127.0.0.1:{office.port}")
        try:
            await asyncio.to_thread(house.start)
            await asyncio.to_thread(_until_some, office, 2 + seed % 4)
            await asyncio.to_thread(house.kill)
            taken = len(office.letters)
            office.answers_after = 0
            past = datetime.now(UTC) - timedelta(seconds=1)  # as if the whiles had passed after which others take up what was left
            async with database.writing() as db:
                await db.exec(update(QueuedMail).where(col(QueuedMail.state) == MailState.sending).values(next_try_at=past))
                await db.exec(update(Lease).values(until=past))
            await asyncio.to_thread(house.start)
            await until(lambda: _all_settled(database), 15)
        finally:
            await asyncio.to_thread(house.stop)
            async with database.reading() as db:
                mails = (await db.exec(select(QueuedMail))).all()
            await database.close()
    assert 0 < taken < count
    assert sorted(to for to, _ in office.letters) == sorted(mail.to_address for mail in mails)
    assert 1 <= [mail.state for mail in mails].count(MailState.unsure) <= worker.LANES


def _until_some(office: PostOffice, count: int) -> None:
    ends = time.monotonic() + 10
    while len(office.letters) < count and time.monotonic() < ends:
        time.sleep(0.005)


async def _all_settled(database: Database) -> bool:
    return set(await states(database)) <= {MailState.sent, MailState.unsure}
