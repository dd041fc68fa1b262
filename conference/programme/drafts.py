"""A draft's patch (pure): what an organiser changed about a session, as JSON, and what the session becomes by it."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from conference.programme.releases import SessionPlan, as_text
from conference.programme.tables import SessionType

Patch = dict[str, Any]  # field: text, as a release's lines hold it; "speakers": ids in order
SPEAKERS = "speakers"
_INSTANTS = {"starts_at", "ends_at"}
_IDS = {"room_id", "track_id"}


def patch_of(before: SessionPlan | None, after: SessionPlan, speakers_before: Sequence[UUID], speakers: Sequence[UUID]) -> Patch:
    """What turns `before` into `after`; for a session that isn't there yet, all of it."""
    names = [field.name for field in fields(SessionPlan)]
    patch: Patch = {
        name: as_text(getattr(after, name)) for name in names if before is None or getattr(before, name) != getattr(after, name)
    }
    if before is None or list(speakers_before) != list(speakers):
        patch[SPEAKERS] = [str(speaker) for speaker in speakers]
    return patch


def patched(plan: SessionPlan, patch: Patch) -> SessionPlan:
    """The plan with the patch on it."""
    return replace(plan, **{name: from_text(name, value) for name, value in patch.items() if name != SPEAKERS})


def whole_plan(patch: Patch) -> SessionPlan:
    """The plan of a session that is added."""
    return SessionPlan(**{name: from_text(name, value) for name, value in patch.items() if name != SPEAKERS})


def patched_speakers(speakers: Sequence[UUID], patch: Patch) -> list[UUID]:
    return [UUID(speaker) for speaker in patch[SPEAKERS]] if SPEAKERS in patch else list(speakers)


def from_text(field: str, text: str) -> Any:
    """A field's value from what `as_text` made of it."""
    if field in _INSTANTS:
        return datetime.fromisoformat(text)
    if field in _IDS:
        return UUID(text) if text else None
    if field == "for_everyone":
        return text == "True"
    return SessionType(text) if field == "type" else text
