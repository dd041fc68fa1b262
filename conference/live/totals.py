"""The latest totals of each stage (pure): however commits and messages overtake each other, the youngest count wins."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

Counts = Mapping[Any, Any]  # by what they are called


class Totals:
    """Gathers what changed until it is told. A total comes with the stage's `votes_seq` at which it was true."""

    def __init__(self) -> None:
        self._known: dict[UUID, dict[Any, tuple[int, Any]]] = defaultdict(dict)  # session, name: seq and total
        self._changed: dict[UUID, dict[Any, Any]] = defaultdict(dict)

    def learn(self, session_id: UUID, seq: int, totals: Counts) -> bool:
        """These were the totals at `seq`. True where one of them is news."""
        known, changed = self._known[session_id], self._changed[session_id]
        for name, count in totals.items():
            then, before = known.get(name, (-1, None))
            if seq > then:
                known[name] = (seq, count)
                if count != before:
                    changed[name] = count
        return bool(changed)

    def youngest(self, session_id: UUID, name: Any) -> Any:
        """The latest total of this name that is known; None: nothing of it is known here."""
        return self._known.get(session_id, {}).get(name, (0, None))[1]

    def take(self, is_busy: Callable[[UUID], bool]) -> dict[UUID, dict[Any, Any]]:
        """What changed since the last time; a stage whose room is still busy is told later."""
        ready = {session_id: votes for session_id, votes in self._changed.items() if votes and not is_busy(session_id)}
        for session_id in ready:
            del self._changed[session_id]
        return ready

    @property
    def waits(self) -> bool:
        """Whether something is still to be told."""
        return any(self._changed.values())

    def keep_only(self, session_ids: Collection[UUID]) -> None:
        """Forget the stages that nobody listens to here."""
        self._known = defaultdict(dict, {each: votes for each, votes in self._known.items() if each in session_ids})
        self._changed = defaultdict(dict, {each: votes for each, votes in self._changed.items() if each in session_ids})
