"""A form that comes twice is one act and one answer: by a double click, in two processes, after a kill between the commit and the answer.

Every form carries a key (web/once_field.py). Its row is written in the transaction of what the form does, with the answer; so they
are on the disk together. Answers that are kept: where to go next with its sentence, pages, and for a minute refusals. A form that
comes back with its mistakes has done nothing and has a new key.
"""

import asyncio

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from conference.record.deeds import DONE, Alone, AtCounter, Before, Errand, Key
from conference.record.line_page import waiting_answer
from conference.record.under_way import Doing, UnderWay
from conference.storage.counter import Shared
from conference.web.act import Act, Transaction
from conference.web.counter import ahead_of
from conference.web.request import now
from conference.web.sent import Answer, sent_form


class AnswersOnce:
    """Middleware: gives each form one transaction (`web/act.py`), and its answer again to whoever sends it again."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sent = await sent_form(scope, receive)
        if sent is None:
            await self.app(scope, receive, send)
            return
        scope["arrived_at"] = now(Request(scope))  # before it waits for anything: a deadline asks
        here: UnderWay = scope["app"].state.under_way
        key = Key(Request(scope), sent)
        doing = here.same(key) or self._begin(here, Doing(key, sent), scope, receive)
        await asyncio.wait((doing.work, doing.long), return_when=asyncio.FIRST_COMPLETED)
        answer = doing.work.result() if doing.work.done() else await waiting_answer(Request(scope), doing)
        await answer.give(send)

    def _begin(self, here: UnderWay, doing: Doing, scope: Scope, receive: Receive) -> Doing:
        """In a task of its own: it goes on where its sender is asked to wait, or goes away."""
        doing.work = asyncio.create_task(self._answer(here, doing, scope, receive))
        here.remember(doing)
        return doing

    async def _answer(self, here: UnderWay, doing: Doing, scope: Scope, receive: Receive) -> Answer:
        if row := await here.row_of(doing.key):
            return await doing.key.again(row)
        fresh = dict(scope)
        try:
            try:
                return await self._act(here, doing, scope, receive)
            except Shared:  # others' trouble: once more, without them
                scope.clear()
                scope.update(fresh)
                return await self._act(here, doing, scope, receive, alone=True)
        except Before as before:
            return await doing.key.again(before.row)

    async def _act(self, here: UnderWay, doing: Doing, scope: Scope, receive: Receive, *, alone: bool = False) -> Answer:
        def transaction() -> Transaction:
            ahead = None if alone else ahead_of(scope["endpoint"])
            if ahead is None:
                return Alone(here.database, doing.key)
            doing.turn = here.counter.turn(scope["path"], Errand(doing.key, ahead, scope["path_params"]))
            return AtCounter(doing.turn, lambda: here.joined(doing))

        act = scope["act"] = Act(transaction)
        answer = Answer()
        try:
            await self.app(scope, doing.sent.again(receive), answer)
            kept = await act.finish(answer, scope.get("refused"))
        finally:
            await act.leave()
        if not kept and answer.status >= DONE and (row := await here.row_of(doing.key)):
            return await doing.key.again(row)  # the same form was under way elsewhere, and ended well while this one looked
        return answer
