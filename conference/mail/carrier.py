"""One kept connection to the mail server, and the exact moment at which a mail is handed over.

The last bytes of a mail (the line with a dot) leave alone, after `hand_over` has written down that they do. So three things can be told
apart: nothing was taken (try again), the server said no (`Refused`), or it has all and no answer came (`NoAnswer`: never again by itself).
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import cast
from urllib.parse import unquote, urlsplit

import aiosmtplib

from conference.settings import Settings

PATIENCE = 20.0  # seconds for a connection and for each command
ANSWER_PATIENCE = 300.0  # for the answer to a whole mail: servers that look for viruses take minutes (RFC 5321 4.5.3.2.6)
RESTS = 10.0  # seconds without mail after which a connection is closed
IDLE = 60.0  # after which a kept connection is not trusted any more
GOING, COMPLETED, CLOSING = 354, 250, 421
_DEAD = re.compile(r"\b5\.(1\.\d+|2\.1)\b")  # RFC 3463: no such mailbox, no such domain, mailbox disabled
_ENHANCED = re.compile(r"\b5\.\d+\.\d+\b")


class Refused(Exception):
    """The server said no. `about_mail`: to this mail or its address, not to us."""

    def __init__(self, code: int, words: str, *, about_mail: bool, about_address: bool = False) -> None:
        super().__init__(f"{code} {words}")
        self.permanent = code >= 500 and about_mail
        self.dead_address = about_address and self.permanent and is_dead(code, words)


class NoAnswer(Exception):
    """The server has the whole mail, and did not say what it did with it."""


class NotOurs(Exception):
    """Somebody else has taken this mail up meanwhile."""


def is_dead(code: int, words: str) -> bool:
    """Whether a refusal says that there is no such mailbox, rather than that it is full or does not like us."""
    if _ENHANCED.search(words):
        return bool(_DEAD.search(words))
    return code in (550, 551, 553)


class Carrier:
    """Carries one mail at a time; opens its connection when it is needed, and keeps it while there is mail."""

    def __init__(self, settings: Settings) -> None:
        self.server = urlsplit(settings.mail_url)
        self.client: aiosmtplib.SMTP | None = None
        self.used_at = 0.0

    async def carry(self, sender: str, to: str, raw: bytes, hand_over: Callable[[], Awaitable[bool]]) -> None:
        """Raises Refused, NoAnswer, NotOurs; OSError or SMTPException where nothing was taken."""
        client = await self._begun(sender)
        try:
            try:
                await client.rcpt(to)
            except aiosmtplib.SMTPRecipientRefused as no:
                raise Refused(no.code, no.message, about_mail=no.code != CLOSING, about_address=True) from no
            await self._data(client, raw, hand_over)
            self.used_at = monotonic()
        except Refused:
            await self._start_over()
            raise
        except BaseException:
            self.close()
            raise

    async def rest(self) -> None:
        """Say goodbye when nothing was carried for a while."""
        if self.client and monotonic() - self.used_at > RESTS:
            with suppress(aiosmtplib.SMTPException, OSError):
                await self.client.quit(timeout=1)
            self.close()

    def close(self) -> None:
        if self.client:
            self.client.close()
        self.client = None

    async def _begun(self, sender: str) -> aiosmtplib.SMTP:
        """A connection that has taken the sender. A kept one that was closed meanwhile is opened again: nothing was lost by it."""
        kept = self.client is not None and self.client.is_connected and monotonic() - self.used_at < IDLE
        if kept and self.client:
            try:
                await self.client.mail(sender)
                return self.client
            except (aiosmtplib.SMTPException, OSError):
                self.close()
        self.close()
        self.client = await self._opened()
        try:
            await self.client.mail(sender)
        except aiosmtplib.SMTPSenderRefused as no:
            self.close()
            raise Refused(no.code, no.message, about_mail=False) from no
        return self.client

    async def _opened(self) -> aiosmtplib.SMTP:
        server = self.server
        client = aiosmtplib.SMTP(
            hostname=server.hostname or "",
            port=server.port or (465 if server.scheme == "smtps" else 25),
            username=unquote(server.username) if server.username else None,
            password=unquote(server.password) if server.password else None,
            use_tls=server.scheme == "smtps",
            timeout=PATIENCE,
        )
        await client.connect()
        return client

    async def _data(self, client: aiosmtplib.SMTP, raw: bytes, hand_over: Callable[[], Awaitable[bool]]) -> None:
        begun = await client.execute_command(b"DATA")
        if begun.code != GOING:
            raise Refused(begun.code, begun.message, about_mail=begun.code != CLOSING)
        line = client.protocol
        if line is None or line.transport is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        line.write(_stuffed(raw))
        await _left(line.transport)
        if not await hand_over():
            raise NotOurs
        line.write(b".\r\n")
        try:
            answer = await line.read_response(timeout=ANSWER_PATIENCE)
        except (aiosmtplib.SMTPException, OSError) as lost:
            raise NoAnswer(str(lost)) from lost
        if answer.code != COMPLETED:
            raise Refused(answer.code, answer.message, about_mail=answer.code != CLOSING)

    async def _start_over(self) -> None:
        with suppress(aiosmtplib.SMTPException, OSError):
            if self.client:
                await self.client.rset()
                self.used_at = monotonic()
                return
        self.close()


async def _left(transport: asyncio.BaseTransport) -> None:
    """Wait until all that was written has left this process: what is still here would be lost with it."""
    writes = cast("asyncio.WriteTransport", transport)  # uvloop's is one without saying so
    async with asyncio.timeout(PATIENCE):
        while writes.get_write_buffer_size():  # noqa: ASYNC110 - a transport tells nobody
            await asyncio.sleep(0.005)


def _stuffed(raw: bytes) -> bytes:
    """Lines end in CRLF, and one that begins with a dot has two (RFC 5321 4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    whole = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
    return re.sub(rb"^\.", b"..", whole, flags=re.MULTILINE)
