"""The post between processes by way of Valkey or Redis: pub/sub, one message per tick and process.

Pub/sub keeps nothing: who was away has missed something. So `told(False)` says that parcels may be lost from now on, and
`told(True)` that this process has heard its own voice on a new subscription: what was missed is in the database's log.
"""

import asyncio
import json
import logging
import random
import secrets
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from conference.broker import Alone, Broker, Hear, Parcel, Told
from conference.errors import BadSettings
from conference.settings import Settings

try:
    from redis import asyncio as redis
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff
except ModuleNotFoundError:  # the extra is not installed; broker_for says so
    redis = None  # type: ignore[assignment]

CHANNEL = "conference:post:1"  # and the database's number: pub/sub knows no databases
TICK = 0.1  # seconds; what is sent within one goes as one message
BEAT = 1.0  # seconds; who has nothing to send says at least that
SILENCE = 3.0  # seconds without hearing oneself: the post has failed
PAUSE = (0.2, 2.0)  # seconds before the next try, anywhere between
CONNECT_SECONDS, ANSWER_SECONDS = 1.0, 2.0
LAST_WORDS, GOODBYE = 0.4, 0.3  # seconds to send what waits, and to close, when stopping
MAX_WAITING = 10_000  # parcels
MAX_SIZE = 4 * 1024 * 1024  # characters
log = logging.getLogger("conference.bus")


def broker_for(settings: Settings) -> Broker:
    """The post that the settings name; nothing is reached for yet. Raises BadSettings."""
    if settings.broker_url == "memory://":
        return Alone()
    if redis is None:
        raise BadSettings("CONFERENCE_BROKER_URL needs a client: install the extra, pip install '.[valkey]'.")
    return Bus(settings.broker_url)


class Bus:
    """The post of a house of several processes. All of it belongs to one event loop.

    Each sender's parcels arrive in its order. A parcel whose sending was cut short is sent again, so it may arrive twice.
    """

    shared = True

    def __init__(self, url: str) -> None:
        self._url = url.replace("valkey", "redis", 1) if url.startswith("valkey") else url
        self._where = shown(url)
        self._channel = channel_of(url)
        self._me = secrets.token_hex(8)
        self._listeners: list[tuple[Hear, Told]] = []
        self._waiting: deque[Parcel] = deque()
        self._size = 0
        self._dropped = 0
        self._wake, self._emptied = asyncio.Event(), asyncio.Event()
        self._emptied.set()
        self._up = self._failing = False
        self._heard = 0.0  # when we last heard ourselves, on the loop's clock
        self._work: asyncio.Task[None] | None = None

    @property
    def is_up(self) -> bool:
        return self._up

    def listen(self, hear: Hear, told: Told) -> None:
        self._listeners.append((hear, told))

    async def start(self) -> None:
        self._work = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """What waits is still sent if the post works; within a second in any case."""
        if self._work is None:
            return
        if self._up:
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_WORDS):
                    await self._emptied.wait()
        self._work.cancel()
        await asyncio.wait([self._work], timeout=GOODBYE + 0.1)
        self._work, self._up = None, False

    def send(self, parcel: Parcel) -> None:
        """To all other processes, within a tick. While the post is down the newest are kept."""
        self._waiting.append(parcel)
        self._size += _size(parcel)
        self._drop_oldest()
        self._emptied.clear()
        self._wake.set()

    async def _run(self) -> None:
        """One connection after the other, until cancelled."""
        while True:
            try:
                await self._connection()
            except Exception as wrong:  # whatever it was, the next connection may do
                self._failed(wrong)
            await asyncio.sleep(random.uniform(*PAUSE))  # noqa: S311 - spreads the tries, guards nothing

    async def _connection(self) -> None:
        """Subscribe, then write and read until something goes wrong, which is raised."""
        # RESP2 and no retries of the client's own: we start afresh, and know that we did.
        patience: dict[str, Any] = {"socket_connect_timeout": CONNECT_SECONDS, "socket_timeout": ANSWER_SECONDS}
        client = redis.Redis.from_url(self._url, protocol=2, retry=Retry(NoBackoff(), 0), **patience)
        ears: Any = client.pubsub()
        try:
            async with asyncio.timeout(SILENCE):
                await ears.subscribe(self._channel)
                await ears.get_message(timeout=None)  # the subscription is in place
            self._heard = asyncio.get_running_loop().time()
            self._wake.set()  # the first beat goes at once
            async with asyncio.TaskGroup() as both:
                both.create_task(self._write(client))
                both.create_task(self._read(ears))
        finally:
            with suppress(Exception):  # it is given up in any case
                async with asyncio.timeout(GOODBYE):
                    await ears.aclose()
                    await client.aclose()

    async def _write(self, client: "redis.Redis") -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(BEAT):
                    await self._wake.wait()
            self._wake.clear()
            batch, self._waiting, self._size = self._waiting, deque(), 0
            try:
                await client.publish(self._channel, packed(self._me, batch))
            except BaseException:
                self._put_back(batch)
                raise
            if not self._waiting:
                self._emptied.set()
            await asyncio.sleep(TICK)

    async def _read(self, ears: Any) -> None:
        while True:
            async with asyncio.timeout_at(self._heard + SILENCE):
                message = await ears.get_message(timeout=None)
                await asyncio.sleep(0)  # a flood leaves others their turn, and the silence its end
            if message and message["type"] == "message":
                self._take_in(message["data"])

    def _take_in(self, data: bytes) -> None:
        try:
            sender, parcels = unpacked(data)
        except ValueError:
            log.warning("the post between processes brought %s bytes that are not ours; skipped", len(data))
            return
        if sender != self._me:
            for parcel in parcels:
                for hear, _ in self._listeners:
                    _call(hear, parcel)
            return
        self._heard = asyncio.get_running_loop().time()
        if not self._up:
            self._works()

    def _works(self) -> None:
        if self._failing:
            log.warning("the post between processes is back (%s); dropped meanwhile: %s", self._where, self._dropped)
        self._up, self._failing, self._dropped = True, False, 0
        for _, told in self._listeners:
            _call(told, True)

    def _failed(self, wrong: BaseException) -> None:
        while isinstance(wrong, BaseExceptionGroup):
            wrong = wrong.exceptions[0]
        if not self._failing:
            said = (str(wrong).splitlines() or [""])[0].rstrip(".")
            why = f"{type(wrong).__name__}, {said}" if said else "it is silent"
            log.warning("the post between processes fails (%s): %s; we keep trying", self._where, why)
        was_up, self._up, self._failing = self._up, False, True
        if was_up:
            for _, told in self._listeners:
                _call(told, False)

    def _put_back(self, batch: Sequence[Parcel]) -> None:
        self._waiting.extendleft(reversed(batch))
        self._size += sum(map(_size, batch))
        self._drop_oldest()

    def _drop_oldest(self) -> None:
        while len(self._waiting) > MAX_WAITING or self._size > MAX_SIZE:
            self._size -= _size(self._waiting.popleft())
            self._dropped += 1


def packed(sender: str, parcels: Sequence[Parcel]) -> str:
    """One message: who sends, and the parcels, each [topic, seq, text]. Without parcels it is a beat."""
    return json.dumps([sender, [[parcel.topic, parcel.seq, parcel.text] for parcel in parcels]], separators=(",", ":"))


def unpacked(data: bytes) -> tuple[str, list[Parcel]]:
    """Who sent what. Raises ValueError for what is not of our making."""
    try:
        match json.loads(data):
            case [str(sender), [*parcels]]:
                return sender, [_parcel(parts) for parts in parcels]
    except RecursionError:
        pass
    raise ValueError("not a message of ours")


def channel_of(url: str) -> str:
    """Houses that share a server by its databases must not hear each other."""
    parts = urlsplit(url)
    number = parse_qs(parts.query).get("db", ["0"])[0] if parts.scheme == "unix" else parts.path.strip("/")
    return f"{CHANNEL}:{int(number or 0)}"


def shown(url: str) -> str:
    """Where the post is, as it may be logged: nothing secret."""
    parts = urlsplit(url)
    return parts.path if parts.scheme == "unix" else f"{parts.hostname}:{parts.port or 6379}"


def _parcel(parts: object) -> Parcel:
    match parts:
        case [str(topic), int() | None as seq, str(text)] if not isinstance(seq, bool):
            return Parcel(topic, seq, text)
    raise ValueError("not a parcel")


def _size(parcel: Parcel) -> int:
    return len(parcel.topic) + len(parcel.text)


def _call(act: Callable[[Any], None], about: Any) -> None:
    """A listener's bug is the listener's: the post goes on."""
    try:
        act(about)
    except Exception:
        log.exception("what the post between processes brought was not taken in")
