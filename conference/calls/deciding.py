"""Deciding: a verdict with its minuted reason. Until it is announced nobody outside the panel can tell that there is one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import func, select

from conference.calls.decision_tables import Decision, Verdict
from conference.calls.definition import MOST_PENCE, Definition
from conference.calls.meeting_tables import MinuteKind
from conference.calls.minutes import minute
from conference.calls.queries import definition_of, lock_call
from conference.calls.standings import NOT_IN_IT, STRANGE, given_away, last_told, no_part_in, reserve_list, standing_decisions
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call, CallState
from conference.calls.words import pounds
from conference.errors import Conflict, Invalid, NotFound
from conference.people.tables import Person
from conference.record.actions import note
from conference.storage.database import Db

NO_MONEY = "An amount belongs to a yes of a call that gives money."
MAX_REASON, MAX_FEEDBACK = 4000, 8000
DECIDABLE = (CallState.open, CallState.closed, CallState.decided)  # open: where the clock says that it is over


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be decided on one submission."""

    verdict: Verdict
    reason: str
    amount_pence: int | None = None
    feedback: str = ""


def check_is_over(call: Call, now: datetime) -> None:
    """Raises Conflict while somebody may still apply, and for a call that is put away."""
    if call.state not in DECIDABLE:
        raise Conflict("Nothing is decided on this call now: it is suspended or put away.")
    if call.deadline_at and now < call.deadline_at:
        raise Conflict("The deadline has not passed: what counts of a submission may still change. Decide when it has.")


async def decide(db: Db, call: Call, submission: Submission, plan: Plan, now: datetime, *, by: Person) -> Decision:
    """Decided, not yet told; an earlier one that was not told is superseded. Raises Invalid, Conflict, NotFound."""
    locked = await lock_call(db, call.id)
    check_is_over(locked, now)
    await _check_may(db, locked, submission, by)
    await db.refresh(submission)
    earlier = await _earlier(db, submission)
    await _check_fits(db, locked, await definition_of(db, locked), submission, plan)
    if earlier:
        earlier.superseded_at = now
        await db.flush()
    position = await _last_position(db, call.id) + 1 if plan.verdict == Verdict.reserve else None
    made = Decision(
        call_id=call.id,
        submission_id=submission.id,
        verdict=plan.verdict,
        reserve_position=position,
        amount_pence=plan.amount_pence,
        reason=plan.reason.strip(),
        feedback=plan.feedback.strip(),
        by_id=by.id,
        decided_at=now,
    )
    db.add(made)
    await db.flush()
    await minute(db, call.id, MinuteKind.decided, now, by=by.id, submission_id=submission.id, decision=made, words=made.reason)
    note(db, "decided", f"submission:{submission.id}", now, person_id=by.id, event_id=call.event_id, verdict=plan.verdict.value)
    return made


async def undo_decision(db: Db, call: Call, submission: Submission, now: datetime, *, by: Person) -> None:
    """Open again: what was told before stands, if anything was. Raises Conflict for what was told already, NotFound."""
    locked = await lock_call(db, call.id)
    await _check_may(db, locked, submission, by)
    await db.refresh(submission)
    earlier = await _earlier(db, submission)
    if earlier is None or earlier.announced_at:
        raise Conflict("Nothing is decided on this submission that was not told.")
    earlier.superseded_at = now
    await db.flush()
    if told := await last_told(db, submission.id):
        told.superseded_at = None
    await minute(db, call.id, MinuteKind.undone, now, by=by.id, submission_id=submission.id, decision=earlier)
    note(db, "decision undone", f"submission:{submission.id}", now, person_id=by.id, event_id=call.event_id)


async def move_up_the_list(db: Db, call: Call, submission: Submission, now: datetime, *, by: Person) -> None:
    """One step earlier on the reserve list, before it was told. Raises Conflict, NotFound."""
    locked = await lock_call(db, call.id)
    await _check_may(db, locked, submission, by)
    waiting = await reserve_list(db, call.id)
    index = next((index for index, (_, each) in enumerate(waiting) if each.id == submission.id), None)
    if index is None:
        raise Conflict("This submission is not on the reserve list.")
    if index == 0:
        raise Conflict("This submission is the first on the reserve list already.")
    mine, other = waiting[index][0], waiting[index - 1][0]
    if mine.announced_at or other.announced_at:
        raise Conflict("The reserve list has been told: its order stays.")
    first, second = other.reserve_position, mine.reserve_position
    other.reserve_position = 0  # two never hold the same place, not for a moment
    await db.flush()
    mine.reserve_position = first
    await db.flush()
    other.reserve_position = second
    await db.flush()
    await minute(db, call.id, MinuteKind.reordered, now, by=by.id, submission_id=submission.id, decision=mine)
    note(db, "reserve moved up", f"submission:{submission.id}", now, person_id=by.id, event_id=call.event_id)


async def _check_may(db: Db, call: Call, submission: Submission, by: Person) -> None:
    """Whoever has a conflict is told what strangers are told."""
    if submission.call_id != call.id or submission.id in await no_part_in(db, call, by.id):
        raise NotFound(STRANGE)


async def _earlier(db: Db, submission: Submission) -> Decision | None:
    """What stands and may be replaced: what was not told, or a turn on the reserve list. Raises Conflict where nothing may."""
    if submission.state in NOT_IN_IT:
        raise Conflict("This submission was withdrawn, or never arrived in time: there is nothing to decide.")
    found = (await standing_decisions(db, submission.call_id)).get(submission.id)
    if found and found.announced_at and found.verdict != Verdict.reserve:
        raise Conflict("This decision has been told to the applicant: it stands.")
    return found


async def _check_fits(db: Db, call: Call, definition: Definition, submission: Submission, plan: Plan) -> None:
    if not plan.reason.strip():
        raise Invalid("reason", "Say why, in a sentence or two: it is minuted.")
    for field, words, most in (("reason", plan.reason, MAX_REASON), ("feedback", plan.feedback, MAX_FEEDBACK)):
        if len(words) > most:
            raise Invalid(field, f"This is too long. Use at most {most:,} characters.")
    if plan.verdict == Verdict.accepted:
        check_amount(call, definition, plan.amount_pence)
    elif plan.amount_pence is not None:
        raise Invalid("amount", NO_MONEY)
    if plan.verdict == Verdict.accepted:
        await _check_left(db, call, submission.id, plan.amount_pence or 0)


def check_amount(call: Call, definition: Definition, pence: int | None) -> None:
    """Of a yes. Raises Invalid where the call gives no money, or not that much to one."""
    limits = definition.award
    if call.budget_pence is None and limits is None:
        if pence is not None:
            raise Invalid("amount", NO_MONEY)
        return
    if pence is None or pence <= 0:
        raise Invalid("amount", "Say how much is awarded.")
    if pence > MOST_PENCE:
        raise Invalid("amount", "This is more than any call gives.")
    if limits and limits.least_pence is not None and pence < limits.least_pence:
        raise Invalid("amount", f"The call gives at least {pounds(limits.least_pence)}.")
    if limits and limits.most_pence is not None and pence > limits.most_pence:
        raise Invalid("amount", f"The call gives at most {pounds(limits.most_pence)}.")


async def _check_left(db: Db, call: Call, submission_id: UUID, pence: int) -> None:
    count, spent = await given_away(db, call.id, but=submission_id)
    if call.places is not None and count >= call.places:
        raise Conflict(f"All {call.places} places are given. Put this on the reserve list, or take another yes back first.")
    if call.budget_pence is not None and spent + pence > call.budget_pence:
        raise Conflict(f"Only {pounds(call.budget_pence - spent)} of the budget is left. Award less, or take another yes back first.")


async def _last_position(db: Db, call_id: UUID) -> int:
    """Of all that there ever were: one that comes back finds its place free."""
    return (await db.exec(select(func.max(Decision.reserve_position)).where(Decision.call_id == call_id))).one() or 0
