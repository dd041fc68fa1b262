"""The counter: acts that come at the same time share a transaction, and are answered after the commit that holds them.

Whoever comes first is served at once; who comes meanwhile stands in line for the next transaction. There is a line for each subject (a
session's seats, an event's places), so that a transaction holds the locks of one of them only. One's trouble is not another's: what
fails is taken back, or (where it is in the database already) all are told, and try again alone.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextlib import suppress
from typing import Any, Generic, TypeVar

from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from conference.storage.database import Database, Db
from conference.storage.remembering import Remembering
from conference.storage.together import Together

TOGETHER = 64  # acts in one transaction: others who write wait for its end
LAST_WORDS = 5.0  # seconds for those in line when the house stops
DEADLOCK = "40P01"
NO_USE = (OperationalError, PoolTimeout, OSError)  # the database is away or stuck: the next try would be too
T = TypeVar("T")


class Closed(Exception):
    """The house stops: this act was not done."""


class Shared(Exception):
    """What this act shared with others failed: nothing of it was done, and it may be tried alone."""


def told(wrong: BaseException) -> BaseException:
    """A database that is away is away for each of them; what else failed may be the fault of one."""
    if isinstance(wrong, NO_USE) and not _is_deadlock(wrong):
        return wrong
    told = Shared() if isinstance(wrong, Exception) else Closed()
    told.__cause__ = wrong
    return told


def _is_deadlock(wrong: BaseException) -> bool:
    """PostgreSQL chose this transaction, of two that waited for each other, to make way: alone it finds the way free."""
    return getattr(getattr(wrong, "orig", None), "sqlstate", "") == DEADLOCK


class Turn(Generic[T]):
    """One act's part of a shared transaction. `about` is the act's own business, for `begin` and `end` of its counter."""

    def __init__(self, line: "Line[T]", about: T) -> None:
        self.line, self.about = line, about
        loop = asyncio.get_running_loop()
        self.mine: asyncio.Future[Db] = loop.create_future()
        self.over: asyncio.Future[None] = loop.create_future()
        self.shared: asyncio.Future[None] = loop.create_future()
        self._shared: SharedTransaction | None = None
        self._asked = False
        self._number = 0

    @property
    def ahead(self) -> int:
        """How many come first."""
        return max(self._number - self.line.served - 1, 0)

    async def open(self) -> Db:
        """My turn. After `undo` it goes on, without what was undone."""
        if not self._asked:
            self._asked = True
            self._number = self.line.join(self)
        return await self.mine

    def undo(self, why: BaseException) -> None:
        if self._shared and not self.over.done():
            self._shared.take_back(why)

    async def commit(self) -> None:
        """Let the next one have their turn, and wait until all of it is on the disk. Raises what kept it from being so."""
        self.leave()
        await self.shared

    def leave(self) -> None:
        """Nothing more from me."""
        if not self.over.done():
            self.over.set_result(None)

    def fail(self, wrong: BaseException) -> None:
        for waits in (self.mine, self.shared):
            if not waits.done():
                waits.set_exception(wrong)
                waits.exception()  # who has gone away does not hear it

    async def have(self, shared: "SharedTransaction") -> None:
        if self.mine.done():  # told already, or not wanted any more
            return
        shared.begin_act()
        self._shared = shared
        self.mine.set_result(shared.db)
        await self.over


class SharedTransaction:
    """One act after the other. What one of them did is taken back in memory; what is in the database already, only with all of it."""

    def __init__(self, db: Db, session: Together) -> None:
        self.db, self._session = db, session
        self.broken: BaseException | None = None

    def begin_act(self) -> None:
        self._session.begin_act()

    def take_back(self, why: BaseException) -> None:
        """After an error of the database nobody knows what the transaction still holds."""
        if isinstance(why, NO_USE):
            self.broken = why
        elif not isinstance(why, Exception) or isinstance(why, SQLAlchemyError) or not self._session.take_back():
            self.broken = Shared()

    async def end(self) -> None:
        if self.broken:
            raise self.broken
        await self.db.run_sync(lambda _: self._session.write())


Step = Callable[[Db, Sequence[Turn[T]]], Awaitable[None]]


class Line(Generic[T]):
    """Who waits for one subject."""

    def __init__(self, counter: "Counter[T]", subject: Hashable) -> None:
        self.counter, self.subject = counter, subject
        self.waiting: deque[Turn[T]] = deque()
        self.served = 0

    def join(self, turn: Turn[T]) -> int:
        """The turn's number."""
        if self.counter.closed:
            turn.fail(Closed())
            return 0
        self.waiting.append(turn)
        self.counter.serve(self)
        return self.served + len(self.waiting)

    def take(self) -> list[Turn[T]]:
        some = [self.waiting.popleft() for _ in range(min(len(self.waiting), TOGETHER))]
        self.served += len(some)
        return some


class Counter(Generic[T]):
    """`begin` is given the turns of a transaction before the first of them, `end` after the last, before the commit."""

    def __init__(self, database: Database, begin: Step[T], end: Step[T]) -> None:
        self.database, self._begin, self._end = database, begin, end
        self.closed = False
        self._lines: dict[Hashable, Line[T]] = {}
        self._work: dict[Hashable, asyncio.Task[Any]] = {}

    def turn(self, subject: Hashable, about: T) -> Turn[T]:
        return Turn(self._lines.setdefault(subject, Line(self, subject)), about)

    @property
    def waiting(self) -> int:
        return sum(len(line.waiting) for line in self._lines.values())

    def serve(self, line: Line[T]) -> None:
        if line.subject not in self._work:
            self._work[line.subject] = asyncio.create_task(self._serve(line))

    async def stop(self) -> None:
        """Nobody joins any more; those in line are served while there is time."""
        self.closed = True
        if self._work:
            _, stuck = await asyncio.wait(self._work.values(), timeout=LAST_WORDS)
            for task in stuck:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*stuck, return_exceptions=True)

    async def _serve(self, line: Line[T]) -> None:
        try:
            while some := line.take():
                await self._serve_some(some)
        finally:
            for turn in line.waiting:
                turn.fail(Closed())
            del self._work[line.subject], self._lines[line.subject]

    async def _serve_some(self, some: list[Turn[T]]) -> None:
        try:
            async with self.database.writing(Together) as db:
                session = db.sync_session
                assert isinstance(session, Together)
                Remembering(db)
                shared = SharedTransaction(db, session)
                await self._begin(db, some)
                for turn in some:
                    if not shared.broken:
                        await turn.have(shared)
                await shared.end()
                await self._end(db, some)
        except BaseException as wrong:
            for turn in some:
                turn.fail(told(wrong))
            if not isinstance(wrong, Exception):
                raise
        for turn in some:
            if not turn.shared.done():
                turn.shared.set_result(None)
