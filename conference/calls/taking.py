"""Taking an offer: its terms are accepted, and what follows is what its kind of call brings (`outcomes.py`)."""

from datetime import datetime

from conference.calls.fees import ask_fee
from conference.calls.offer_letters import write_offer_mail
from conference.calls.offer_queries import lock_offer, version_of
from conference.calls.offer_rules import check_open, check_terms
from conference.calls.offer_tables import Offer
from conference.calls.outcomes import follow_acceptance
from conference.calls.queries import lock_call
from conference.calls.submission_tables import Submission, SubmissionState
from conference.calls.tables import Call
from conference.people.tables import Person
from conference.record.actions import note
from conference.storage.database import Db


async def accept(db: Db, call: Call, offer: Offer, terms: bool, now: datetime, real_now: datetime) -> None:
    """Before its time is over; twice is once. Raises Conflict, and Invalid where the terms are not accepted."""
    call = await lock_call(db, call.id)
    offer = await lock_offer(db, offer.id)
    if offer.accepted_at and not offer.given_up_at and not offer.withdrawn_at:
        return
    check_open(offer, now)
    version, definition = await version_of(db, offer)
    check_terms(definition.terms, terms)
    submission, person = await db.get_one(Submission, offer.submission_id), await db.get_one(Person, offer.person_id)
    offer.accepted_at, submission.state = now, SubmissionState.confirmed
    await db.flush()
    await follow_acceptance(db, call, definition, offer, person, now, real_now)
    note(db, "offer accepted", f"offer:{offer.id}", real_now, person_id=person.id, event_id=call.event_id, terms=version.number)
    await ask_fee(db, call, definition, offer, person, now)
    await write_offer_mail(db, "offer_accepted", call, offer, submission, person, real_now)
