"""Keeping a line to a stage: getting in, and coming back after a loss as the protocol asks of a client."""

import asyncio
import random
from abc import abstractmethod

from conference.rehearse.hearing import Hearing
from conference.rehearse.ledger import Ledger
from conference.rehearse.line import Line, NotLetIn, Place, dial

TRIES = 4  # to join
PATIENCE = 30.0  # seconds for a handshake and the first words
LONGEST_PAUSE = 30.0  # seconds between two tries
STAYS_AWAY = frozenset({1000, 1001, 1002, 1003, 1007, 1009, 4401, 4403})  # docs/protocol.md: how it ends
FLOODED, FLOODED_PAUSE = 4429, 30.0


class Caller:
    """Holds one line at a time, and goes on where the last one ended."""

    def __init__(self, token: str, place: Place, ledger: Ledger, log: str) -> None:
        self.token, self.place, self.ledger, self.log = token, place, ledger, log
        self.hearing = Hearing()
        self.line: Line | None = None
        self.heard_at = 0.0
        self.ending = False
        self.loop = asyncio.get_running_loop()
        self._settled = asyncio.Event()  # told everything so far, or the line is lost again
        self._dialling = False
        self._left_at: float | None = None
        self._coming: asyncio.Task[None] | None = None

    @property
    def ready(self) -> bool:
        """Whether it was told everything up to now, and may speak."""
        return self.line is not None and self._settled.is_set()

    async def join(self) -> bool:
        """Whether it got in and was told everything, within a few tries."""
        for number in range(TRIES):
            if number:
                await asyncio.sleep(_pause(number - 1))
            if await self._dial():
                return True
        return False

    def leave(self) -> None:
        self.ending = True
        if self._coming:
            self._coming.cancel()
        if self.line:
            self.line.hang_up()

    @abstractmethod
    def hear(self, payload: bytes) -> None: ...

    def take(self, line: Line) -> None:
        self.line = line
        self._settled.clear()

    def begin(self) -> None:
        """The snapshot, or the resumption, has come."""
        if self._left_at is not None:
            self.ledger.longest_absence = max(self.ledger.longest_absence, self.loop.time() - self._left_at)
            self._left_at = None
        self._settled.set()

    def lose(self, code: int) -> None:
        self.line = None
        if self.ending:
            return
        self.ledger.ended[code] += 1
        self._left_at = self._left_at or self.loop.time()
        if self._dialling:
            self._settled.set()  # whoever waits tries again
        elif code not in STAYS_AWAY:
            self._coming = self.loop.create_task(self._come_back(FLOODED_PAUSE if code == FLOODED else 0.0))

    async def _come_back(self, pause: float) -> None:
        await asyncio.sleep(pause)
        number = 0
        while not self.ending:
            await asyncio.sleep(_pause(number))
            if await self._dial():
                return
            number += 1

    async def _dial(self) -> bool:
        after = "" if self.hearing.last is None else f"&after={self.hearing.last}"
        self._dialling = True
        try:
            async with asyncio.timeout(PATIENCE):
                await dial(self.place, f"log={self.log}{after}", self.token, self)
                await self._settled.wait()
        except NotLetIn as no:
            self.ledger.not_let_in[f"status {no.status}" if no.status else "hung up on"] += 1
        except TimeoutError:
            self.ledger.not_let_in["no answer"] += 1
        except OSError as no:
            self.ledger.not_let_in[(no.strerror or "no connection").lower()] += 1
        finally:
            self._dialling = False
        if not self.ready and self.line:
            self.line.drop()
        return self.ready


def _pause(number: int) -> float:
    """From one second to half a minute, shortened by chance so that not all come at once."""
    return min(2.0**number, LONGEST_PAUSE) * random.uniform(0.3, 1)  # noqa: S311 - not secret
