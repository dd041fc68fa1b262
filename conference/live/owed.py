"""Whom we owe all that is their own, and what they heard since it was read (pure)."""

from collections.abc import Callable, Iterable
from uuid import UUID

from conference.live.ears import own_topic

Whose = tuple[UUID, UUID]  # session and person


class Owed:
    """Words for one person are counted, so that what was read of them before the last one is not told after it."""

    def __init__(self, listens: Callable[[str], bool]) -> None:
        self.whom: set[Whose] = set()
        self.words = 0  # to one person each, so far
        self._listens = listens  # whether somebody does, to a topic
        self._last: dict[str, int] = {}  # by own topic: the number of the last word

    def owe(self, whom: Iterable[Whose]) -> bool:
        """To those who listen here. What was read of them before now is old. True where there is one."""
        here = {whose for whose in whom if self._listens(own_topic(*whose))}
        for whose in here:
            self.count(own_topic(*whose))
        self.whom |= here
        return bool(here)

    def count(self, own: str) -> None:
        """A word goes out to this topic."""
        self.words += 1
        self._last[own] = self.words

    def has_heard_since(self, whose: Whose, words: int) -> bool:
        """Whether a word went out to them after that many had."""
        return self._last.get(own_topic(*whose), 0) > words

    def tidy(self) -> None:
        """Forget whoever is gone."""
        self.whom = {whose for whose in self.whom if self._listens(own_topic(*whose))}
        self._last = {topic: number for topic, number in self._last.items() if self._listens(topic)}
