"""Drafts: what organisers decide about sessions before it is released. Nobody else sees any of it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from conference.programme.actions import check_plan_fits, lock_session, taken_slugs
from conference.programme.drafts import Patch, patch_of
from conference.programme.planned import Planned, draft_of
from conference.programme.releases import SessionPlan, plan_of
from conference.programme.rules import Stale, check_cancelled, check_not_cancelled, slug_of
from conference.programme.tables import DraftAct, Event, SessionDraft, Speaker
from conference.record.actions import note
from conference.storage.database import Db
from conference.storage.ids import new_id


async def draft_new(
    db: Db,
    event: Event,
    plan: SessionPlan,
    speakers: Iterable[Speaker],
    now: datetime,
    *,
    by: UUID | None = None,
    slug: str = "",
    session_id: UUID | None = None,
    taken: set[str] | None = None,
) -> SessionDraft:
    """A session to be added by the next release. Its address and its calendar identity are settled now. Raises Invalid.

    `session_id` is the identity that it brings from elsewhere: the caller has made sure that nothing has it. `taken` are the event's
    addresses (`taken_slugs`), for who drafts many: read once, with the event locked, and added to here.
    """
    await check_plan_fits(db, event, plan)
    await db.refresh(event, with_for_update={"key_share": True})
    taken = await taken_slugs(db, event) if taken is None else taken
    word = slug if slug and slug not in taken else slug_of(plan.title, taken)
    taken.add(word)
    patch = patch_of(None, plan, (), [speaker.id for speaker in speakers])
    id_ = session_id or new_id()
    draft = SessionDraft(event_id=event.id, session_id=id_, slug=word, act=DraftAct.add, patch=patch, made_at=now, modified_at=now)
    return await _keep(db, event, draft, now, by)


async def draft_change(
    db: Db,
    event: Event,
    planned: Planned,
    plan: SessionPlan,
    speakers: Iterable[Speaker],
    now: datetime,
    *,
    by: UUID | None = None,
    seen: str | None = None,
) -> SessionDraft | None:
    """The session is to be like this. None where that is what is published: a draft that wanted something else is dropped.

    `seen` is the `Planned.version` that the editor began with: raises Stale where somebody saved since. Raises Invalid, Conflict.
    """
    draft, wanted = await _locked(db, event, planned), [speaker.id for speaker in speakers]
    if planned.published:
        check_not_cancelled(planned.published.session)
    _check_seen(planned, draft, seen)
    await check_plan_fits(db, event, plan)
    if not planned.published:
        patch = patch_of(None, plan, (), wanted)
        return await _set(db, event, draft, planned, DraftAct.add, patch, "", now, by)
    before = planned.published
    patch = patch_of(plan_of(before.session), plan, [speaker.id for speaker in before.speakers], wanted)
    if not patch:
        await _drop(db, draft)
        return None
    return await _set(db, event, draft, planned, DraftAct.change, patch, "", now, by)


async def draft_cancellation(
    db: Db, event: Event, planned: Planned, reason: str, now: datetime, *, by: UUID | None = None
) -> SessionDraft | None:
    """The session is to be cancelled, whatever else was drafted for it; one that was only drafted goes at once, and None is returned."""
    draft = await _locked(db, event, planned)
    if not planned.published:
        await _drop(db, draft)
        return None
    check_not_cancelled(planned.published.session)
    return await _set(db, event, draft, planned, DraftAct.cancel, {}, " ".join(reason.split())[:300], now, by)


async def draft_restoration(db: Db, event: Event, planned: Planned, now: datetime, *, by: UUID | None = None) -> SessionDraft:
    """A session that was cancelled is to take place after all."""
    draft = await _locked(db, event, planned)
    check_cancelled(planned.published.session if planned.published else planned.facts.session)
    return await _set(db, event, draft, planned, DraftAct.restore, {}, "", now, by)


async def drop_draft(db: Db, event: Event, session_id: UUID, now: datetime, *, by: UUID | None = None) -> None:
    """Back to what is published. Nothing happens where there is no draft."""
    draft = await draft_of(db, session_id)
    if draft and draft.event_id == event.id:
        await _drop(db, draft)
        note(db, "draft dropped", f"session:{session_id}", now, person_id=by, event_id=event.id)


async def _locked(db: Db, event: Event, planned: Planned) -> SessionDraft | None:
    """The session's draft, with nobody else at it. Raises Stale where the session was only a draft, and is none any more."""
    session = planned.published.session if planned.published else None
    if session:
        await lock_session(db, event, session)
    else:
        await db.refresh(event, with_for_update={"key_share": True})
    draft = await draft_of(db, planned.facts.session.id)
    if not session and not draft:
        raise Stale("This session was released or dropped after you opened it. Nothing of yours was saved, and nothing was lost.")
    return draft


def _check_seen(planned: Planned, draft: SessionDraft | None, seen: str | None) -> None:
    if seen is not None and seen != Planned(planned.facts, draft, planned.published).version:
        title = planned.facts.session.title
        raise Stale(f"Somebody else saved “{title}” after you opened it. Nothing of yours was saved, and nothing was lost.")


async def _set(
    db: Db,
    event: Event,
    draft: SessionDraft | None,
    planned: Planned,
    act: DraftAct,
    patch: Patch,
    reason: str,
    now: datetime,
    by: UUID | None,
) -> SessionDraft:
    session = planned.facts.session
    draft = draft or SessionDraft(event_id=event.id, session_id=session.id, slug=session.slug, act=act, made_at=now, modified_at=now)
    draft.act, draft.patch, draft.reason = act, patch, reason
    return await _keep(db, event, draft, now, by)


async def _keep(db: Db, event: Event, draft: SessionDraft, now: datetime, by: UUID | None) -> SessionDraft:
    draft.modified_at, draft.person_id = now, by
    db.add(draft)
    await db.flush()
    note(db, "session drafted", f"session:{draft.session_id}", now, person_id=by, event_id=event.id, what=draft.act.value)
    return draft


async def _drop(db: Db, draft: SessionDraft | None) -> None:
    if draft:
        await db.delete(draft)
        await db.flush()
