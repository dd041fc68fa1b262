"""What one sent form does: a transaction that stays open until the answer is made, so that both are on the disk, or neither."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from conference.errors import Refusal
from conference.storage.database import Database, Db
from conference.web.sent import Answer

Then = Callable[[], Awaitable[None] | None]


class Transaction(Protocol):
    """Where an act writes: a transaction of its own, or its part of one that many share."""

    async def open(self) -> Db:
        """Raises what keeps the act from being done at all."""

    async def undo(self, why: BaseException) -> None:
        """Nothing of it was done."""

    async def commit(self, answer: Answer, no: Refusal | None) -> None:
        """What was done, and that it was answered so. `no`: it was undone by this refusal, which is the answer."""

    async def leave(self) -> None:
        """Nothing more comes; what is open comes to nothing."""


class Act:
    """The transaction of one form, for whichever part of its view writes."""

    def __init__(self, choose: Callable[[], Transaction]) -> None:
        self._choose = choose
        self._transaction: Transaction | None = None
        self._then: list[Then] = []
        self._no: BaseException | None = None
        self.db: Db | None = None

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Db]:
        """A second block goes on in the same transaction. What raises here undoes all of it."""
        self._transaction = self._transaction or self._choose()
        try:
            if self.db is None:
                self.db = await self._transaction.open()
            yield self.db
            await self.db.flush()
        except BaseException as why:
            self.db, self._no = None, why
            await self._transaction.undo(why)
            raise

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Db]:
        """What the act has written so far is seen by whoever paints its answer."""
        assert self.db
        yield self.db

    def then(self, step: Then) -> None:
        self._then.append(step)

    async def finish(self, answer: Answer, refused: object) -> bool:
        """Commit. False where there was nothing to commit, and the answer is kept nowhere. `refused`: what the answer refuses with."""
        no = self._no if isinstance(self._no, Refusal) and self._no is refused else None
        if self._transaction is None or (self.db is None and no is None):
            return False
        self.db = None
        await self._transaction.commit(answer, no)
        for step in self._then:
            waits = step()
            if waits is not None:
                await waits
        return True

    async def leave(self) -> None:
        if self._transaction:
            await self._transaction.leave()


def reading_of(act: Act | None, database: Database) -> AbstractAsyncContextManager[Db]:
    return act.reading() if act and act.db else database.reading()


def writing_of(act: Act | None, database: Database) -> AbstractAsyncContextManager[Db]:
    return act.writing() if act else database.writing()
