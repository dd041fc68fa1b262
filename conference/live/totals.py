"""The latest totals of each stage (pure): however commits and messages overtake each other, the youngest count wins."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from uuid import UUID

Votes = Mapping[UUID, int]


class Totals:
    """Gathers what changed until it is told. A total comes with the stage's `votes_seq` at which it was true."""

    def __init__(self) -> None:
        self._known: dict[UUID, dict[UUID, tuple[int, int]]] = defaultdict(dict)  # session, question: seq and votes
        self._changed: dict[UUID, dict[UUID, int]] = defaultdict(dict)

    def learn(self, session_id: UUID, seq: int, votes: Votes) -> bool:
        """These were the totals at `seq`. True where one of them is news."""
        known, changed = self._known[session_id], self._changed[session_id]
        for question_id, count in votes.items():
            then, before = known.get(question_id, (-1, -1))
            if seq > then:
                known[question_id] = (seq, count)
                if count != before:
                    changed[question_id] = count
        return bool(changed)

    def take(self, is_busy: Callable[[UUID], bool]) -> dict[UUID, dict[UUID, int]]:
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
