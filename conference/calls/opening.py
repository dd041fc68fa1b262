"""Making a call from its definition, and giving it another version."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select

from conference.calls.definition import Definition
from conference.calls.queries import lock_call, newest_version
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call, CallKind, CallState, CallVersion
from conference.record.actions import note
from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class CallPlan:
    """What a call is beside its definition. Instants are aware."""

    slug: str
    kind: CallKind
    title: str
    zone: str
    event_id: UUID | None = None
    opens_at: datetime | None = None
    deadline_at: datetime | None = None
    results_by: date | None = None
    places: int | None = None
    budget_pence: int | None = None


async def add_call(
    db: Db, plan: CallPlan, definition: Definition, now: datetime, *, state: CallState = CallState.draft, by: UUID | None = None
) -> Call:
    call = Call(
        slug=plan.slug,
        kind=plan.kind,
        title=plan.title,
        zone=plan.zone,
        event_id=plan.event_id,
        opens_at=plan.opens_at,
        deadline_at=plan.deadline_at,
        results_by=plan.results_by,
        places=plan.places,
        budget_pence=plan.budget_pence,
        state=state,
        made_at=now,
    )
    db.add(call)
    await db.flush()
    db.add(CallVersion(call_id=call.id, number=1, definition=definition.as_json(), published_at=now, by_id=by))
    await db.flush()
    note(db, "call made", f"call:{call.id}", now, person_id=by, event_id=call.event_id)
    return call


async def publish_definition(db: Db, call: Call, definition: Definition, now: datetime, *, by: UUID | None = None) -> CallVersion:
    """Before the first submission the version is edited in place; after it there is a new one. Each submission knows which it answered."""
    await lock_call(db, call.id)
    last = await newest_version(db, call)
    sent = (
        await db.exec(select(Submission.id).where(Submission.call_id == call.id, col(Submission.counted_id).is_not(None)).limit(1))
    ).first()
    if sent:
        last = CallVersion(call_id=call.id, number=last.number + 1, definition=definition.as_json(), published_at=now, by_id=by)
        db.add(last)
    else:
        last.definition, last.published_at, last.by_id = definition.as_json(), now, by
    await db.flush()
    note(db, "call changed", f"call:{call.id}", now, person_id=by, event_id=call.event_id, version=last.number)
    return last
