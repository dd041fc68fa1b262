"""Taking an offer: its terms are accepted, and the place at the event is given by the same registration as everybody's."""

from datetime import datetime

from conference.calls.fees import ask_fee
from conference.calls.offer_letters import write_offer_mail
from conference.calls.offer_places import kept_places, let_spares_go
from conference.calls.offer_queries import lock_offer, version_of
from conference.calls.offer_rules import check_open, check_terms
from conference.calls.offer_tables import Offer
from conference.calls.queries import lock_call
from conference.calls.submission_tables import Submission, SubmissionState
from conference.calls.tables import Call, CallKind
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.record.actions import note
from conference.registration.actions import give_place
from conference.registration.pools import lock_event_pool
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
    if call.event_id and call.kind == CallKind.place:
        await _give_place(db, call, await db.get_one(Event, call.event_id), offer, person, now, real_now)
    offer.accepted_at, submission.state = now, SubmissionState.confirmed
    await db.flush()
    if call.event_id and offer.held_back_id:
        await let_spares_go(db, call, await db.get_one(Event, call.event_id), now, real_now)
    note(db, "offer accepted", f"offer:{offer.id}", real_now, person_id=person.id, event_id=call.event_id, terms=version.number)
    await ask_fee(db, call, definition, offer, person, now)
    await write_offer_mail(db, "offer_accepted", call, offer, submission, person, real_now)


async def _give_place(db: Db, call: Call, event: Event, offer: Offer, person: Person, now: datetime, real_now: datetime) -> None:
    """The one that was kept; where an organiser let it go meanwhile, one that is free. Raises Conflict where none is."""
    await lock_event_pool(db, event.id)
    kept = await kept_places(db, call) if offer.held_back_id else None
    kept = kept if kept and kept.used < kept.places else None
    registration = await give_place(db, event, person, None, now, real_now, held_back=kept)
    offer.registration_id = registration.id
