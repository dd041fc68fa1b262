"""What an offer's end leaves goes to the next on the reserve list: exactly once, since the call is locked and each place has one offer."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from conference.calls.deciding import check_amount
from conference.calls.decision_tables import Decision, Verdict
from conference.calls.meeting_tables import MinuteKind
from conference.calls.minutes import minute
from conference.calls.offer_letters import tell_promoted
from conference.calls.offer_queries import STANDING, Reserve, reserves_of
from conference.calls.offer_tables import Offer
from conference.calls.outcomes import follow_yes
from conference.calls.queries import definition_of, lock_call
from conference.calls.submission_tables import SubmissionState
from conference.calls.tables import Call
from conference.errors import Conflict
from conference.programme.tables import Event
from conference.record.actions import note
from conference.storage.database import Db


async def promote_quietly(db: Db, call: Call, why: str, now: datetime, real_now: datetime) -> Offer | None:
    """The next in line gets an offer, where there is one and the event has not begun. What hinders it never undoes the end of the other."""
    event = await db.get(Event, call.event_id) if call.event_id else None
    if event and now >= event.starts_at:
        return None
    reserves = await reserves_of(db, call)
    if not reserves:
        return None
    try:
        async with db.begin_nested():
            return await _promote(db, call, reserves[0], why, None, now, real_now, by=None)
    except Conflict as hindrance:
        note(db, "nobody moved up", f"call:{call.id}", real_now, event_id=call.event_id, why=hindrance.sentence)
        return None


async def offer_to_next(db: Db, call: Call, amount_pence: int | None, now: datetime, real_now: datetime, *, by: UUID) -> Offer:
    """An organiser offers what is free. Raises Conflict where nobody waits or nothing is free, Invalid where one gets not so much."""
    call = await lock_call(db, call.id)
    reserves = await reserves_of(db, call)
    if not reserves:
        raise Conflict("Nobody is on the reserve list any more.")
    check_amount(call, await definition_of(db, call), amount_pence)
    return await _promote(db, call, reserves[0], "An organiser offered what was free.", amount_pence, now, real_now, by=by)


async def _promote(
    db: Db, call: Call, reserve: Reserve, why: str, amount_pence: int | None, now: datetime, real_now: datetime, *, by: UUID | None
) -> Offer:
    before, submission, person = reserve
    before.superseded_at = now
    await db.flush()
    decision = Decision(
        call_id=call.id,
        submission_id=submission.id,
        verdict=Verdict.accepted,
        amount_pence=amount_pence,
        reason=f"Moved up from place {before.reserve_position} of the reserve list. {why}",
        by_id=by or before.by_id,
        decided_at=now,
        announced_at=now,
    )
    db.add(decision)
    submission.state, submission.told_at = SubmissionState.accepted, now
    await db.flush()
    await minute(
        db, call.id, MinuteKind.decided, now, by=decision.by_id, submission_id=submission.id, decision=decision, words=decision.reason
    )
    definition = await definition_of(db, call)
    await follow_yes(db, call, definition, submission, decision, now)
    made = (await db.exec(select(Offer).where(Offer.submission_id == submission.id, *STANDING))).one()
    note(db, "moved up", f"submission:{submission.id}", real_now, person_id=by, event_id=call.event_id, slot=made.slot)
    await tell_promoted(db, call, definition, made, submission, person, real_now)
    return made
