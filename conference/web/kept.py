"""Answers that everybody gets alike, kept as bytes until what they show has changed: a reader costs a look-up.

A view says what its answer shows (`shown`); the bytes are kept as they went out, compressed. Who is signed in, or is being told
something, or shows a token, is never answered from here and leaves nothing here.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TypeVar

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from conference.clock import Clock
from conference.storage.database import Database, Db
from conference.tags import has_tag, tag_of
from conference.web.asked import Asked, asked_of
from conference.web.request import house, visitor

LOOK_AGAIN = 1.0  # seconds until the database is asked again what another process may have changed
QUARTER = timedelta(minutes=15)  # zones change their clocks at such moments, and at no others
MINUTE = timedelta(minutes=1)
BEGINNING = datetime.min.replace(tzinfo=UTC)  # what quarters and minutes are counted from
HASTE = timedelta(seconds=5)  # an answer that took longer is not kept: somebody may have moved a rehearsal's clock meanwhile
MOST_BYTES = 32 * 1024 * 1024
MOST_ANSWERS = 4000  # of small ones their headers and keys weigh more than they do
AS_IN_304 = (b"etag", b"cache-control", b"vary", b"access-control-allow-origin", b"access-control-expose-headers")
NEVER = (float("-inf"), -1, None)  # when, after how many commits, what
Read = Callable[[Db], Awaitable[Hashable]]
Answer = TypeVar("Answer", bound=Response)


@dataclass(frozen=True, slots=True)
class Showing:
    """What an answer shows. While `read` still gives `state`, and the clock has not come to `until`, it would be the same again."""

    subject: Hashable  # names what is read, such as ("event", its id)
    state: Hashable  # read in the transaction that the answer was made from
    read: Read = field(compare=False)
    at: datetime  # what the domain's clock said when it was made
    until: datetime | None = None  # on the same clock


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it went out."""

    shows: Showing
    offset: timedelta | None  # the rehearsal's, when it was made
    until: datetime
    route: object
    etag: str
    start: Message
    body: Message
    not_modified: Message

    async def answer(self, asked: Asked, send: Send) -> None:
        if asked.if_none_match and has_tag(self.etag, asked.if_none_match):
            await send({**self.not_modified, "headers": list(self.not_modified["headers"])})
            await send({"type": "http.response.body", "body": b""})
            return
        await send({**self.start, "headers": list(self.start["headers"])})  # layers around us add to the list
        await send(self.body)


class Watch:
    """What things are now: as this process left them, or as they were in the database a second ago."""

    def __init__(self, database: Database) -> None:
        self._database, self._commits = database, 0  # of this process: what it read before may be old
        database.listen(self._committed)
        self._known: dict[Hashable, tuple[float, int, Hashable]] = {}
        self._asking: dict[tuple[Hashable, int], asyncio.Task[Hashable]] = {}

    async def state_of(self, subject: Hashable, read: Read) -> Hashable:
        commits = self._commits
        at, then, state = self._known.get(subject, NEVER)
        if then == commits and monotonic() - at < LOOK_AGAIN:
            return state
        asking = self._asking.get((subject, commits))
        if asking is None:  # whoever comes meanwhile waits for the same answer
            asking = self._asking[subject, commits] = asyncio.create_task(self._ask(subject, read, commits))
        return await asyncio.shield(asking)

    def _committed(self, notes: object) -> None:
        self._commits += 1

    async def _ask(self, subject: Hashable, read: Read, commits: int) -> Hashable:
        try:
            began = monotonic()
            async with self._database.reading() as db:
                state = await read(db)
            if began > self._known.get(subject, NEVER)[0]:  # not where somebody asked later and was answered sooner
                self._known[subject] = (began, commits, state)
            return state
        finally:
            del self._asking[subject, commits]


class KeptAnswers:
    """The answers that were asked for last, as many as fit."""

    def __init__(self, clock: Clock, watch: Watch, most_bytes: int = MOST_BYTES, most_answers: int = MOST_ANSWERS) -> None:
        self.clock = clock
        self._watch = watch
        self._most, self._most_answers = most_bytes, most_answers
        self._bytes = 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()

    async def find(self, key: Hashable) -> Kept | None:
        """None where it is not here, or would be another answer by now."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        if await self._is_true(kept):
            if key in self._kept:
                self._kept.move_to_end(key)
            return kept
        if self._kept.get(key) is kept:
            self._drop(key)
        return None

    async def _is_true(self, kept: Kept) -> bool:
        if kept.offset != self.clock.offset or self.clock.now() >= kept.until:
            return False
        return await self._watch.state_of(kept.shows.subject, kept.shows.read) == kept.shows.state

    def put(self, key: Hashable, kept: Kept) -> None:
        self._drop(key)
        self._kept[key] = kept
        self._bytes += len(kept.body["body"])
        while self._bytes > self._most or len(self._kept) > self._most_answers:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Hashable) -> None:
        gone = self._kept.pop(key, None)
        if gone:
            self._bytes -= len(gone.body["body"])


class KeepsAnswers:
    """Middleware: answers from the shelf, and puts there what a view said may be kept."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = asked_of(scope)
        if asked is None:
            await self.app(scope, receive, send)
            return
        shelf: KeptAnswers = scope["app"].state.answers
        kept = await shelf.find(asked.key)
        if kept is None:
            catch = _Catch(scope, send, shelf.clock)
            await self.app(scope, receive, catch)
            kept = catch.kept
            if kept is None:
                return
            shelf.put(asked.key, kept)
        scope["route"] = kept.route
        await kept.answer(asked, send)


class _Catch:
    """Stands where an answer goes out: holds back one that may be kept, lets every other through."""

    def __init__(self, scope: Scope, send: Send, clock: Clock) -> None:
        self.kept: Kept | None = None
        self._scope, self._send, self._clock = scope, send, clock
        self._start: Message | None = None
        self._parts: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _may_be_kept(self._scope, message):
            self._start = {**message, "headers": list(message["headers"])}
        elif self._start is None or message["type"] != "http.response.body":
            await self._send(message)
        else:
            self._parts.append(message.get("body", b""))
            if not message.get("more_body"):
                self.kept = self._made(self._start, b"".join(self._parts))

    def _made(self, start: Message, body: bytes) -> Kept:
        shows, offset, until = self._scope["shows"]
        headers = start["headers"]
        return Kept(
            shows=shows,
            offset=offset,
            until=until,
            route=self._scope.get("route"),
            etag=next(value.decode() for name, value in headers if name == b"etag"),
            start=start,
            body={"type": "http.response.body", "body": body},
            not_modified={**start, "status": 304, "headers": [pair for pair in headers if pair[0] in AS_IN_304]},
        )


def shown(request: HTTPConnection, response: Answer, shows: Showing) -> Answer:
    """Give the answer a tag, and let it be kept where it is everybody's: nobody is signed in. (`asked_of` has seen to the rest.)"""
    clock = house(request).clock
    if visitor(request).person_id is None and abs(clock.now() - shows.at) < HASTE:
        response.headers["ETag"] = tag_of(bytes(response.body))
        request.scope["shows"] = (shows, clock.offset, _end(shows, rehearsing=clock.rehearsing))
    return response


def _end(shows: Showing, *, rehearsing: bool) -> datetime:
    """A page says its zone's name, which changes with the clocks; and in a rehearsal what time it is."""
    step = MINUTE if rehearsing else QUARTER
    following = shows.at - (shows.at - BEGINNING) % step + step
    return min(shows.until, following) if shows.until else following


def _may_be_kept(scope: Scope, start: Message) -> bool:
    plain = "also_from" not in scope and all(name != b"set-cookie" for name, _ in start["headers"])
    return "shows" in scope and start["status"] == 200 and plain
