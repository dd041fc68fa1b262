"""Making an offer of what was decided: one of the call's places, or part of its money. The call is locked."""

from datetime import datetime

from conference.calls.decision_tables import Decision
from conference.calls.definition import Definition
from conference.calls.offer_places import keep_for_offer
from conference.calls.offer_queries import pence_promised, slots_taken
from conference.calls.offer_rules import until_of
from conference.calls.offer_tables import Offer
from conference.calls.queries import newest_version
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call, CallKind
from conference.calls.words import pounds
from conference.errors import Conflict
from conference.programme.tables import Event
from conference.record.actions import note
from conference.registration.queries import registration_of
from conference.storage.database import Db


async def make_offer(db: Db, call: Call, definition: Definition, submission: Submission, decision: Decision, now: datetime) -> Offer:
    """What waits for an answer from now on. Where the call gives places at its event, one is kept for it until then.

    Raises Conflict where there is not that much: a letter never promises what isn't there.
    """
    event = await db.get_one(Event, call.event_id) if call.event_id and call.kind == CallKind.place else None
    until = until_of(call, definition, event, now)
    slot = await _free_slot(db, call)
    await _check_budget(db, call, decision)
    kept = None
    if event and not await registration_of(db, submission.person_id, event.id):
        kept = await keep_for_offer(db, call, event, now, by=decision.by_id)
    fee = definition.after.fee
    offer = Offer(
        call_id=call.id,
        submission_id=submission.id,
        decision_id=decision.id,
        version_id=(await newest_version(db, call)).id,
        person_id=submission.person_id,
        slot=slot,
        amount_pence=decision.amount_pence,
        fee_pence=fee.total_pence if fee else None,
        vat_percent=fee.vat_percent if fee else None,
        held_back_id=kept.id if kept else None,
        offered_at=now,
        respond_by=until,
    )
    db.add(offer)
    await db.flush()
    note(db, "offer made", f"offer:{offer.id}", now, person_id=decision.by_id, event_id=call.event_id, slot=slot)
    return offer


async def _free_slot(db: Db, call: Call) -> int | None:
    """The lowest of the call's places that nobody has; None: it has no number of places."""
    if call.places is None:
        return None
    taken = await slots_taken(db, call)
    free = next((slot for slot in range(1, call.places + 1) if slot not in taken), None)
    if free is None:
        raise Conflict(f"All {call.places} places of {call.title} are offered or taken.")
    return free


async def _check_budget(db: Db, call: Call, decision: Decision) -> None:
    if call.budget_pence is None or decision.amount_pence is None:
        return
    left = call.budget_pence - await pence_promised(db, call)
    if decision.amount_pence > left:
        raise Conflict(f"{pounds(left)} of the budget are left, so {pounds(decision.amount_pence)} can’t be offered.")
