"""What a session was before, read off the releases (pure): feeds of a part of the programme tell with it what has left them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from conference.programme.entry import Facts
from conference.programme.tables import ScheduleRelease, SessionType

SPEAKERS = "speakers"  # the kind of a release's line that says who speaks


@dataclass(frozen=True, slots=True)
class Look:
    """All of a session that decides about which parts of the programme it is in."""

    starts_at: datetime
    type: SessionType
    room_id: UUID
    track_id: UUID | None
    speakers: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What one release said of one session."""

    at: datetime
    lines: tuple[Mapping[str, Any], ...]


def told_of(releases: Iterable[ScheduleRelease]) -> dict[str, list[Told]]:
    """By session id as text: what the releases said of it, in the order given."""
    told: dict[str, list[Told]] = defaultdict(list)
    for release in releases:
        lines: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for line in release.changes:
            lines[line.get("session", "")].append(line)
        for session, its in lines.items():
            told[session].append(Told(release.released_at, tuple(its)))
    return told


def looks_of(facts: Facts, told: Sequence[Told]) -> list[Look]:
    """What it was in each release, the oldest first, and what it is now last. `told`: the newest first."""
    session = facts.session
    looks = [Look(session.starts_at, session.type, session.room_id, session.track_id, tuple(speaker.id for speaker in facts.speakers))]
    for release in told:
        if any(line["what"] == "added" for line in release.lines):
            break
        before = {name: value for line in release.lines for name, value in _before(line)}
        if before:
            looks.append(replace(looks[-1], **before))
    return looks[::-1]


def speaker_changes(told: Iterable[Told]) -> list[tuple[datetime, frozenset[UUID], frozenset[UUID]]]:
    """When who speaks was changed, from whom, to whom; in the order given."""
    lines = ((release.at, line) for release in told for line in release.lines if line["what"] == SPEAKERS)
    return [(at, frozenset(_ids(line["before"])), frozenset(_ids(line["after"]))) for at, line in lines if "before" in line]


def _before(line: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What a line undoes, as a Look has it; lines of other fields undo nothing here."""
    if line["what"] == SPEAKERS and "before" in line:
        return [("speakers", _ids(line["before"]))]
    match line.get("field"), line.get("before"):
        case "starts_at", str(value):
            return [("starts_at", datetime.fromisoformat(value))]
        case "type", str(value):
            return [("type", SessionType(value))]
        case "room_id" | "track_id" as name, str(value):
            return [(name, UUID(value) if value else None)]
    return []


def _ids(words: str) -> tuple[UUID, ...]:
    return tuple(map(UUID, words.split()))
