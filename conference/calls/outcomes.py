"""What follows a yes. Every yes is an offer with its letter; what an accepted offer brings is one function per kind of call."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from conference.calls.awards import begin_award
from conference.calls.decision_tables import Decision
from conference.calls.definition import Definition
from conference.calls.offer_papers import write_award_letter, write_offer_letter
from conference.calls.offer_places import kept_places, let_spares_go
from conference.calls.offer_tables import Offer
from conference.calls.offering import make_offer
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call, CallKind
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.registration.actions import give_place
from conference.registration.pools import lock_event_pool
from conference.storage.database import Db

Outcome = Callable[[Db, Call, Definition, Offer, Person, datetime, datetime], Awaitable[None]]


async def follow_yes(db: Db, call: Call, definition: Definition, submission: Submission, decision: Decision, now: datetime) -> None:
    """`decision` was just announced with the verdict accepted; the submission's state is accepted. The call is locked."""
    offer = await make_offer(db, call, definition, submission, decision, now)
    await write_offer_letter(db, call, definition, offer, submission, now)


async def follow_acceptance(
    db: Db, call: Call, definition: Definition, offer: Offer, person: Person, now: datetime, real_now: datetime
) -> None:
    """The offer is being accepted, in this transaction. Raises Conflict where what it promised can't be given."""
    await OUTCOMES[call.kind](db, call, definition, offer, person, now, real_now)


async def _give_place(db: Db, call: Call, definition: Definition, offer: Offer, person: Person, now: datetime, real_now: datetime) -> None:
    """The place at the event that was kept; where an organiser let it go meanwhile, one that is free. Raises Conflict where none is."""
    if not call.event_id:
        return
    event = await db.get_one(Event, call.event_id)
    await lock_event_pool(db, event.id)
    kept = await kept_places(db, call) if offer.held_back_id else None
    kept = kept if kept and kept.used < kept.places else None
    offer.registration_id = (await give_place(db, event, person, None, now, real_now, held_back=kept)).id
    await db.flush()
    if offer.held_back_id:
        await let_spares_go(db, call, event, now, real_now)


async def _begin_award(db: Db, call: Call, definition: Definition, offer: Offer, person: Person, now: datetime, real_now: datetime) -> None:
    """Milestones run from now on, and the award is confirmed by a letter."""
    submission = await db.get_one(Submission, offer.submission_id)
    await begin_award(db, call, definition, submission, offer.amount_pence, now)
    await write_award_letter(db, call, offer, submission, person, now)


async def _wait_for_organisers(
    db: Db, call: Call, definition: Definition, offer: Offer, person: Person, now: datetime, real_now: datetime
) -> None:
    """A speaker has confirmed, or a librarian comes to a round: an organiser plans the session (`sessions.py`), or matches partners."""


OUTCOMES: dict[CallKind, Outcome] = {
    CallKind.place: _give_place,
    CallKind.grant: _begin_award,
    CallKind.bursary: _begin_award,
    CallKind.award: _begin_award,
    CallKind.proposal: _wait_for_organisers,
    CallKind.mentoring: _wait_for_organisers,
}
