"""Where a listener goes on (pure): from the number it heard last, or from a fresh snapshot; never with a silent gap."""

import re
from collections.abc import Sequence
from uuid import UUID

from conference.live.commands import Message
from conference.live.messages import Resumed, Resync
from conference.live.stage import StageState
from conference.live.tables import Log
from conference.live.views import mine_of, snapshot, totals

MAX_REPLAY = 500  # lines that are sent again; beyond them a snapshot is shorter


def resume_point(asked: str, head: int) -> int | Resync:
    """`asked` is what the address says after `after=`; `head` is where the log stands."""
    if re.fullmatch(r"-[0-9]+", asked):
        return Resync(reason="negative")
    if not re.fullmatch(r"[0-9]{1,18}", asked):
        return Resync(reason="unknown")
    after = int(asked)
    if after > head:
        return Resync(reason="future")
    return after if head - after <= MAX_REPLAY else Resync(reason="too_old")


def first_words(
    state: StageState, log: Log, head: int, person_id: UUID | None, point: int | Resync | None, lines: Sequence[str]
) -> list[str]:
    """What a listener is told so that it knows all up to `head`. `lines` are the log's own, from `point` on; None: it knows nothing yet."""
    if isinstance(point, int):
        resumed = Resumed(log=log, after=point, seq=head, mine=mine_of(state, person_id))
        return [_text(resumed), *lines, _text(totals(state))]
    fresh = _text(snapshot(state, log, head, person_id))
    return [fresh] if point is None else [_text(point), fresh]


def _text(message: Message) -> str:
    return message.model_dump_json()
