"""An open page of a stage as its script keeps it: by docs/protocol.md alone, over a real socket, with everything noted."""

import asyncio
import itertools
import json
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from conference.live.commands import Message
from conference.live.folding import fold
from conference.live.lines import Logged, QuestionApproved, QuestionAsked
from conference.live.messages import (
    Acknowledged,
    ClockMoved,
    Delayed,
    Here,
    OwnEvent,
    Refused,
    Resumed,
    Resync,
    Said,
    Snapshot,
    Tick,
    Welcome,
)
from conference.live.rules import Door
from conference.live.tables import Log

PAUSE = (0.1, 0.4)  # seconds before it comes back
LATER = ("too_many", "busy", "fault")  # refusals that a client answers by sending the command again
ENDS = (4401, 4403, 4405)  # closed for good


class Phone:
    """It comes back with the number that it heard last, to one house after the other, and sends again what nobody answered."""

    def __init__(self, addresses: Sequence[str], path: str, token: str | None, name: str | None, log: Log) -> None:
        self.name, self.log = name, log
        self.heard: list[tuple[float, str]] = []  # everything, and when (monotonic)
        self.lines: list[tuple[int, str]] = []
        self.delays: list[bool] = []  # each `delayed`, and what each welcome said of it where that was news
        self.clock_moves = 0
        self.here: list[tuple[float, Here]] = []
        self.ticks: list[tuple[float, Tick]] = []
        self.resyncs: list[str] = []
        self.closes: list[int | None] = []
        self.welcome: Welcome | None = None
        self.held: Snapshot | None = None  # but for the totals
        self.sent_again = 0
        self.totals: dict[UUID, int] = {}
        self._after: int | None = None
        self.first_house = addresses[0]
        self._addresses, self._path, self._token = itertools.cycle(addresses), path, token
        self._socket: ClientConnection | None = None
        self._unanswered: dict[str, tuple[str, asyncio.Future[Acknowledged | Refused]]] = {}
        self._life: asyncio.Task[None] | None = None

    def open(self) -> None:
        self._life = asyncio.create_task(self._live())

    async def close(self) -> None:
        """The page is closed. What went wrong in it is raised."""
        if self._life:
            self._life.cancel()
            with suppress(asyncio.CancelledError):
                await self._life

    @property
    def is_closed(self) -> bool:
        """It was told not to come back, or failed."""
        return bool(self._life and self._life.done())

    async def say(self, kind: str, **more: Any) -> Acknowledged | Refused:
        """A command under an id of its own, however often it has to be sent; the answer."""
        client_id = more.pop("client_id", uuid4().hex)
        text = json.dumps({"type": kind, "client_id": client_id, **more}, default=str)
        answer: asyncio.Future[Acknowledged | Refused] = asyncio.get_running_loop().create_future()
        self._unanswered[client_id] = text, answer
        if self._socket and self.held:
            with suppress(ConnectionClosed):
                await self._socket.send(text)
        return await answer

    def page(self) -> Snapshot:
        """What it shows now."""
        assert self.held
        return fold(self.held, Tick(votes=self.totals))

    @property
    def door(self) -> Door:
        assert self.welcome
        return self.welcome.door

    @property
    def counted(self) -> Here | None:
        """Who is here, as it was told last."""
        return self.here[-1][1] if self.here else None

    def words(self, since: float = 0, before: float = float("inf")) -> str:
        """All that it heard in that time."""
        return "\n".join(text for at, text in self.heard if since <= at < before)

    async def _live(self) -> None:
        while True:
            code = await self._conversation()
            self._socket = None
            self.closes.append(code)
            if code in ENDS:
                return
            await asyncio.sleep(random.uniform(*PAUSE))

    async def _conversation(self) -> int | None:
        """Until the line is lost; the close code, None where there was no conversation."""
        address = next(self._addresses)
        given = [("log", self.log.value), *([("after", str(self._after))] if self._after is not None else [])]
        url = address.replace("http", "ws", 1) + self._path + "?" + "&".join(f"{name}={value}" for name, value in given)
        headers = {"Cookie": f"sign_in={self._token}"} if self._token else {}
        socket = None
        with suppress(OSError, TimeoutError, WebSocketException):
            async with connect(url, origin=address, additional_headers=headers, compression=None, proxy=None, max_size=None) as socket:  # type: ignore[arg-type]
                async for text in socket:
                    is_first_word = self._take_in(str(text))
                    if is_first_word:
                        self._socket = socket
                        await self._send_again()
        return socket.close_code if socket else None

    async def _send_again(self) -> None:
        for text, _ in tuple(self._unanswered.values()):
            self.sent_again += 1
            assert self._socket
            await self._socket.send(text)

    def _take_in(self, text: str) -> bool:
        """Note it; True where the stage is known now, and commands may go."""
        now = time.monotonic()
        self.heard.append((now, text))
        message = Said.validate_json(text)
        match message:
            case Welcome(delayed=delayed, here=here):
                self.welcome = message
                self.here.append((now, here))
                if delayed != (self.delays[-1] if self.delays else False):
                    self.delays.append(delayed)
            case Snapshot(seq=seq):
                self.held, self._after = message, seq
                self.totals = {question.id: question.votes for question in message.questions}
                return True
            case Resumed(after=after, mine=mine):
                assert self.held
                assert after == self._after
                self.held = self.held.model_copy(update={"mine": mine})
                return True
            case Resync(reason=reason):
                self.resyncs.append(reason)
            case Acknowledged() | Refused():
                self._answered(message)
            case Delayed(delayed=delayed):
                self.delays.append(delayed)
            case ClockMoved():
                self.clock_moves += 1
            case _:
                self._fold(now, message, text)
        return False

    def _fold(self, now: float, message: Message, text: str) -> None:
        if isinstance(message, Tick):
            if message.here:
                self.here.append((now, message.here))
            if message.votes:
                self.ticks.append((now, message))
            self.totals.update({question_id: votes for question_id, votes in message.votes.items() if question_id in self.totals})
        elif isinstance(message, Logged):
            assert self._after is not None
            assert message.seq == self._after + 1, "a line was lost, or came twice"
            self.lines.append((message.seq, text))
            self._after = message.seq
            if isinstance(message, (QuestionAsked, QuestionApproved)):
                self.totals.setdefault(message.question.id, message.question.votes)
            self.held = self.held and fold(self.held, message)  # type: ignore[arg-type]
        elif isinstance(message, OwnEvent):
            self.held = self.held and fold(self.held, message)

    def _answered(self, message: Acknowledged | Refused) -> None:
        if message.client_id is None or (isinstance(message, Refused) and message.code in LATER):
            asyncio.get_running_loop().call_later(1, lambda: asyncio.ensure_future(self._once_more()))
            return
        _, answer = self._unanswered.pop(message.client_id, (None, None))
        if answer and not answer.done():
            answer.set_result(message)

    async def _once_more(self) -> None:
        if self._socket:
            with suppress(ConnectionClosed):
                await self._send_again()
