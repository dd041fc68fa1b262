"""Sharing submissions out among the members of a panel, evenly (pure)."""

from collections import Counter, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from uuid import UUID

Pair = tuple[UUID, UUID]  # submission, member


def shared_out(
    submissions: Sequence[UUID], members: Sequence[UUID], apart: Collection[Pair], each: int, already: Collection[Pair] = ()
) -> list[Pair]:
    """Who reads what besides what is shared out `already`, so that each submission has `each` readers where there are so many who may.

    Nobody gets what they must stay `apart` from. Loads differ as little as that allows, and the same two people meet as rarely as may be.
    """
    split = _Split(list(members), set(apart), each)
    for pair in already:
        split.take(*pair)
    fixed = set(split.pairs)
    for submission in sorted(submissions, key=lambda each_: sum(split.may(each_, member) for member in members)):
        split.fill(submission)
    while split.level(fixed):
        pass
    return sorted(split.pairs - fixed, key=lambda pair: (list(submissions).index(pair[0]), list(members).index(pair[1])))


@dataclass(slots=True)
class _Split:
    members: list[UUID]
    apart: set[Pair]
    each: int
    pairs: set[Pair] = field(default_factory=set)
    readers: dict[UUID, list[UUID]] = field(default_factory=dict)
    load: Counter[UUID] = field(default_factory=Counter)
    together: Counter[frozenset[UUID]] = field(default_factory=Counter)

    def may(self, submission: UUID, member: UUID) -> bool:
        return (submission, member) not in self.apart and (submission, member) not in self.pairs

    def take(self, submission: UUID, member: UUID) -> None:
        readers = self.readers.setdefault(submission, [])
        self.together.update(frozenset((member, other)) for other in readers)
        readers.append(member)
        self.load[member] += 1
        self.pairs.add((submission, member))

    def give_up(self, submission: UUID, member: UUID) -> None:
        self.readers[submission].remove(member)
        self.together.subtract(frozenset((member, other)) for other in self.readers[submission])
        self.load[member] -= 1
        self.pairs.remove((submission, member))

    def fill(self, submission: UUID) -> None:
        while len(self.readers.get(submission, [])) < self.each:
            free = [member for member in self.members if self.may(submission, member)]
            if not free:
                return
            present = self.readers.get(submission, [])
            self.take(
                submission, min(free, key=lambda one: (self.load[one], sum(self.together[frozenset((one, other))] for other in present)))
            )

    def level(self, fixed: Collection[Pair]) -> bool:
        """Move one reading from who has two more to who has fewer, through others where need be. False: it can't be more even."""
        for heavy, light in sorted(combinations(self.members, 2), key=lambda two: -abs(self.load[two[0]] - self.load[two[1]])):
            if self.load[heavy] < self.load[light]:
                heavy, light = light, heavy
            if self.load[heavy] - self.load[light] < 2:
                return False
            if way := self._way(heavy, light, fixed):
                for submission, giver, taker in way:
                    self.give_up(submission, giver)
                    self.take(submission, taker)
                return True
        return False

    def _way(self, heavy: UUID, light: UUID, fixed: Collection[Pair]) -> list[tuple[UUID, UUID, UUID]]:
        found: dict[UUID, list[tuple[UUID, UUID, UUID]]] = {heavy: []}
        waiting = deque([heavy])
        while waiting:
            giver = waiting.popleft()
            used = {submission for submission, _, _ in found[giver]}
            own = [submission for submission, member in self.pairs if member == giver and (submission, member) not in fixed]
            for taker in self.members:
                if taker in found:
                    continue
                for submission in own:
                    if submission not in used and self.may(submission, taker):
                        found[taker] = [*found[giver], (submission, giver, taker)]
                        if taker == light:
                            return found[taker]
                        waiting.append(taker)
                        break
        return []
