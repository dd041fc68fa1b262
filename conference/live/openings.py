"""How a listener begins: snapshot or resumption, out of one moment of the database. Many who come at once read a stage once."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from conference.broker import Parcel
from conference.live.messages import Welcome
from conference.live.queries import Cut, cut_of, lines_after
from conference.live.resume import MAX_REPLAY, first_words, resume_point
from conference.live.shapes import Mine
from conference.live.state import Actor
from conference.live.tables import Log
from conference.live.views import mine_of, shared_parts
from conference.storage.database import Db

STAGES_KEPT = 32
log = logging.getLogger("conference.live")


@dataclass(frozen=True, slots=True)
class Opening:
    """What a listener is told first, up to the number `seq` of its log."""

    messages: Sequence[str]
    seq: int


@dataclass(slots=True)
class Kept:
    """A stage as it was last read, and what all listeners of a log are shown of it."""

    cut: Cut
    shared: dict[Log, dict[str, object]] = field(default_factory=dict)


class Openings:
    """Nothing here is believed without the database: it says whether the stage still stands where it stood."""

    def __init__(self) -> None:
        self._kept: dict[UUID, Kept] = {}

    async def opening(self, db: Db, session_id: UUID, log: Log, who: Actor | None, after: str | None) -> Opening:
        """Call it in one `reading()`. `after` is the resume point as the client gave it; None: it knows nothing."""
        kept = self._kept.get(session_id)
        cut = await cut_of(db, session_id, who.person_id if who else None, kept.cut if kept else None)
        if kept is None or kept.cut.heads != cut.heads:
            kept = self._keep(session_id, cut)
        if log not in kept.shared:
            kept.shared[log] = dict(shared_parts(kept.cut.shared, log))
        head = cut.heads.of(log)
        point = None if after is None else resume_point(after, head)
        lines = await lines_after(db, session_id, log, point, MAX_REPLAY) if isinstance(point, int) and point < head else []
        mine = mine_of(cut.state, who.person_id, speaks=who.speaks) if who else Mine()
        return Opening(first_words(cut.state, log, head, mine, point, lines, kept.shared[log]), head)

    def _keep(self, session_id: UUID, cut: Cut) -> Kept:
        self._kept.pop(session_id, None)
        if len(self._kept) >= STAGES_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[session_id] = kept = Kept(cut)
        return kept


def greeting(welcome: Welcome, opening: Opening, meanwhile: Sequence[Parcel]) -> tuple[int | None, list[str]]:
    """All that is said first, with what was published while the opening was read; and up to which number of the log that goes.

    None for a number: a line would be missed, and the listener must come back.
    """
    said, texts = opening.seq, [welcome.model_dump_json(), *opening.messages]
    for parcel in meanwhile:
        if parcel.seq is not None:
            if parcel.seq <= said:
                continue  # the opening told it already
            if parcel.seq > said + 1:
                log.warning("a listener was about to miss %s to %s: it resumes", said + 1, parcel.seq - 1)
                return None, texts
            said = parcel.seq
        texts.append(parcel.text)
    return said, texts
