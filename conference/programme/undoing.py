"""Taking a release back: what it changed is put back by a new release, as far as nobody changed it again since."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from conference.errors import Conflict, Refusal
from conference.programme.actions import Changes, Line, change_session, end_session, release_programme, restore_session
from conference.programme.drafts import from_text
from conference.programme.releases import SessionPlan, as_text, plan_of
from conference.programme.releasing import speaking_at, still_there
from conference.programme.tables import Event, ScheduleRelease, Session
from conference.storage.database import Db

TAKEN_BACK = "It was added by mistake."


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of it. `left`: sentences about what stays as it is, and why."""

    release: ScheduleRelease
    left: tuple[str, ...]


async def undo_release(db: Db, event: Event, release: ScheduleRelease, now: datetime, *, by: UUID | None = None) -> Undone:
    """Put back what the release changed, as one new release: no SEQUENCE falls. Raises Conflict where nothing can be put back."""
    await db.refresh(event, with_for_update={"key_share": True})
    lines: Changes = []
    left: list[str] = []
    for session, told in await _sessions(db, event, release):
        try:
            lines += await _put_back(db, event, session, told, now, left)
        except Refusal as refusal:  # the old room is gone, for example
            left.append(f"“{session.title}”: {refusal.sentence}")
    if not lines:
        raise Conflict(" ".join(["Nothing of this version can be taken back.", *left]))
    words = f"Version {release.number} taken back."
    return Undone(await release_programme(db, event, lines, now, note_words=words, by=by), tuple(left))


async def _sessions(db: Db, event: Event, release: ScheduleRelease) -> list[tuple[Session, list[Line]]]:
    """The sessions that it touched, locked, each with its lines."""
    told: dict[UUID, list[Line]] = {}
    for line in release.changes:
        told.setdefault(UUID(line["session"]), []).append(line)
    mine = select(Session).where(Session.event_id == event.id, col(Session.id).in_(told)).order_by(col(Session.id))
    rows = await db.exec(mine.with_for_update(key_share=True).execution_options(populate_existing=True))
    return [(session, told[session.id]) for session in rows]


async def _put_back(db: Db, event: Event, session: Session, told: Sequence[Line], now: datetime, left: list[str]) -> Changes:
    what = {line["what"] for line in told}
    if "added" in what:
        return [] if session.cancelled_at else [end_session(session, TAKEN_BACK, now)]
    if "cancelled" in what:
        return [restore_session(session, now)] if session.cancelled_at else []
    if "restored" in what:
        return [] if session.cancelled_at else [end_session(session, "", now)]
    if session.cancelled_at:
        left.append(f"“{session.title}” was cancelled since.")
        return []
    plan, since = _plan_before(session, told)
    speakers, spoke_since = await _speakers_before(db, event, session, told)
    if since or spoke_since:
        left.append(f"“{session.title}” was changed again since; what is newer stays.")
    return await change_session(db, event, session, plan, speakers, now)


def _plan_before(session: Session, told: Sequence[Line]) -> tuple[SessionPlan, bool]:
    """The plan with what the release changed put back; True where something of it was changed again since, which stays."""
    plan, back = plan_of(session), dict[str, Any]()
    changed = [line for line in told if line["what"] == "changed"]
    for line in changed:
        if as_text(getattr(plan, line["field"])) == line["after"]:
            back[line["field"]] = from_text(line["field"], line["before"])
    return replace(plan, **back), len(back) < len(changed)


async def _speakers_before(db: Db, event: Event, session: Session, told: Sequence[Line]) -> tuple[list[UUID], bool]:
    current = await speaking_at(db, session)
    line = next((line for line in told if line["what"] == "speakers" and "before" in line), None)
    if line is None:
        return current, False
    if " ".join(map(str, current)) != line["after"]:
        return current, True
    return await still_there(db, event, [UUID(one) for one in line["before"].split()]), False
