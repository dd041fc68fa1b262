"""A letter for a visa: only who needs one is asked what their passport says, and that goes again on a day."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from conference.calls.offer_queries import letter_of
from conference.calls.offer_rules import OfferState, offer_state, passport_until
from conference.calls.offer_tables import InvitationLetter, Offer
from conference.calls.sealing import Details, seal
from conference.calls.tables import Call
from conference.errors import Conflict
from conference.programme.tables import Event
from conference.record.actions import note
from conference.storage.database import Db


async def answer_letter(db: Db, secret: str, call: Call, offer: Offer, details: Details | None, now: datetime) -> InvitationLetter:
    """Whether a letter is needed, with the passport's details (None: it is not). Said again, it replaces what was said.

    Raises Conflict unless the offer is accepted, and once the letter is written.
    """
    await db.refresh(offer, with_for_update=True)
    if offer_state(offer, now) != OfferState.accepted:
        raise Conflict("An invitation letter is for whoever has accepted the offer.")
    letter = await letter_of(db, offer)
    if letter and letter.written_at:
        raise Conflict("Your invitation letter is written. If something in it is wrong, write to the organisers.")
    event = await db.get(Event, call.event_id) if call.event_id else None
    letter = letter or InvitationLetter(offer_id=offer.id, person_id=offer.person_id, needed=False, answered_at=now, purge_at=now)
    letter.needed, letter.answered_at, letter.purge_at = details is not None, now, passport_until(call, event, now)
    letter.sealed = seal(secret, details) if details else ""
    letter.purged_at = None
    db.add(letter)
    await db.flush()
    note(
        db, "invitation letter answered", f"offer:{offer.id}", now, person_id=offer.person_id, event_id=call.event_id, needed=letter.needed
    )
    return letter


async def mark_written(db: Db, call: Call, offer: Offer, now: datetime, *, by: UUID) -> None:
    """An organiser has written the letter and sent it. Raises Conflict where none is asked for."""
    await db.refresh(offer, with_for_update=True)
    letter = await letter_of(db, offer)
    if not letter or not letter.needed:
        raise Conflict("No invitation letter is asked for here.")
    letter.written_at, letter.written_by_id = now, by
    note(db, "invitation letter written", f"offer:{offer.id}", now, person_id=by, event_id=call.event_id)


async def forget_passport(db: Db, offer: Offer, now: datetime) -> None:
    """What the passport says goes with the offer."""
    theirs = update(InvitationLetter).where(col(InvitationLetter.offer_id) == offer.id, col(InvitationLetter.sealed) != "")
    await db.exec(theirs.values(sealed="", purged_at=now))


async def purge_passports(db: Db, now: datetime) -> int:
    """Those whose day has come; how many."""
    due = update(InvitationLetter).where(col(InvitationLetter.sealed) != "", col(InvitationLetter.purge_at) <= now)
    return (await db.exec(due.values(sealed="", purged_at=now))).rowcount
