"""What a release means for those who go to a session (pure): only what they would go wrong by is worth a mail."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from conference.programme.releases import SIGNIFICANT
from conference.programme.tables import Session

WHOLE = {"cancelled", "restored"}
KINDS = {"starts_at": "moved", "ends_at": "moved", "room_id": "room", "join_url": "link"}


@dataclass(frozen=True, slots=True)
class Tiding:
    """What happened to one session, as JSON can hold it: instants as ISO text, in UTC."""

    title: str
    path: str
    starts_at: str
    ends_at: str
    kinds: tuple[str, ...]  # moved, room, link, cancelled, restored
    was_starts_at: str = ""
    was_ends_at: str = ""
    room: str = ""
    was_room: str = ""
    reason: str = ""
    because: str = field(default="")  # why this person is told

    def as_facts(self) -> dict[str, Any]:
        return asdict(self) | {"kinds": list(self.kinds)}


def is_worth_telling(line: Mapping[str, Any]) -> bool:
    return line["what"] in WHOLE or line.get("field") in SIGNIFICANT


def tidings_of(
    lines: Iterable[Mapping[str, Any]], sessions: Mapping[UUID, Session], path: str, rooms: Mapping[str, str], now: datetime
) -> dict[UUID, Tiding]:
    """One for each session with something worth telling that is not over, and was not. `sessions` are as they are after the release."""
    told: dict[UUID, list[Mapping[str, Any]]] = {}
    for line in filter(is_worth_telling, lines):
        told.setdefault(UUID(line["session"]), []).append(line)
    made = {id_: _tiding(sessions[id_], together, path, rooms) for id_, together in told.items() if id_ in sessions}
    return {id_: tiding for id_, tiding in made.items() if _is_ahead(tiding, now)}


def together(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Two mails' facts in one: the first says what a session was, the last what it is; what came back to that is left out."""
    merged: dict[str, dict[str, Any]] = {one["path"]: dict(one) for one in before}
    for one in after:
        first = merged.get(one["path"])
        merged[one["path"]] = _merged(first, one) if first else dict(one)
    return [one for one in merged.values() if one["kinds"]]


def _merged(first: Mapping[str, Any], last: Mapping[str, Any]) -> dict[str, Any]:
    was = {name: first[name] or last[name] for name in ("was_starts_at", "was_ends_at", "was_room")}
    kinds = list(dict.fromkeys([*first["kinds"], *first.get("hidden", ()), *last["kinds"]]))
    if set(kinds) >= WHOLE:  # it takes place, or does not, as they heard before
        kinds = [kind for kind in kinds if kind not in WHOLE]
    if (was["was_starts_at"], was["was_ends_at"]) == (last["starts_at"], last["ends_at"]):
        kinds = [kind for kind in kinds if kind != "moved"]
    if was["was_room"] == last["room"]:
        kinds = [kind for kind in kinds if kind != "room"]
    if "cancelled" in kinds:  # the rest is worth no word, unless it takes place after all
        return {**last, **was, "kinds": ["cancelled"], "hidden": [kind for kind in kinds if kind != "cancelled"]}
    return {**last, **was, "kinds": kinds}


def _tiding(session: Session, lines: Sequence[Mapping[str, Any]], path: str, rooms: Mapping[str, str]) -> Tiding:
    before = {line["field"]: line["before"] for line in lines if "field" in line}
    kinds = dict.fromkeys(KINDS[line["field"]] if "field" in line else line["what"] for line in lines)
    now_is = {"starts_at": session.starts_at.isoformat(), "ends_at": session.ends_at.isoformat()}
    return Tiding(
        title=session.title,
        path=f"{path}/sessions/{session.slug}",
        **now_is,
        kinds=("cancelled",) if "cancelled" in kinds else tuple(kinds),
        was_starts_at=before.get("starts_at", now_is["starts_at"]) if "moved" in kinds else "",
        was_ends_at=before.get("ends_at", now_is["ends_at"]) if "moved" in kinds else "",
        room=rooms.get(str(session.room_id), ""),
        was_room=rooms.get(before["room_id"], "") if "room_id" in before else "",
        reason=session.cancel_reason,
    )


def _is_ahead(tiding: Tiding, now: datetime) -> bool:
    ends = (tiding.ends_at, tiding.was_ends_at or tiding.ends_at)
    return any(datetime.fromisoformat(end) > now for end in ends)
