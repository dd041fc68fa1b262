"""Commands of one stage are committed together: whoever comes while a transaction is under way shares the next one.

Each command is still decided on its own, after those before it, and acknowledged after the commit that holds it.
"""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from conference.errors import Refusal
from conference.live.actions import Recorded
from conference.live.commands import Command, TakingPart
from conference.live.messages import Acknowledged
from conference.storage.database import Database, Db
from conference.web.request import Visitor

TOGETHER = 50  # commands in one transaction
GATHER = 0.05  # seconds between the beginnings of two transactions: the first command goes at once, a storm goes together
NO_USE = (OperationalError, PoolTimeout, OSError)  # the database is away or stuck: the next try would be too
LAST_WORDS = 2.0  # seconds for what is being written when the house stops
log = logging.getLogger("conference.live")


@dataclass(slots=True)
class Waiting:
    """A command on its way to the disk."""

    who: Visitor
    command: Command
    answer: asyncio.Future[Acknowledged]


Record = Callable[[Db, UUID, Sequence[Waiting]], Awaitable[list[Recorded | Refusal]]]


@dataclass(slots=True)
class Queue:
    """What waits for one stage. Moderators' commands first: a storm of votes or reactions must not keep a question off the stage."""

    urgent: deque[Waiting] = field(default_factory=deque)
    others: deque[Waiting] = field(default_factory=deque)

    def add(self, waiting: Waiting) -> None:
        (self.others if isinstance(waiting.command, TakingPart) else self.urgent).append(waiting)

    def __len__(self) -> int:
        return len(self.urgent) + len(self.others)

    def take(self) -> list[Waiting]:
        some = [self.urgent.popleft() for _ in range(min(len(self.urgent), TOGETHER))]
        return some + [self.others.popleft() for _ in range(min(len(self.others), TOGETHER - len(some)))]


class Writer:
    """`record` decides and writes commands down, all or none; `publish` tells of each after the commit."""

    def __init__(self, database: Database, record: Record, publish: Callable[[UUID, Recorded], None]) -> None:
        self.database, self.record, self.publish = database, record, publish
        self._waiting: dict[UUID, Queue] = defaultdict(Queue)
        self._work: dict[UUID, asyncio.Task[Any]] = {}

    async def write(self, session_id: UUID, who: Visitor, command: Command) -> Acknowledged:
        """Carry the command out, once. Raises Refusal. Whoever stops waiting for the answer stops nothing: it is all or nothing."""
        answer: asyncio.Future[Acknowledged] = asyncio.get_running_loop().create_future()
        self._waiting[session_id].add(Waiting(who, command, answer))
        if session_id not in self._work:
            self._work[session_id] = asyncio.create_task(self._write_all(session_id))
        return await answer

    async def stop(self) -> None:
        """What is being written is finished."""
        if self._work:
            _, stuck = await asyncio.wait(self._work.values(), timeout=LAST_WORDS)
            for task in stuck:  # waits for a lock that somebody else holds: nothing of it was acknowledged
                task.cancel()

    async def _write_all(self, session_id: UUID) -> None:
        waiting = self._waiting[session_id]
        try:
            while some := waiting.take():
                began = asyncio.get_running_loop().time()
                await self._write(session_id, some)
                if len(waiting) < TOGETHER:
                    await asyncio.sleep(began + GATHER - asyncio.get_running_loop().time())
        finally:
            del self._work[session_id], self._waiting[session_id]

    async def _write(self, session_id: UUID, some: list[Waiting], *, alone: bool = False) -> None:
        """One transaction. Where it fails, each command gets one of its own, so that none suffers for another."""
        try:
            done = await self._commit(session_id, some)
        except Exception as fault:
            for each in some:
                if alone or isinstance(fault, NO_USE):
                    _answer(each, fault)
                else:
                    await self._write(session_id, [each], alone=True)
            return
        for each, outcome in zip(some, done, strict=True):
            _answer(each, outcome.answer if isinstance(outcome, Recorded) else outcome)
        for outcome in done:
            if isinstance(outcome, Recorded):
                self._tell(session_id, outcome)

    def _tell(self, session_id: UUID, recorded: Recorded) -> None:
        """What can't be told is found in the log by whoever looks."""
        try:
            self.publish(session_id, recorded)
        except Exception:
            log.exception("what was recorded could not be told")

    async def _commit(self, session_id: UUID, some: list[Waiting]) -> list[Recorded | Refusal]:
        async with self.database.writing() as db:
            return await self.record(db, session_id, some)


def _answer(waiting: Waiting, outcome: Acknowledged | Exception) -> None:
    if waiting.answer.done():  # nobody waits for it any more
        return
    if isinstance(outcome, Exception):
        waiting.answer.set_exception(outcome)
    else:
        waiting.answer.set_result(outcome)
