"""A real SMTP server, and how it may misbehave."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from tests.servers import free_port

Letter = tuple[str, EmailMessage]


@dataclass
class PostOffice:
    """What it took in. `refuses` makes it say no for now; `dead` are addresses that it does not know."""

    port: int
    letters: list[Letter] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    greetings: int = 0
    refuses: bool = False
    dead: frozenset[str] = frozenset()
    hangs_up: bool = False  # takes the whole mail, and is gone without an answer
    answers_after: float = 0.0  # seconds
    gate: threading.Event | None = None  # it waits for this before it takes an address
    waiting: threading.Event = field(default_factory=threading.Event)

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> list[str]:  # noqa: N802
        self.greetings += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        gate, self.gate = self.gate, None
        if gate:
            self.waiting.set()
            await asyncio.to_thread(gate.wait, 10)
        if address in self.dead:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 yes"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuses:
            return "451 not now"
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.letters.append((envelope.rcpt_tos[0], message))
        self.senders.append(envelope.mail_from)
        if self.hangs_up:
            server.transport.abort()
        if self.answers_after:
            await asyncio.sleep(self.answers_after)
        return "250 taken"


@contextmanager
def open_office() -> Iterator[PostOffice]:
    office = PostOffice(free_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    yield office
    controller.stop()


def text_of(letter: EmailMessage) -> str:
    return part_of(letter, "plain")


def html_of(letter: EmailMessage) -> str:
    return part_of(letter, "html")


def part_of(letter: EmailMessage, kind: str) -> str:
    part = next(part for part in letter.walk() if part.get_content_type() == ("text/" + kind))
    content: str = part.get_content()
    return content.replace("\r\n", "\n")
