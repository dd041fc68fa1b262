"""Who is still there: every socket hears a sign of life in turn and must give one; whoever leaves too much unread too long is cut."""

from typing import Protocol

HEARTBEAT = 12  # seconds between two signs of life; one that is not answered before the next one ends the socket
PATIENCE = 20.0  # seconds in which a socket that is full must take something


class Beating(Protocol):
    """What the pulse needs of a listener."""

    spoke: int

    def beat(self) -> None:
        """Say that we are there, and end where nothing was heard since the last time."""

    def is_stuck(self, now: float) -> bool:
        """Whether nothing at all was taken for PATIENCE seconds; `now` is the loop's time."""

    def let_go(self) -> None:
        """End, as too slow."""


class Pulse:
    """A wheel with one spoke for each second, so that ten thousand signs of life don't go out at once."""

    def __init__(self) -> None:
        self._spokes: tuple[set[Beating], ...] = tuple(set() for _ in range(HEARTBEAT))
        self._at = 0
        self.full: set[Beating] = set()  # those whose socket takes nothing at the moment

    def add(self, listener: Beating) -> None:
        """On the spoke that has just been served: the first sign of life comes after a whole turn."""
        listener.spoke = self._at
        self._spokes[self._at].add(listener)

    def remove(self, listener: Beating) -> None:
        self._spokes[listener.spoke].discard(listener)
        self.full.discard(listener)

    def beat(self, now: float) -> None:
        """Once a second; `now` is the loop's time."""
        self._at = (self._at + 1) % HEARTBEAT
        for listener in tuple(self._spokes[self._at]):
            listener.beat()
        for listener in tuple(self.full):
            if listener.is_stuck(now):
                listener.let_go()
