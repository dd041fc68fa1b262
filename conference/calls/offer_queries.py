"""Finding offers, who is next on a reserve list, and what time has made due."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, func, or_, select

from conference.calls.decision_tables import Decision, Verdict
from conference.calls.definition import Definition
from conference.calls.offer_rules import REMIND_AFTER, REMIND_BEFORE
from conference.calls.offer_tables import ENDS, InvitationLetter, Offer
from conference.calls.submission_tables import Submission, SubmissionState
from conference.calls.tables import Call, CallVersion
from conference.errors import NotFound
from conference.people.tables import Person
from conference.registration.tables import Registration
from conference.storage.database import Db

STANDING = tuple(col(getattr(Offer, end)).is_(None) for end in ENDS)
OPEN = (*STANDING, col(Offer.accepted_at).is_(None))
Reserve = tuple[Decision, Submission, Person]


async def offer_at(db: Db, call: Call, number: int) -> tuple[Offer, Submission]:
    """The newest offer for the submission of this number. Raises NotFound."""
    of_number = select(Offer, Submission).join(Submission, col(Submission.id) == Offer.submission_id)
    newest = of_number.where(Offer.call_id == call.id, Submission.number == number).order_by(col(Offer.id).desc())
    found = (await db.exec(newest.limit(1))).first()
    if not found:
        raise NotFound("There is no such offer.")
    return found


async def own_offer(db: Db, call: Call, number: int, person: Person) -> tuple[Offer, Submission]:
    """One's own. Raises NotFound for another's too."""
    offer, submission = await offer_at(db, call, number)
    if offer.person_id != person.id:
        raise NotFound("There is no such offer.")
    return offer, submission


async def newest_own(db: Db, call: Call, person: Person) -> Submission:
    """The submission of somebody's newest offer in this call: one that stands, if there is one. Raises NotFound."""
    mine = select(Offer, Submission).join(Submission, col(Submission.id) == Offer.submission_id)
    rows = (await db.exec(mine.where(Offer.call_id == call.id, Offer.person_id == person.id).order_by(col(Offer.id).desc()))).all()
    found = next((pair for pair in rows if not any(getattr(pair[0], end) for end in ENDS)), rows[0] if rows else None)
    if not found:
        raise NotFound("Nothing of this call was offered to you.")
    return found[1]


async def lock_offer(db: Db, offer_id: UUID) -> Offer:
    """As it is now, for this transaction alone. Call it with the call locked."""
    return (await db.exec(select(Offer).where(Offer.id == offer_id).with_for_update().execution_options(populate_existing=True))).one()


async def offers_of(db: Db, call: Call) -> Sequence[tuple[Offer, Submission, Person]]:
    """All that were ever made, the oldest first."""
    rows = (
        select(Offer, Submission, Person)
        .join(Submission, col(Submission.id) == Offer.submission_id)
        .join(Person, col(Person.id) == Offer.person_id)
        .where(Offer.call_id == call.id)
    )
    return (await db.exec(rows.order_by(col(Offer.id)))).all()


async def standing_of(db: Db, person_id: UUID) -> Sequence[tuple[Offer, Submission, Call]]:
    """Somebody's own that stand, of all calls, the oldest first."""
    rows = (
        select(Offer, Submission, Call)
        .join(Submission, col(Submission.id) == Offer.submission_id)
        .join(Call, col(Call.id) == Offer.call_id)
        .where(Offer.person_id == person_id, *STANDING)
    )
    return (await db.exec(rows.order_by(col(Offer.id)))).all()


async def reserves_of(db: Db, call: Call) -> Sequence[Reserve]:
    """Who is on the reserve list and was told so, in order."""
    rows = (
        select(Decision, Submission, Person)
        .join(Submission, col(Submission.id) == Decision.submission_id)
        .join(Person, col(Person.id) == Submission.person_id)
        .where(
            Decision.call_id == call.id,
            Decision.verdict == Verdict.reserve,
            col(Decision.announced_at).is_not(None),
            col(Decision.superseded_at).is_(None),
            Submission.state == SubmissionState.reserve,
        )
    )
    return (await db.exec(rows.order_by(col(Decision.reserve_position)))).all()


async def slots_taken(db: Db, call: Call) -> set[int]:
    """Of the call's places: those of offers that stand."""
    rows = await db.exec(select(Offer.slot).where(Offer.call_id == call.id, *STANDING))
    return {slot for slot in rows if slot is not None}


async def pence_promised(db: Db, call: Call) -> int:
    """The amounts of all offers that stand."""
    promised = select(func.sum(Offer.amount_pence)).where(Offer.call_id == call.id, *STANDING)
    return (await db.exec(promised)).one() or 0


async def waiting_on(db: Db, held_back_id: UUID) -> int:
    """How many open offers have their place among these that are kept."""
    return (await db.exec(select(func.count()).select_from(Offer).where(Offer.held_back_id == held_back_id, *OPEN))).one()


async def version_of(db: Db, offer: Offer) -> tuple[CallVersion, Definition]:
    """What was promised with an offer, and its terms."""
    version = await db.get_one(CallVersion, offer.version_id)
    return version, Definition.model_validate(version.definition)


async def letter_of(db: Db, offer: Offer) -> InvitationLetter | None:
    return (await db.exec(select(InvitationLetter).where(InvitationLetter.offer_id == offer.id))).first()


async def due_offers(db: Db, now: datetime) -> Sequence[tuple[UUID, UUID]]:
    """Calls and offers of which something is due: their time is over, a reminder, or their place at the event was given back."""
    given_back = select(Registration.id).where(Registration.id == Offer.registration_id, col(Registration.cancelled_at).is_not(None))
    remind = (col(Offer.respond_by) <= now + REMIND_BEFORE) & (col(Offer.offered_at) <= now - REMIND_AFTER)
    unanswered = col(Offer.accepted_at).is_(None) & or_(col(Offer.respond_by) <= now, col(Offer.reminded_at).is_(None) & remind)
    due = select(Offer.call_id, Offer.id).where(*STANDING, or_(unanswered, given_back.exists()))
    return (await db.exec(due.order_by(col(Offer.id)).limit(200))).all()


async def due_passports(db: Db, now: datetime) -> Sequence[UUID]:
    """Letters whose passport details have to go."""
    return (await db.exec(select(InvitationLetter.id).where(InvitationLetter.sealed != "", col(InvitationLetter.purge_at) <= now))).all()
