"""Sessions that come of submissions: a proposed talk is planned, a project names its showcase. The next release publishes them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import select

from conference.calls.award_queries import session_of
from conference.calls.award_tables import SubmissionSession
from conference.calls.submission_tables import Submission
from conference.errors import Conflict, Invalid
from conference.people.actions import grant_role
from conference.people.tables import Person, RoleKind
from conference.programme.drafting import draft_new
from conference.programme.planned import planned_programme
from conference.programme.releases import SessionPlan
from conference.programme.tables import Event, SessionType, Speaker
from conference.record.actions import note
from conference.speaking.inviting import add_speaker
from conference.storage.database import Db

TITLE, ABSTRACT = "title", "abstract"  # the questions of a call for proposals that a programme reads
ONE_ALREADY = "This submission has its session already."


@dataclass(frozen=True, slots=True)
class When:
    """Where and when a talk is to be, and what kind of session it makes."""

    type: SessionType
    room_id: UUID
    starts_at: datetime
    ends_at: datetime


async def plan_talk(
    db: Db, event: Event, submission: Submission, answers: dict[str, Any], person: Person, when: When, now: datetime, *, by: Person
) -> UUID:
    """A session for the next release, with whoever proposed it as its speaker. Raises Invalid, and Conflict where it has one."""
    if await session_of(db, submission.id):
        raise Conflict(ONE_ALREADY)
    title = " ".join(str(answers.get(TITLE, "")).split())[:200]
    if not title:
        raise Invalid("title", "The proposal has no title: a call for talks asks for one by the key “title”.")
    speaker = await _speaker_for(db, event, person, now, by)
    plan = SessionPlan(
        title=title,
        type=when.type,
        room_id=when.room_id,
        starts_at=when.starts_at,
        ends_at=when.ends_at,
        abstract=str(answers.get(ABSTRACT, "")),
    )
    draft = await draft_new(db, event, plan, [speaker], now, by=by.id)
    await _keep(db, event, submission, draft.session_id, now, by)
    return draft.session_id


async def name_showcase(db: Db, event: Event, submission: Submission, session_id: UUID, now: datetime, *, by: Person) -> None:
    """The session in which a funded project presents; another one replaces it. Raises Invalid for what is not in this programme."""
    if session_id not in {planned.facts.session.id for planned in await planned_programme(db, event)}:
        raise Invalid("session", "Choose a session of this event.")
    there = await session_of(db, submission.id)
    if there:
        there.session_id, there.event_id, there.by_id, there.made_at = session_id, event.id, by.id, now
        await db.flush()
        note(db, "showcase changed", f"submission:{submission.id}", now, person_id=by.id, event_id=event.id)
    else:
        await _keep(db, event, submission, session_id, now, by)


async def _keep(db: Db, event: Event, submission: Submission, session_id: UUID, now: datetime, by: Person) -> None:
    db.add(SubmissionSession(submission_id=submission.id, event_id=event.id, session_id=session_id, by_id=by.id, made_at=now))
    await db.flush()
    note(db, "session of a submission", f"submission:{submission.id}", now, person_id=by.id, event_id=event.id)


async def _speaker_for(db: Db, event: Event, person: Person, now: datetime, by: Person) -> Speaker:
    """Theirs at this event, made where there is none: whoever confirmed a proposal speaks in their own name."""
    mine = select(Speaker).where(Speaker.event_id == event.id, Speaker.person_id == person.id)
    speaker = (await db.exec(mine)).first()
    if speaker is None:
        speaker = await add_speaker(db, event, person.name, person.organisation, now, by=by.id)
        speaker.person_id = person.id
        await db.flush()
    await grant_role(db, person, event.id, RoleKind.speaker, now, by=by.id)
    return speaker
