"""What one sent form does: a transaction that stays open until the answer is made, so that both are on the disk, or neither."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Protocol

from conference.errors import Refusal
from conference.storage.database import Database, Db

Then = Callable[[], Awaitable[None] | None]


class Transaction(Protocol):
    """Where an act writes: a transaction of its own, or a part of one that many share."""

    async def open(self) -> Db: ...
    async def undo(self, why: BaseException) -> None: ...
    async def commit(self) -> None: ...


class Own:
    """A transaction of this act alone."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._open: AsyncExitStack | None = None

    async def open(self) -> Db:
        stack = AsyncExitStack()
        db = await stack.enter_async_context(self.database.writing())
        self._open = stack
        return db

    async def undo(self, why: BaseException) -> None:
        stack, self._open = self._open, None
        if stack:
            await stack.__aexit__(type(why), why, why.__traceback__)

    async def commit(self) -> None:
        stack, self._open = self._open, None
        if stack:
            await stack.aclose()


class Act:
    """`began` is called first thing in the transaction; what it raises keeps the act from being done."""

    def __init__(self, transaction: Transaction, began: Callable[[Db], Awaitable[None]]) -> None:
        self.transaction, self._began = transaction, began
        self.db: Db | None = None
        self.refusal: Refusal | None = None  # it was refused while it wrote: nothing of it was done
        self._then: list[Then] = []

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Db]:
        """The act's transaction, opened where it is not; a second block goes on in it. What raises here undoes all of it."""
        try:
            yield self.db or await self.again()
            assert self.db
            await self.db.flush()
        except BaseException as why:
            self.db = None
            self.refusal = why if isinstance(why, Refusal) else None
            await self.transaction.undo(why)
            raise

    async def again(self) -> Db:
        """Open the transaction, where it is not yet or came to nothing."""
        self.refusal = None
        self.db = await self.transaction.open()
        await self._began(self.db)
        return self.db

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Db]:
        """What the act has written so far is seen by whoever paints its answer."""
        assert self.db
        yield self.db

    def then(self, step: Then) -> None:
        self._then.append(step)

    async def commit(self) -> None:
        if self.db is None:
            return
        self.db = None
        await self.transaction.commit()
        for step in self._then:
            waits = step()
            if waits is not None:
                await waits

    async def leave(self) -> None:
        """Whatever is still open comes to nothing."""
        if self.db is not None:
            self.db = None
            await self.transaction.undo(RuntimeError("the act was not finished"))


def reading_of(act: Act | None, database: Database) -> AbstractAsyncContextManager[Db]:
    return act.reading() if act and act.db else database.reading()


def writing_of(act: Act | None, database: Database) -> AbstractAsyncContextManager[Db]:
    return act.writing() if act else database.writing()
