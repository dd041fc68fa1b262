"""The outbox: a real SMTP server receives what was queued, once; what fails is tried again; nobody's name becomes a header."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from conference.mail.actions import queue_mail, strangers_may_write
from conference.mail.outbox import FIRST_PAUSE, MAX_ATTEMPTS, RESCUE, send_waiting
from conference.mail.tables import MailState, QueuedMail
from conference.settings import Settings
from conference.storage.database import Database
from conference.web.render import environment
from tests.mail.post_office import PostOffice, text_of
from tests.servers import free_port

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FACTS: dict[str, Any] = {"link": "https://events.example.org/sign-in/x", "minutes": 20}


async def queue(database: Database, name: str = "Delegate in Nairobi", **more: Any) -> None:
    async with database.writing() as db:
        await queue_mail(db, "sign_in", "delegate@demo.example", NOW, to_name=name, **FACTS, **more)


async def rows(database: Database) -> list[QueuedMail]:
    async with database.reading() as db:
        return list((await db.exec(select(QueuedMail))).all())


async def test_a_queued_mail_arrives_once(sqlite: Database, by_smtp: Settings, post_office: PostOffice) -> None:
    await queue(sqlite)
    assert await send_waiting(sqlite, by_smtp, environment(), NOW) == 1
    assert await send_waiting(sqlite, by_smtp, environment(), NOW + timedelta(days=1)) == 0
    [(to, letter)] = post_office.letters
    assert (to, letter["Subject"], letter["To"]) == (
        "delegate@demo.example",
        "Your sign-in link",
        "Delegate in Nairobi <delegate@demo.example>",
    )
    assert FACTS["link"] in text_of(letter).split()
    assert [mail.state for mail in await rows(sqlite)] == [MailState.sent]


async def test_the_same_news_is_queued_once(sqlite: Database) -> None:
    await queue(sqlite, dedupe_key="seat:1")
    await queue(sqlite, dedupe_key="seat:1")
    assert len(await rows(sqlite)) == 1


async def test_what_the_server_refuses_is_tried_later_and_given_up_in_the_end(
    sqlite: Database, by_smtp: Settings, post_office: PostOffice
) -> None:
    post_office.refuses = True
    await queue(sqlite)
    moment, pauses = NOW, []
    for _ in range(MAX_ATTEMPTS):
        assert await send_waiting(sqlite, by_smtp, environment(), moment) == 1
        [mail] = await rows(sqlite)
        pauses.append(mail.next_try_at - moment)
        moment = mail.next_try_at
    assert pauses[:3] == [FIRST_PAUSE, FIRST_PAUSE * 2, FIRST_PAUSE * 4]
    assert [(mail.state, mail.attempts) for mail in await rows(sqlite)] == [(MailState.failed, MAX_ATTEMPTS)]
    assert post_office.letters == []


async def test_a_server_that_is_down_loses_nothing(
    sqlite: Database, settings: Settings, post_office: PostOffice, by_smtp: Settings
) -> None:
    nowhere = settings.model_copy(update={"mail_url": f"smtp://127.0.0.1:{free_port()}"})
    await queue(sqlite)
    await send_waiting(sqlite, nowhere, environment(), NOW)
    await send_waiting(sqlite, by_smtp, environment(), NOW + FIRST_PAUSE)
    assert [to for to, _ in post_office.letters] == ["delegate@demo.example"]


async def test_a_mail_left_behind_by_a_crash_goes_out_after_a_while_with_the_same_identity(
    sqlite: Database, by_smtp: Settings, post_office: PostOffice
) -> None:
    await queue(sqlite)
    async with sqlite.writing() as db:  # what a process that was killed while sending leaves behind
        mail = (await db.exec(select(QueuedMail))).one()
        mail.state, mail.next_try_at = MailState.sending, NOW + RESCUE
    assert await send_waiting(sqlite, by_smtp, environment(), NOW) == 0
    assert await send_waiting(sqlite, by_smtp, environment(), NOW + RESCUE) == 1
    assert post_office.letters[0][1]["Message-ID"] == f"<{mail.id}@{by_smtp.uid_domain}>"


LONG = "Board of the Library Association of the whole wide world <ceo@victim.example>, z"


@pytest.mark.parametrize(
    "name", [LONG, "Eve\nBcc: everybody@demo.example", 'Eve" <eve@evil.example>, "x', "Eve\r\n\r\nbody", "عبد الله", "李"]
)
async def test_no_name_becomes_a_header(sqlite: Database, by_smtp: Settings, post_office: PostOffice, name: str) -> None:
    await queue(sqlite, name)
    await send_waiting(sqlite, by_smtp, environment(), NOW)
    [(to, letter)] = post_office.letters
    assert to == "delegate@demo.example"
    assert [address.addr_spec for address in letter["To"].addresses] == ["delegate@demo.example"]
    assert letter["To"].addresses[0].display_name == " ".join(name.split())
    assert letter["Bcc"] is None


async def test_in_a_rehearsal_mail_stays_in_the_folder(sqlite: Database, by_smtp: Settings, post_office: PostOffice) -> None:
    await queue(sqlite)
    await send_waiting(sqlite, by_smtp, environment(), NOW, held=True)
    [mail] = await rows(sqlite)
    kept = list(by_smtp.mail_folder.iterdir())
    assert (post_office.letters, [file.name for file in kept], mail.state) == ([], [f"{mail.id}.eml"], MailState.sent)


async def test_plain_text_is_not_escaped_like_a_page(sqlite: Database, by_smtp: Settings, post_office: PostOffice) -> None:
    await queue(sqlite, "Delegate O' & friends")
    await send_waiting(sqlite, by_smtp, environment(), NOW)
    assert "Dear Delegate O' & friends," in text_of(post_office.letters[0][1])


async def test_a_seat_is_told_in_both_clocks(sqlite: Database, by_smtp: Settings, post_office: PostOffice) -> None:
    when: dict[str, Any] = {"starts_at": "2021-06-25T10:00:00+00:00", "ends_at": "2021-06-25T11:00:00+00:00", "event_zone": "Europe/London"}
    async with sqlite.writing() as db:
        await queue_mail(
            db,
            "seat_booked",
            "delegate@demo.example",
            NOW,
            to_name="Delegate",
            zone="Australia/Sydney",
            session="Workshop",
            event="Conference",
            session_path="/x",
            online=True,
            **when,
        )
    await send_waiting(sqlite, by_smtp, environment(), NOW)
    lines = text_of(post_office.letters[0][1]).splitlines()
    assert "Friday 25 June 2021, 20:00–21:00 your time (AEST, UTC+10)" in lines
    assert "Friday 25 June 2021, 11:00–12:00 in London (BST, UTC+1)" in lines


async def test_whoever_asks_at_the_same_moment_still_gets_five_mails_an_hour(database: Database) -> None:
    async def ask() -> None:
        async with database.writing() as db:
            if await strangers_may_write(db, "one@address.example", NOW):
                await queue_mail(db, "sign_in_unknown", "one@address.example", NOW, home="/")

    await asyncio.gather(*(ask() for _ in range(20)))
    assert len(await rows(database)) == 5
