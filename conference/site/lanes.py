"""A day as a grid (pure): which lane a session stands in, and from which line to which.

Lanes are rooms, or tracks where the rooms don't tell sessions apart. Lines are the moments at which something begins or ends.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from conference.programme.queries import SessionFacts
from conference.programme.tables import Session

MOST_LANES = 6  # as many as a wide screen has room for
MOST_LINES = 60  # static/css/lanes.css knows no more
ALL = 0  # the lane of what stands across all of them


@dataclass(frozen=True, slots=True)
class Cell:
    lane: int  # from 1, or ALL
    first: int  # lines, from 1
    last: int


@dataclass(frozen=True, slots=True)
class Lanes:
    heads: tuple[str, ...]
    cells: dict[UUID, Cell]  # by session id


def lanes_of(programme: Sequence[SessionFacts]) -> Lanes | None:
    """None where nothing runs beside anything else, or where a grid would not hold it. Cancelled sessions keep their place."""
    if not _overlap([facts.session for facts in programme]):
        return None
    lines = sorted({moment for facts in programme for moment in (facts.session.starts_at, facts.session.ends_at)})
    for name in (_room, _track):
        lanes: dict[str, list[Session]] = {}
        for facts in programme:
            lanes.setdefault(name(facts), []).append(facts.session)
        if not any(map(_overlap, lanes.values())):
            heads = _heads(programme, name)
            fits = 2 <= len(heads) <= MOST_LANES and len(lines) <= MOST_LINES
            return _laid_out(programme, name, heads, lines) if fits else None
    return None


def _room(facts: SessionFacts) -> str:
    return facts.room.name


def _track(facts: SessionFacts) -> str:
    return facts.track.name if facts.track else "Everybody"


def _heads(programme: Sequence[SessionFacts], name: Callable[[SessionFacts], str]) -> list[str]:
    """The lanes of what runs beside something else, in the order of the day; what is alone needs none of its own."""
    return list(dict.fromkeys(name(facts) for facts in programme if not _is_alone(facts, programme)))


def _laid_out(programme: Sequence[SessionFacts], name: Callable[[SessionFacts], str], heads: list[str], lines: list[datetime]) -> Lanes:
    cells = {}
    for facts in programme:
        session = facts.session
        lane = ALL if _is_alone(facts, programme) else heads.index(name(facts)) + 1
        cells[session.id] = Cell(lane, lines.index(session.starts_at) + 1, lines.index(session.ends_at) + 1)
    return Lanes(tuple(heads), cells)


def _is_alone(facts: SessionFacts, programme: Sequence[SessionFacts]) -> bool:
    here = facts.session
    others = (other.session for other in programme if other.session.id != here.id)
    return not any(other.starts_at < here.ends_at and here.starts_at < other.ends_at for other in others)


def _overlap(sessions: Sequence[Session]) -> bool:
    ends = None
    for session in sorted(sessions, key=lambda session: session.starts_at):
        if ends and session.starts_at < ends:
            return True
        ends = max(ends, session.ends_at) if ends else session.ends_at
    return False
