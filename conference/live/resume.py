"""Where a listener goes on (pure): from the number it heard last, or from a fresh snapshot; never with a silent gap."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from conference.live.commands import Message
from conference.live.folding import tick_of
from conference.live.messages import Resumed, Resync, Snapshot, Tick
from conference.live.shapes import Mine
from conference.live.state import StageState
from conference.live.tables import Log
from conference.live.views import shared_parts, totals

WITHOUT_WORDS: Mapping[str, Mapping[str, object]] = {
    "question": {"text": "", "author": None, "answer": ""},
    "message": {"text": "", "author": ""},
}
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
            return [_text(resumed), *without_what_is_gone(text for _, text in lines), tick_text(tick_of(totals(state)))]
        point = Resync(reason="too_old")  # a rehearsal's lines were taken out
    parts = dict(shared_parts(state, log)) if shared is None else dict(shared)
    fresh = _text(Snapshot.model_validate({"log": log, "seq": head, "mine": mine, **parts}))
    return [fresh] if point is None else [_text(point), fresh]


def without_what_is_gone(texts: Iterable[str]) -> list[str]:
    """A log's lines up to its end, without the words and the author of what one of them hides or deletes: whoever was away learns that
    it was there, and no more. Everything comes out as if all had been heard.
    """
    told = list(texts)
    if not any('"question_hidden"' in text or '"deleted":true' in text for text in told):
        return told
    gone: set[str] = set()
    told.reverse()
    for place, text in enumerate(told):
        line = json.loads(text)
        shown = line.get("question") or line.get("message") or {}
        if line["type"] == "question_hidden":
            gone.add(line["question_id"])
        elif shown.get("deleted"):
            gone.add(shown["id"])
        elif shown.get("id") in gone:
            shown.update(WITHOUT_WORDS["question" if "question" in line else "message"])
            told[place] = line_text(line)
    told.reverse()
    return told


def line_text(body: Mapping[str, object]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def tick_text(tick: Tick) -> str:
    """Without what it does not tell."""
    return tick.model_dump_json(exclude_none=True)


def _text(message: Message) -> str:
    return message.model_dump_json()
