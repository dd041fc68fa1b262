"""Where a form's act is written, with its key and its answer: in a transaction of its own, or at the counter with others."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.requests import Request

from conference.errors import Refusal
from conference.record.keys import NO_STANDS, Answered, Asking, answered, drop_keys, keep_answers, take_keys
from conference.storage.counter import Turn
from conference.storage.database import Database, Db
from conference.web.cookies import SIGN_IN, cookie
from conference.web.error_pages import refused
from conference.web.request import real_now, visitor
from conference.web.sent import Answer, Sent

DONE = 400  # from this status on nothing was done
MOST_KEPT = 1024 * 1024  # bytes of an answer; a longer one, such as all that is kept about somebody, is made anew
Ahead = Callable[[Db, Mapping[str, Any], Sequence[UUID]], Awaitable[None]]


class Before(Exception):
    """This form was answered already. Neither a refusal nor a fault: no view catches it."""

    def __init__(self, row: Answered) -> None:
        super().__init__()
        self.row = row


class Key:
    """One form that was sent, and the row that is written for it; without a key of its own it leaves none."""

    def __init__(self, request: Request, sent: Sent) -> None:
        self.request = request
        self.given = bool(sent.key)
        device, path, query = cookie(request, SIGN_IN).encode(), request.url.path.encode(), request.scope["query_string"]
        self.asking = Asking(b"\0".join((device, path, query, sent.body)), visitor(request).person_id)
        self.row_id: UUID | None = None
        self.sealed: bytes | None = None  # what is to be kept
        self.refused = False

    def stands(self, row: Answered) -> bool:
        return not row.refused or row.made_at > real_now(self.request) - NO_STANDS

    def keep(self, answer: Answer) -> None:
        """A form that comes back with its mistakes has done nothing: it is not kept. Nor is a long one."""
        if self.row_id and answer.status < DONE and answer.size <= MOST_KEPT:
            self.sealed = self.asking.sealed(self.row_id, answer.packed())

    def keep_refusal(self, no: Refusal) -> None:
        if self.row_id:
            words = "\0".join((str(no.status), no.code, no.sentence)).encode()
            self.sealed, self.refused = self.asking.sealed(self.row_id, words), True

    async def again(self, row: Answered) -> Answer:
        """The answer that was given before."""
        kept = self.asking.sealed(row.id, row.answer)
        if not row.refused:
            return Answer.unpacked(kept)
        status, code, sentence = kept.decode().split("\0", 2)
        no = Refusal(sentence)
        no.status, no.code = int(status), code
        answer, page = Answer(), await refused(self.request, no)
        await page(self.request.scope, self.request.receive, answer)
        return answer


class Alone:
    """A transaction of this act alone."""

    def __init__(self, database: Database, key: Key) -> None:
        self.database, self.key = database, key
        self._open: AsyncExitStack | None = None

    async def open(self) -> Db:
        self._open = AsyncExitStack()
        self._db = await self._open.enter_async_context(self.database.writing())
        await take(self._db, [self.key])
        return self._db

    async def undo(self, why: BaseException) -> None:
        stack, self._open = self._open, None
        if stack:
            await stack.__aexit__(type(why), why, why.__traceback__)

    async def commit(self, answer: Answer, no: Refusal | None) -> None:
        if no:
            if not self.key.given:
                return
            await self.open()
            self.key.keep_refusal(no)
        else:
            self.key.keep(answer)
        assert self._open
        await settle(self._db, [self.key])
        stack, self._open = self._open, None
        await stack.aclose()

    async def leave(self) -> None:
        await self.undo(RuntimeError("the act was not finished"))


@dataclass(slots=True)
class Errand:
    """What somebody comes to the counter for."""

    key: Key
    ahead: Ahead  # what must be locked first, for all whose errands share a transaction
    path: Mapping[str, Any]


class AtCounter:
    """A part of a transaction that is shared with whoever comes at the same time."""

    def __init__(self, turn: Turn[Errand], told: Callable[[], None]) -> None:
        self.turn, self._told = turn, told

    async def open(self) -> Db:
        self._told()
        return await self.turn.open()

    async def undo(self, why: BaseException) -> None:
        """The next one is served at once, while this one's answer is made."""
        self.turn.undo(why)
        if isinstance(why, Refusal):
            self.turn.about.key.keep_refusal(why)
        self.turn.leave()

    async def commit(self, answer: Answer, no: Refusal | None) -> None:
        if no is None:
            self.turn.about.key.keep(answer)
        await self.turn.commit()

    async def leave(self) -> None:
        if not self.turn.over.done():
            self.turn.undo(RuntimeError("the act was not finished"))
            self.turn.leave()


async def begin(db: Db, turns: Sequence[Turn[Errand]]) -> None:
    """Take all keys, and what must be locked in one order everywhere."""
    for turn, row in zip(turns, await known_before(db, [turn.about.key for turn in turns]), strict=True):
        if row:
            turn.fail(Before(row))
    people = sorted({person for turn in turns if (person := turn.about.key.asking.person_id)})
    await turns[0].about.ahead(db, turns[0].about.path, people)


async def end(db: Db, turns: Sequence[Turn[Errand]]) -> None:
    await settle(db, [turn.about.key for turn in turns])


async def take(db: Db, keys: Sequence[Key]) -> None:
    """Raises Before where one was answered already."""
    for row in await known_before(db, keys):
        if row:
            raise Before(row)


async def known_before(db: Db, keys: Sequence[Key]) -> list[Answered | None]:
    """Take the keys; for each the row where it was taken and answered before."""
    given = [key for key in keys if key.given]
    if not given:
        return [None] * len(keys)
    for key, row_id in zip(given, await take_keys(db, [key.asking for key in given], real_now(given[0].request)), strict=True):
        key.row_id = row_id
    lost = [key.asking.fingerprint for key in given if key.row_id is None]
    rows = await answered(db, lost) if lost else {}
    return [rows[key.asking.fingerprint] if key.given and key.row_id is None else None for key in keys]


async def settle(db: Db, keys: Sequence[Key]) -> None:
    """Write down what was answered; the key of an answer that isn't kept is as if it had not been sent."""
    ours = [key for key in keys if key.row_id]
    kept = [(key.row_id, key.sealed, key.refused) for key in ours if key.row_id and key.sealed is not None]
    await keep_answers(db, kept)
    await drop_keys(db, [key.row_id for key in ours if key.row_id and key.sealed is None])
