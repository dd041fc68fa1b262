"""Who listens to what: publishing never waits, and a listener that doesn't keep up is cut instead of waited for."""

import asyncio
from collections import deque
from collections.abc import Iterable

from conference.broker import Parcel
from conference.wire.codes import TOO_SLOW, Close

MAX_WAITING = 1_000  # messages that one listener may leave unsent
MAX_BYTES = 256 * 1024  # and their characters


class Listener:
    """One ear: a bounded queue, and the wish to end. Lives in the event loop's thread."""

    def __init__(self, topics: Iterable[str]) -> None:
        self.topics = tuple(topics)
        self.ended: asyncio.Future[Close] = asyncio.get_running_loop().create_future()
        self._waiting: deque[Parcel] = deque()
        self._size = 0
        self._awake = asyncio.Event()

    def put(self, parcel: Parcel) -> None:
        """Queue it, or end this listener when it has left too much unsent. Never waits."""
        if self.ended.done():
            return
        if len(self._waiting) >= MAX_WAITING or self._size + len(parcel.text) > MAX_BYTES:
            self.end(TOO_SLOW)
            return
        self._waiting.append(parcel)
        self._size += len(parcel.text)
        self._awake.set()

    async def next(self, patience: float) -> Parcel | None:
        """The next parcel; None when nothing came for `patience` seconds."""
        if not self._waiting:
            self._awake.clear()
            try:
                async with asyncio.timeout(patience):
                    await self._awake.wait()
            except TimeoutError:
                return None
        if not self._waiting:  # it ended meanwhile
            return None
        parcel = self._waiting.popleft()
        self._size -= len(parcel.text)
        return parcel

    def end(self, close: Close) -> None:
        """Let go of this listener, with what it left unsent."""
        if not self.ended.done():
            self.ended.set_result(close)
        self._waiting.clear()
        self._size = 0


class Hub:
    """The listeners of each topic."""

    def __init__(self) -> None:
        self._members: dict[str, set[Listener]] = {}

    def join(self, listener: Listener) -> None:
        for topic in listener.topics:
            self._members.setdefault(topic, set()).add(listener)

    def leave(self, listener: Listener) -> None:
        for topic in listener.topics:
            members = self._members.get(topic, set())
            members.discard(listener)
            if not members:
                self._members.pop(topic, None)

    def publish(self, parcel: Parcel) -> None:
        for listener in tuple(self._members.get(parcel.topic, ())):
            listener.put(parcel)

    def has_listeners(self, topic: str) -> bool:
        return topic in self._members

    def listeners(self, topic: str) -> int:
        return len(self._members.get(topic, ()))
