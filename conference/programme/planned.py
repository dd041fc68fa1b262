"""Reading the programme as it is planned: what is published, with the drafts on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from conference.errors import NotFound
from conference.programme.drafts import patched, patched_speakers, whole_plan
from conference.programme.queries import SessionFacts, event_at, facts_of, programme_of, speakers_of
from conference.programme.releases import SessionPlan, plan_of
from conference.programme.tables import DraftAct, Event, Session, SessionDraft, Speaker
from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class Planned:
    """One session as it will be after the next release. `facts.session` is a copy where there is a draft: never add it to a database."""

    facts: SessionFacts
    draft: SessionDraft | None  # None: as published
    published: SessionFacts | None  # None: it is to be added

    @property
    def version(self) -> str:
        """What an editor's form carries along, to notice who saved meanwhile, be it a draft or a release."""
        stamps = (self.published and self.published.session.modified_at, self.draft and self.draft.modified_at)
        return "/".join(stamp.isoformat() if stamp else "-" for stamp in stamps)


async def planned_programme(db: Db, event: Event) -> list[Planned]:
    """Every session, cancelled ones and those to be added too, in the order of the day."""
    published = {facts.session.id: facts for facts in await programme_of(db, event)}
    drafts = {draft.session_id: draft for draft in await drafts_of(db, event)}
    shown = await _drafted(db, event, list(drafts.values()), published)
    planned = [Planned(shown.get(id_, facts), drafts.get(id_), facts) for id_, facts in published.items()]
    planned += [Planned(shown[id_], draft, None) for id_, draft in drafts.items() if id_ not in published]
    return sorted(planned, key=lambda one: (one.facts.session.starts_at, one.facts.session.ends_at, one.facts.session.title))


async def planned_at(db: Db, event: str, session: str) -> Planned:
    """The session of this address, published or only drafted. Raises NotFound."""
    owner = await event_at(db, event)
    found = next((one for one in await planned_programme(db, owner) if one.facts.session.slug == session), None)
    if not found:
        raise NotFound("There is no session at this address.")
    return found


async def drafts_of(db: Db, event: Event) -> Sequence[SessionDraft]:
    """In the order in which they were begun."""
    return (await db.exec(select(SessionDraft).where(SessionDraft.event_id == event.id).order_by(col(SessionDraft.id)))).all()


async def draft_of(db: Db, session_id: UUID) -> SessionDraft | None:
    """For this transaction alone."""
    one = select(SessionDraft).where(SessionDraft.session_id == session_id)
    return (await db.exec(one.with_for_update().execution_options(populate_existing=True))).first()


async def _drafted(db: Db, event: Event, drafts: Sequence[SessionDraft], published: dict[UUID, SessionFacts]) -> dict[UUID, SessionFacts]:
    """Each draft's session as it would be, by id."""
    speakers = {speaker.id: speaker for speaker in await speakers_of(db, event)} if drafts else {}
    copies = [_copy(draft, published.get(draft.session_id)) for draft in drafts]
    shown = await facts_of(db, {event.id: event}, copies)
    return {
        draft.session_id: replace(facts, speakers=_speakers(draft, published.get(draft.session_id), speakers))
        for draft, facts in zip(drafts, shown, strict=True)
    }


def _copy(draft: SessionDraft, published: SessionFacts | None) -> Session:
    base = published.session if published else None
    plan = patched(plan_of(base), draft.patch) if base else whole_plan(draft.patch)
    values: dict[str, Any] = base.model_dump() if base else {"id": draft.session_id, "event_id": draft.event_id, "slug": draft.slug}
    values |= {"made_at": draft.made_at} if not base else {}
    values |= {name: getattr(plan, name) for name in SessionPlan.__slots__} | {"modified_at": draft.modified_at}
    if draft.act is DraftAct.cancel:
        values |= {"cancelled_at": draft.modified_at, "cancel_reason": draft.reason}
    if draft.act is DraftAct.restore:
        values |= {"cancelled_at": None, "cancel_reason": ""}
    return Session(**values)


def _speakers(draft: SessionDraft, published: SessionFacts | None, known: dict[UUID, Speaker]) -> tuple[Speaker, ...]:
    before = [speaker.id for speaker in published.speakers] if published else []
    return tuple(known[id_] for id_ in patched_speakers(before, draft.patch) if id_ in known)
