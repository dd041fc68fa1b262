"""The forms that this process is carrying out, and the counter where many of them meet."""

import asyncio
import secrets
from collections.abc import Collection, Mapping

from conference.record.deeds import Errand, Key, begin, end
from conference.record.keys import Answered, answered
from conference.storage.counter import Counter, Turn
from conference.storage.database import Database
from conference.storage.gathering import Gathering
from conference.web.sent import Answer, Sent

MOST_IN_LINE = 1000  # who comes when so many wait gets the waiting page, and keeps their turn
REMEMBERED = 600.0  # seconds for which an answer is there for whoever was asked to wait for it


class Doing:
    """A form that is being carried out, whether or not anybody still waits for its answer."""

    work: asyncio.Task[Answer]

    def __init__(self, key: Key, sent: Sent) -> None:
        self.key, self.sent = key, sent
        self.ticket = key.asking.fingerprint if key.given else secrets.token_hex(32)
        self.long: asyncio.Future[None] = asyncio.get_running_loop().create_future()  # set when many others come first
        self.turn: Turn[Errand] | None = None

    @property
    def ahead(self) -> int:
        return self.turn.ahead if self.turn else 0


class UnderWay:
    """One for each process."""

    def __init__(self, database: Database, most_in_line: int = MOST_IN_LINE) -> None:
        self.database, self.most_in_line = database, most_in_line
        self.counter = Counter(database, begin, end)
        self._doing: dict[str, Doing] = {}
        self._known = Gathering(self._answered)

    def same(self, key: Key) -> Doing | None:
        """The very same form, on its way already: whoever sends it again waits for the same answer."""
        return self._doing.get(key.asking.fingerprint) if key.given else None

    def found(self, ticket: str) -> Doing | None:
        return self._doing.get(ticket)

    async def row_of(self, key: Key) -> Answered | None:
        """What the database knows of this form, from whichever process."""
        row = await self._known.find(key.asking.fingerprint) if key.given else None
        return row if row and key.stands(row) else None

    async def is_done(self, ticket: str) -> bool:
        return await self._known.find(ticket) is not None

    def remember(self, doing: Doing) -> None:
        """Until it is done; longer, where somebody was told to come back for its answer."""
        self._doing[doing.ticket] = doing
        doing.work.add_done_callback(lambda _: self._done(doing))

    def joined(self, doing: Doing) -> None:
        """It stands in line: where that is long, nobody has to wait on an open connection."""
        if self.counter.waiting >= self.most_in_line and not doing.long.done():
            doing.long.set_result(None)

    async def stop(self) -> None:
        await self.counter.stop()

    def _done(self, doing: Doing) -> None:
        if doing.long.done():
            asyncio.get_running_loop().call_later(REMEMBERED, self._doing.pop, doing.ticket, None)
        else:
            self._doing.pop(doing.ticket, None)

    async def _answered(self, prints: Collection[str]) -> Mapping[str, Answered]:
        async with self.database.reading() as db:
            return await answered(db, prints)
