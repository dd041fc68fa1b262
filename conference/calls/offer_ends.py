"""How an offer ends: declined, not answered in time, taken back, or given back once accepted. Each time the next in line gets it."""

from datetime import datetime
from uuid import UUID

from conference.calls.awards import end_award_of
from conference.calls.fees import drop_fee
from conference.calls.invitation_letters import forget_passport
from conference.calls.offer_letters import write_offer_mail
from conference.calls.offer_papers import revoke_papers_of
from conference.calls.offer_places import let_spares_go
from conference.calls.offer_queries import lock_offer
from conference.calls.offer_rules import REMIND_AFTER, REMIND_BEFORE, WHY_OVER, OfferState, check_open, offer_state, stands
from conference.calls.offer_tables import Offer
from conference.calls.promoting import promote_quietly
from conference.calls.queries import lock_call
from conference.calls.submission_tables import Submission, SubmissionState
from conference.calls.tables import Call
from conference.calls.words import reference_of
from conference.errors import Conflict, Invalid
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.record.actions import note
from conference.registration.actions import cancel_registration
from conference.registration.queries import registration_of
from conference.registration.tables import Registration
from conference.storage.database import Db


async def decline(db: Db, call: Call, offer: Offer, word: str, now: datetime, real_now: datetime) -> None:
    """Before it is accepted. Raises Conflict once the offer is over."""
    call, offer = await _locked(db, call, offer)
    check_open(offer, now)
    offer.declined_at, offer.word = now, word
    await _pass_on(db, call, offer, "declined", now, real_now, by=offer.person_id)


async def give_up(db: Db, call: Call, offer: Offer, word: str, now: datetime, real_now: datetime) -> None:
    """After it was accepted: the place at the event goes back too. Raises Conflict where nothing was accepted."""
    call, offer = await _locked(db, call, offer)
    state = offer_state(offer, now)
    if state != OfferState.accepted:
        raise Conflict("You have not accepted this offer." if state == OfferState.open else WHY_OVER[state])
    await _end_registration(db, call, offer, now, real_now, by=offer.person_id)
    offer.given_up_at, offer.word = now, word
    await _pass_on(db, call, offer, "gave the place back", now, real_now, by=offer.person_id)


async def withdraw(db: Db, call: Call, offer: Offer, reason: str, now: datetime, real_now: datetime, *, by: UUID) -> None:
    """An organiser takes an offer back, accepted or not: the person is told why."""
    call, offer = await _locked(db, call, offer)
    if not stands(offer):
        raise Conflict("This offer is over already.")
    await _end_registration(db, call, offer, now, real_now, by=by)
    offer.withdrawn_at, offer.word, offer.by_id = now, reason, by
    submission, person = await _whose(db, offer)
    await write_offer_mail(db, "offer_withdrawn", call, offer, submission, person, real_now, reason=reason)
    await _pass_on(db, call, offer, "was taken back by an organiser", now, real_now, by=by)


async def give_more_time(db: Db, call: Call, offer: Offer, until: datetime, now: datetime, *, by: UUID) -> None:
    """Another end of an open offer, earlier never. Raises Conflict, Invalid."""
    call, offer = await _locked(db, call, offer)
    check_open(offer, now)
    event = await db.get(Event, call.event_id) if call.event_id else None
    if until <= offer.respond_by:
        raise Invalid("day", "Choose a later day than the one that was promised.")
    if event and until > event.starts_at:
        raise Invalid("day", f"Choose a day before {event.title} begins.")
    note(db, "offer extended", f"offer:{offer.id}", now, person_id=by, event_id=call.event_id, before=offer.respond_by.isoformat())
    offer.respond_by, offer.reminded_at = until, None


async def settle_offer(db: Db, call_id: UUID, offer_id: UUID, now: datetime, real_now: datetime) -> None:
    """What time has made due for one offer: it lapses, its person is reminded, or its place was given back at the event."""
    call = await lock_call(db, call_id)
    offer = await lock_offer(db, offer_id)
    if not stands(offer):
        return
    if offer.accepted_at:
        registration = await db.get(Registration, offer.registration_id) if offer.registration_id else None
        if registration and registration.cancelled_at:
            offer.given_up_at = max(registration.cancelled_at, offer.accepted_at)
            await _pass_on(db, call, offer, "gave the place at the event back", now, real_now, by=None)
    elif now >= offer.respond_by:
        offer.lapsed_at = offer.respond_by
        await write_offer_mail(db, "offer_lapsed", call, offer, *await _whose(db, offer), real_now)
        await _pass_on(db, call, offer, "was not answered in time", now, real_now, by=None)
    elif offer.reminded_at is None and now >= offer.respond_by - REMIND_BEFORE and now >= offer.offered_at + REMIND_AFTER:
        offer.reminded_at = now
        await write_offer_mail(db, "offer_reminder", call, offer, *await _whose(db, offer), real_now)


async def _locked(db: Db, call: Call, offer: Offer) -> tuple[Call, Offer]:
    return await lock_call(db, call.id), await lock_offer(db, offer.id)


async def _whose(db: Db, offer: Offer) -> tuple[Submission, Person]:
    return await db.get_one(Submission, offer.submission_id), await db.get_one(Person, offer.person_id)


async def _end_registration(db: Db, call: Call, offer: Offer, now: datetime, real_now: datetime, *, by: UUID) -> None:
    """The place that the offer gave, if it is there still."""
    if not (call.event_id and offer.registration_id):
        return
    there = await registration_of(db, offer.person_id, call.event_id)
    if there and there.id == offer.registration_id:
        event, person = await db.get_one(Event, call.event_id), await db.get_one(Person, offer.person_id)
        await cancel_registration(db, event, person, now, real_now, by=by)


async def _pass_on(db: Db, call: Call, offer: Offer, what: str, now: datetime, real_now: datetime, *, by: UUID | None) -> None:
    """The submission is at its end, and what was offered goes to the next in line; money only by an organiser, who says how much."""
    submission = await db.get_one(Submission, offer.submission_id)
    submission.state = SubmissionState.cancelled
    await forget_passport(db, offer, now)
    await drop_fee(db, offer, now, by=by)
    await revoke_papers_of(db, offer, what, now, by=by)
    await end_award_of(db, submission, f"The offer {what}.", now, by=by)
    await db.flush()
    note(db, "offer ended", f"offer:{offer.id}", real_now, person_id=by, event_id=call.event_id, how=what)
    if offer.amount_pence is None:
        await promote_quietly(db, call, f"{reference_of(call, submission.number)} {what}.", now, real_now)
    if call.event_id and offer.held_back_id:
        await let_spares_go(db, call, await db.get_one(Event, call.event_id), now, real_now)
