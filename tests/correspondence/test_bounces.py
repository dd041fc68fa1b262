"""What comes back: by report, by words, by an automatic answer; each once, and nothing that is forged."""

import mailbox
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from textwrap import dedent

import pytest
from sqlmodel import select

from conference.correspondence.returned import read_mailbox
from conference.mail.outbox import send_waiting
from conference.mail.tables import ReturnedMail
from conference.mail.verp import return_address, subject_of
from conference.mail.wishes import dead_addresses, works_again
from conference.settings import Settings
from conference.storage.ids import new_id
from conference.web.render import environment
from tests.correspondence.cast import DAY, EARLY, NOW, Month
from tests.mail.post_office import PostOffice
from tests.world import TEN_IN_LONDON


def report(to: str, status: str, diagnostic: str = "", action: str = "failed") -> bytes:
    """As RFC 3464 writes it."""
    return dedent(f"""\
        From: MAILER-DAEMON@mx.example
        To: {to}
        Subject: Undelivered Mail Returned to Sender
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary=x

        --x
        Content-Type: text/plain

        I'm sorry.
        --x
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example

        Final-Recipient: rfc822; somebody@else.example
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; {diagnostic}

        --x--
        """).encode()


def words(to: str, body: str, sender: str = "Mail Delivery System <MAILER-DAEMON@mx.example>") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, "failure notice"
    message.set_content(body)
    return message.as_bytes()


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda to: report(to, "5.1.1", "550 5.1.1 user unknown"), "hard"),
        (lambda to: report(to, "5.0.0", "550 no such user"), "hard"),
        (lambda to: report(to, "5.2.2", "552 mailbox full"), "soft"),
        (lambda to: report(to, "5.7.1", "554 we do not like you"), "soft"),
        (lambda to: report(to, "4.4.1", "no answer", action="delayed"), "ignored"),
        (lambda to: words(to, "Sorry.\n<x@y.example>: 550 5.1.1 no mailbox here by that name"), "hard"),
        (lambda to: words(to, "451 4.7.1 try again later"), "soft"),
        (lambda to: words(to, "I am away. 550 people wait.", sender="Delegate <delegate@demo.example>"), "ignored"),
    ],
)
async def test_a_bounce_says_what_it_says(
    month: Month, by_smtp: Settings, post_office: PostOffice, tmp_path: Path, make: object, kind: str
) -> None:
    await send_waiting(month.database, by_smtp, environment(), NOW)
    file = tmp_path / "one.eml"
    file.write_bytes(make(post_office.senders[0]))  # type: ignore[operator]
    assert await read_mailbox(month.database, by_smtp, file, EARLY, NOW) == {kind: 1}
    async with month.database.reading() as db:
        back = (await db.exec(select(ReturnedMail))).one()
        assert back.address_key == "delegate@demo.example"  # ours, whatever the report names
        assert await dead_addresses(db, ["Delegate@demo.example"]) == ({"delegate@demo.example"} if kind == "hard" else set())


async def test_a_dead_address_is_not_reminded_until_its_person_says_that_mail_arrives(
    month: Month, by_smtp: Settings, post_office: PostOffice, tmp_path: Path
) -> None:
    await send_waiting(month.database, by_smtp, environment(), NOW)
    box = mailbox.mbox(tmp_path / "box")
    box.add(report(post_office.senders[0], "5.1.1"))
    box.add(report("bounces+b" + "a" * 34 + "@events.example", "5.1.1"))  # invented by somebody
    box.close()
    assert await read_mailbox(month.database, by_smtp, tmp_path / "box", EARLY, NOW) == {"hard": 1, "unknown": 1}
    assert await read_mailbox(month.database, by_smtp, tmp_path / "box", EARLY, NOW) == {"known": 1, "unknown": 1}
    post_office.letters.clear()
    await month.tick(TEN_IN_LONDON - timedelta(days=7))
    await send_waiting(month.database, by_smtp, environment(), NOW)
    assert post_office.letters == []
    async with month.database.writing() as db:
        await works_again(db, "delegate@demo.example", NOW)
    await month.tick(TEN_IN_LONDON - DAY)
    await send_waiting(month.database, by_smtp, environment(), NOW)
    assert [letter["Subject"] for _, letter in post_office.letters] == ["One day to go: A day for libraries"]


def test_an_address_says_what_it_is_about_and_none_can_be_invented() -> None:
    for kind in ("b", "r"):
        subject = new_id()
        address = return_address("bounces@events.example", "secret", kind, subject)
        assert subject_of("bounces@events.example", "secret", address.upper()) == (kind, subject)
        assert subject_of("bounces@events.example", "another", address) is None
        assert subject_of("bounces@events.example", "secret", address.replace("+" + kind, "+" + ("r" if kind == "b" else "b"))) is None
        assert subject_of("other@events.example", "secret", address) is None
    assert [
        subject_of("bounces@events.example", "secret", odd)
        for odd in ("", "@", "bounces+@events.example", "bounces+b" + "1" * 34 + "@events.example")
    ] == [None] * 4
