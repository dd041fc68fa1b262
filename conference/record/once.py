"""A form that comes twice is one act and one answer: by a double click, in two processes, after a kill between the commit and the answer.

Every form carries a key (web/once_field.py). Its row is written in the transaction of what the form does, with the answer; so they
are on the disk together. Answers that are kept: where to go next with its sentence, pages, and for a minute refusals. A form that
comes back with its mistakes has done nothing and has a new key.
"""

from uuid import UUID

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from conference.errors import Refusal
from conference.record.keys import NO_STANDS, Answered, Asking, answered, drop_key, keep_answer, take_keys
from conference.storage.database import Database, Db
from conference.storage.gathering import Gathering
from conference.web.act import Act, Own
from conference.web.cookies import SIGN_IN, cookie
from conference.web.error_pages import refused
from conference.web.request import House, real_now, visitor
from conference.web.sent import Answer, Sent, sent_form

DONE = 400  # from this status on nothing was done


class Before(Exception):
    """This form was answered already. Neither a refusal nor a fault: no view catches it."""

    def __init__(self, row: Answered) -> None:
        super().__init__()
        self.row = row


class AnswersOnce:
    """Middleware: gives each form one transaction (`web/act.py`), and its answer again to whoever sends it again."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._known: Gathering[str, Answered] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sent = await sent_form(scope, receive)
        if sent is None:
            await self.app(scope, receive, send)
            return
        here: House = scope["app"].state.house
        key = Key(Request(scope), sent) if sent.key else None
        answer = await self._answer(here, key, scope, sent.again(receive))
        await answer.give(send)

    async def _answer(self, here: House, key: "Key | None", scope: Scope, receive: Receive) -> Answer:
        if key and (row := await self._row_of(here.database, key)):
            return await key.again(row)
        act = scope["act"] = Act(Own(here.database), key.take if key else _nothing)
        answer = Answer()
        try:
            await self.app(scope, receive, answer)
            await _finish(act, key, answer, scope.get("refused"))
        except Before as before:
            assert key
            return await key.again(before.row)
        finally:
            await act.leave()
        if key and answer.status >= DONE and (row := await self._row_of(here.database, key)):
            return await key.again(row)  # the same form was under way, and ended well while this one looked
        return answer

    async def _row_of(self, database: Database, key: "Key") -> Answered | None:
        if self._known is None:
            self._known = Gathering(lambda prints: _rows(database, prints))
        row = await self._known.find(key.asking.fingerprint)
        return row if row and key.stands(row) else None


class Key:
    """One form, and the row that is written for it."""

    def __init__(self, request: Request, sent: Sent) -> None:
        device, query = cookie(request, SIGN_IN).encode(), request.scope["query_string"]
        path = request.url.path.encode()
        self.request = request
        self.asking = Asking(b"\0".join((device, path, query, sent.body)), visitor(request).person_id)
        self._row_id: UUID | None = None

    def stands(self, row: Answered) -> bool:
        return not row.refused or row.made_at > real_now(self.request) - NO_STANDS

    async def take(self, db: Db) -> None:
        """Raises Before where another was quicker."""
        [row_id] = await take_keys(db, [self.asking], real_now(self.request))
        if row_id is None:
            raise Before((await answered(db, [self.asking.fingerprint]))[self.asking.fingerprint])
        self._row_id = row_id

    async def keep(self, db: Db, answer: Answer) -> None:
        assert self._row_id
        if answer.status >= DONE:
            await drop_key(db, self._row_id)
        else:
            await keep_answer(db, self._row_id, self.asking.sealed(self._row_id, answer.packed()))

    async def keep_refusal(self, db: Db, no: Refusal) -> None:
        assert self._row_id
        words = "\0".join((str(no.status), no.code, no.sentence)).encode()
        await keep_answer(db, self._row_id, self.asking.sealed(self._row_id, words), refused=True)

    async def again(self, row: Answered) -> Answer:
        kept = self.asking.sealed(row.id, row.answer)
        if not row.refused:
            return Answer.unpacked(kept)
        status, code, sentence = kept.decode().split("\0", 2)
        no = Refusal(sentence)
        no.status, no.code = int(status), code
        answer = Answer()
        page = await refused(self.request, no)
        await page(self.request.scope, self.request.receive, answer)
        return answer


async def _finish(act: Act, key: Key | None, answer: Answer, no: Refusal | None) -> None:
    """`no`: the refusal that the answer is."""
    if act.db is None and key and no and no is act.refusal:
        await key.keep_refusal(await act.again(), no)
    elif act.db is not None and key:
        await key.keep(act.db, answer)
    await act.commit()


async def _rows(database: Database, prints: object) -> dict[str, Answered]:
    async with database.reading() as db:
        return dict(await answered(db, prints))  # type: ignore[arg-type]


async def _nothing(db: Db) -> None:
    """A form without a key leaves nothing of its own."""
