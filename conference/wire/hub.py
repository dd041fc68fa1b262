"""Who listens to what. Publishing makes one frame, waits for nobody, and lets the loop breathe in a big room."""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Protocol

from conference.broker import Parcel
from conference.wire.codes import Close
from conference.wire.frames import text_frame

CHUNK = 500  # listeners that are written to before others get their turn: about 3 ms
TICK = 0.1  # seconds over which totals are gathered in a small room
TICK_EACH = 30e-6  # seconds more for each listener: telling one takes about 10 us, and others want their turn


def tick_seconds(listeners: int) -> float:
    """How long new totals are gathered before so many are told: 0.1 s, 0.13 s for a thousand, 0.4 s for ten thousand."""
    return TICK + TICK_EACH * listeners


class Listener(Protocol):
    """What the hub needs of one."""

    def write(self, frame: bytes) -> None:
        """Never waits, never raises."""

    def greet(self, frames: Sequence[bytes]) -> None:
        """Write them one after the other."""

    def end(self, close: Close) -> None:
        """Let go of it. Again does nothing."""


class Expecting:
    """Somebody who is about to listen: what is published meanwhile is kept until it is known where they begin."""

    def __init__(self, topics: Iterable[str]) -> None:
        self.topics = tuple(topics)
        self.parcels: list[Parcel] = []


class Room:
    """The listeners of one topic. Each frame goes to those who listened when it was published, in the order of publishing.

    There is one for each person who listens, so an idle one holds nothing but its listeners.
    """

    __slots__ = ("_jobs", "_snapshot", "early", "expecting", "members")

    def __init__(self) -> None:
        self.members: dict[Listener, None] = {}
        self.expecting: set[Expecting] | None = None
        self.early: dict[Listener, int] | None = None  # those who know the log up to a number that has not been published yet
        self._snapshot: tuple[Listener, ...] | None = None
        self._jobs: deque[tuple[bytes, tuple[Listener, ...]]] | None = None

    def expect(self, expecting: Expecting) -> None:
        self.expecting = self.expecting or set()
        self.expecting.add(expecting)

    def forget(self, expecting: Expecting) -> None:
        if self.expecting:
            self.expecting.discard(expecting)
            self.expecting = self.expecting or None

    def join(self, listener: Listener, known: int | None = None) -> None:
        """`known`: up to which number it knows the log, where not all of that was published yet."""
        if known is None:
            self.members[listener] = None
            self._snapshot = None
        else:
            self.early = self.early or {}
            self.early[listener] = known

    def leave(self, listener: Listener) -> None:
        if self.early:
            self.early.pop(listener, None)
        if listener in self.members:
            del self.members[listener]
            self._snapshot = None

    @property
    def is_empty(self) -> bool:
        return not (self.members or self.early or self.expecting)

    @property
    def is_busy(self) -> bool:
        """Whether something published earlier is still going out."""
        return bool(self._jobs)

    def publish(self, parcel: Parcel) -> None:
        for expecting in self.expecting or ():
            expecting.parcels.append(parcel)
        if not (self.members or self.early):
            return
        frame = text_frame(parcel.text)
        if self._snapshot is None:
            self._snapshot = tuple(self.members)
        if self._jobs:
            self._jobs.append((frame, self._snapshot))
        elif len(self._snapshot) > CHUNK:
            self._jobs = deque([(frame, self._snapshot)])
            self._go_on(0)
        else:
            for listener in self._snapshot:
                listener.write(frame)
        if self.early:
            self._tell_early(self.early, parcel.seq, frame)

    def _tell_early(self, early: dict[Listener, int], seq: int | None, frame: bytes) -> None:
        """What they know already is not told again; from there on they are like everybody else."""
        for listener, known in tuple(early.items()):
            if seq is None or seq > known:
                listener.write(frame)
            if seq is not None and seq >= known and early.pop(listener, None) is not None:
                self.join(listener)

    def _go_on(self, start: int) -> None:
        while self._jobs:
            frame, listeners = self._jobs[0]
            for listener in listeners[start : start + CHUNK]:
                listener.write(frame)
            if start + CHUNK < len(listeners):
                asyncio.get_running_loop().call_soon(self._go_on, start + CHUNK)
                return
            self._jobs.popleft()
            start = 0
        self._jobs = None


class Hub:
    """The rooms of one process."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}

    def expect(self, topics: Iterable[str]) -> Expecting:
        """Keep what is published from now on, for somebody who is about to listen."""
        expecting = Expecting(topics)
        for topic in expecting.topics:
            self._room(topic).expect(expecting)
        return expecting

    def forget(self, expecting: Expecting) -> None:
        for topic in expecting.topics:
            if room := self._rooms.get(topic):
                room.forget(expecting)
                self._close_if_empty(topic, room)

    def join(self, listener: Listener, topics: Iterable[str]) -> None:
        for topic in topics:
            self._room(topic).join(listener)

    def join_early(self, listener: Listener, topic: str, known: int) -> None:
        """The same, for one who knows a log's lines up to `known` before all of them were published here."""
        self._room(topic).join(listener, known)

    def leave(self, listener: Listener, topics: Iterable[str]) -> None:
        for topic in topics:
            if room := self._rooms.get(topic):
                room.leave(listener)
                self._close_if_empty(topic, room)

    def publish(self, parcel: Parcel) -> None:
        if room := self._rooms.get(parcel.topic):
            room.publish(parcel)

    def end_all(self, topic: str, close: Close) -> None:
        if room := self._rooms.get(topic):
            for listener in (*room.members, *(room.early or ())):
                listener.end(close)

    def has_listeners(self, topic: str) -> bool:
        """Or somebody who is about to be one."""
        return topic in self._rooms

    def listeners(self, topic: str) -> int:
        room = self._rooms.get(topic)
        return len(room.members) + len(room.early or ()) if room else 0

    def is_busy(self, topic: str) -> bool:
        room = self._rooms.get(topic)
        return bool(room and room.is_busy)

    def _room(self, topic: str) -> Room:
        room = self._rooms.get(topic)
        if room is None:
            room = self._rooms[topic] = Room()
        return room

    def _close_if_empty(self, topic: str, room: Room) -> None:
        if room.is_empty:
            del self._rooms[topic]
