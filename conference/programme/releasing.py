"""Taking drafts into the published programme, and taking a release back."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.errors import Conflict
from conference.programme.actions import (
    Changes,
    change_session,
    check_plan_fits,
    end_session,
    line_of,
    lines_between,
    put_session,
    release_programme,
    restore_session,
)
from conference.programme.drafts import patched, patched_speakers, whole_plan
from conference.programme.planned import Planned
from conference.programme.releases import differences, plan_of
from conference.programme.tables import DraftAct, Event, ScheduleRelease, Session, SessionDraft, SessionSpeaker, Speaker
from conference.storage.database import Db


async def release_drafts(
    db: Db, event: Event, now: datetime, *, by: UUID | None = None, note_words: str = "", only: Collection[UUID] | None = None
) -> ScheduleRelease:
    """Publish the event's drafts as one release (or those of `only` these sessions). Each session's SEQUENCE moves at most once.

    Raises Conflict where there is nothing to release, and Invalid or Conflict where a draft no longer fits: then nothing is published.
    """
    await db.refresh(event, with_for_update={"key_share": True})
    mine = select(SessionDraft).where(SessionDraft.event_id == event.id).order_by(col(SessionDraft.id)).with_for_update()
    drafts = [draft for draft in await db.exec(mine) if only is None or draft.session_id in only]
    lines: Changes = []
    for draft in drafts:
        lines += await _publish(db, event, draft, now)
        await db.delete(draft)
    if not lines:
        raise Conflict("There is nothing to release: everything planned is published already.")
    return await release_programme(db, event, lines, now, note_words=" ".join(note_words.split())[:300], by=by)


async def _publish(db: Db, event: Event, draft: SessionDraft, now: datetime) -> Changes:
    if draft.act is DraftAct.add:
        plan, speakers = whole_plan(draft.patch), await still_there(db, event, patched_speakers((), draft.patch))
        await check_plan_fits(db, event, plan)
        return [line_of(await put_session(db, event, draft.session_id, draft.slug, plan, speakers, now), "added")]
    one = select(Session).where(Session.id == draft.session_id)
    session = (await db.exec(one.with_for_update(key_share=True).execution_options(populate_existing=True))).one()
    if draft.act is DraftAct.cancel:  # unless a version taken back did it already; and so with the other
        return [] if session.cancelled_at else [end_session(session, draft.reason, now)]
    if draft.act is DraftAct.restore:
        return [restore_session(session, now)] if session.cancelled_at else []
    if session.cancelled_at:
        raise Conflict(f"“{session.title}” was cancelled after its draft was made. Drop that draft, or let it take place, then release.")
    speakers = await still_there(db, event, patched_speakers(await speaking_at(db, session), draft.patch))
    return await change_session(db, event, session, patched(plan_of(session), draft.patch), speakers, now)


async def speaking_at(db: Db, session: Session) -> list[UUID]:
    """Ids of who speaks, in their order."""
    links = select(SessionSpeaker.speaker_id).where(SessionSpeaker.session_id == session.id).order_by(col(SessionSpeaker.position))
    return list((await db.exec(links)).all())


async def still_there(db: Db, event: Event, wanted: list[UUID]) -> list[UUID]:
    """Without those who were removed from the event since they were chosen."""
    known = set(await db.exec(select(Speaker.id).where(Speaker.event_id == event.id, col(Speaker.id).in_(wanted))))
    return [speaker for speaker in wanted if speaker in known]


def lines_of_drafts(planned: Sequence[Planned]) -> Changes:
    """What a release would say of these drafts (pure)."""
    return [line for one in planned if one.draft for line in _lines(one, one.draft)]


def _lines(one: Planned, draft: SessionDraft) -> Changes:
    session, before = one.facts.session, one.published
    if draft.act is not DraftAct.change or before is None:
        what = {DraftAct.cancel: "cancelled", DraftAct.restore: "restored"}.get(draft.act, "added")
        return [line_of(session, what)]
    spoke, speaks = ([speaker.id for speaker in facts.speakers] for facts in (before, one.facts))
    return lines_between(session, differences(plan_of(before.session), plan_of(session)), spoke, speaks)
