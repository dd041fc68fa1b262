"""Making a call from its definition, and giving it another version."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from conference.calls.definition import Definition
from conference.calls.queries import lock_call, newest_version
from conference.calls.rules import CallPlan, check_can_open
from conference.calls.submission_tables import SubmissionVersion
from conference.calls.tables import Call, CallState, CallVersion
from conference.errors import Conflict
from conference.record.actions import note
from conference.storage.database import Db


async def add_call(
    db: Db, plan: CallPlan, definition: Definition, now: datetime, *, state: CallState = CallState.draft, by: UUID | None = None
) -> Call:
    """Raises Conflict where its slug is taken."""
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
    try:
        async with db.begin_nested():
            db.add(call)
    except IntegrityError as taken:
        raise Conflict(f"There is a call “{plan.slug}” already. Choose another slug.") from taken
    db.add(CallVersion(call_id=call.id, number=1, definition=definition.as_json(), published_at=now, by_id=by))
    await db.flush()
    note(db, "call made", f"call:{call.id}", now, person_id=by, event_id=call.event_id)
    return call


async def publish_definition(db: Db, call: Call, definition: Definition, now: datetime, *, by: UUID | None = None) -> CallVersion:
    """Before the first submission the version is edited in place; after it there is a new one. Each submission knows which it answered."""
    locked = await lock_call(db, call.id)
    if locked.state == CallState.open:
        check_can_open(locked, definition)
    last = await newest_version(db, call)
    if await has_answers(db, call):
        last = CallVersion(call_id=call.id, number=last.number + 1, definition=definition.as_json(), published_at=now, by_id=by)
        db.add(last)
    else:
        last.definition, last.published_at, last.by_id = definition.as_json(), now, by
    await db.flush()
    note(db, "call changed", f"call:{call.id}", now, person_id=by, event_id=call.event_id, version=last.number)
    return last


async def has_answers(db: Db, call: Call) -> bool:
    """Whether anything was sent to a call, in time or late: what it asked then is history."""
    sent = select(SubmissionVersion.id).join(CallVersion, col(CallVersion.id) == col(SubmissionVersion.call_version_id))
    return (await db.exec(sent.where(CallVersion.call_id == call.id).limit(1))).first() is not None
