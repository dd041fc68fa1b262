"""The post between processes. A hint, never the truth: what is lost here is found again in the database's log."""

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
Told = Callable[[bool], None]


class Broker(Protocol):
    """What a process needs of the post to the other processes. What it sends it never hears itself."""

    @property
    def shared(self) -> bool:
        """Whether there may be other processes at all."""

    @property
    def is_up(self) -> bool:
        """Whether parcels arrive, as far as we know."""

    def listen(self, hear: Hear, told: Told) -> None:
        """Call `hear` with every parcel that others send, in each sender's order; `told` when the post fails or is back."""

    async def start(self) -> None:
        """Begin; a post that can't be reached yet is no error."""

    async def stop(self) -> None: ...

    def send(self, parcel: Parcel) -> None:
        """To all other processes. Never waits, never raises."""


class Alone:
    """One process: there is nobody to send to."""

    shared = False
    is_up = True

    def listen(self, hear: Hear, told: Told) -> None:
        """Nothing will come."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def send(self, parcel: Parcel) -> None:
        """Nobody else is there."""
