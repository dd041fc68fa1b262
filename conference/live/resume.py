"""Where a listener goes on (pure): from the number it heard last, or from a fresh snapshot; never with a silent gap."""

import re
from collections.abc import Sequence
from uuid import UUID

from conference.live.commands import Message
from conference.live.messages import Question, Resumed, Resync, Snapshot, Tick
from conference.live.stage import StageState
from conference.live.tables import Log
from conference.live.views import mine_of, questions_in, totals

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
    person_id: UUID | None,
    point: int | Resync | None,
    lines: Sequence[tuple[int, str]],
    questions: Sequence[Question] | None = None,
) -> list[str]:
    """What a listener is told so that it knows all up to `head`.

    `lines` are the log's own, number and text, from `point` on; where they don't reach to `head` without a gap, it starts afresh.
    `point` None: it knows nothing yet. `questions` spares making them out of `state`.
    """
    if isinstance(point, int):
        if [seq for seq, _ in lines] == list(range(point + 1, head + 1)):
            resumed = Resumed(log=log, after=point, seq=head, mine=mine_of(state, person_id))
            return [_text(resumed), *(text for _, text in lines), tick_text(totals(state))]
        point = Resync(reason="too_old")  # a rehearsal's lines were taken out
    shown = questions_in(state, log) if questions is None else tuple(questions)
    fresh = _text(Snapshot(log=log, seq=head, questions=shown, mine=mine_of(state, person_id)))
    return [fresh] if point is None else [_text(point), fresh]


def tick_text(tick: Tick) -> str:
    """Without what it does not tell."""
    return tick.model_dump_json(exclude_none=True)


def _text(message: Message) -> str:
    return message.model_dump_json()
