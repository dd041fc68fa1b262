"""Carries messages to whoever listens to a topic. A hint, never the truth: what is lost here is found again in the database's log."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message on its way: serialised once, whoever it reaches. `seq` numbers it in its topic's log; None: it is in no log."""

    topic: str
    seq: int | None
    text: str


Hear = Callable[[Parcel], None]


class Broker(Protocol):
    """What a process needs of the post between processes."""

    def listen(self, hear: Hear) -> None:
        """Call `hear` with every parcel from now on, in the order of sending within a process."""

    def send(self, parcel: Parcel) -> None:
        """Never waits, never raises."""


class InProcess:
    """One process: every parcel is delivered before `send` returns."""

    def __init__(self) -> None:
        self._hearers: list[Hear] = []

    def listen(self, hear: Hear) -> None:
        self._hearers.append(hear)

    def send(self, parcel: Parcel) -> None:
        for hear in self._hearers:
            hear(parcel)
