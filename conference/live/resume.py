"""Where a listener goes on (pure): from the number it heard last, or from a fresh snapshot; never with a silent gap."""

import re
from collections.abc import Mapping, Sequence

from conference.live.commands import Message
from conference.live.folding import tick_of
from conference.live.messages import Resumed, Resync, Snapshot, Tick
from conference.live.shapes import Mine
from conference.live.state import StageState
from conference.live.tables import Log
from conference.live.views import shared_parts, totals

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
    state: StageState,
    log: Log,
    head: int,
    mine: Mine,
    point: int | Resync | None,
    lines: Sequence[tuple[int, str]],
    shared: Mapping[str, object] | None = None,
) -> list[str]:
    """What a listener is told so that it knows all up to `head`.

    `lines` are the log's own, number and text, from `point` on; where they don't reach to `head` without a gap, it starts afresh.
    `point` None: it knows nothing yet. `shared` spares making the shared parts of a snapshot out of `state`.
    """
    if isinstance(point, int):
        if [seq for seq, _ in lines] == list(range(point + 1, head + 1)):
            resumed = Resumed(log=log, after=point, seq=head, mine=mine)
            return [_text(resumed), *(text for _, text in lines), tick_text(tick_of(totals(state)))]
        point = Resync(reason="too_old")  # a rehearsal's lines were taken out
    parts = dict(shared_parts(state, log)) if shared is None else dict(shared)
    fresh = _text(Snapshot.model_validate({"log": log, "seq": head, "mine": mine, **parts}))
    return [fresh] if point is None else [_text(point), fresh]


def tick_text(tick: Tick) -> str:
    """Without what it does not tell."""
    return tick.model_dump_json(exclude_none=True)


def _text(message: Message) -> str:
    return message.model_dump_json()
