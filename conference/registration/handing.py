"""A place goes from one person to another, or from a group's contact to each person named: both agree, and it is never free in between."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import col, select

from conference.errors import Conflict, Invalid, TooMany
from conference.people.actions import know_person
from conference.people.queries import has_ever_signed_in
from conference.people.rules import clean_email, email_key
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.record.actions import note
from conference.registration.form_actions import keep_form
from conference.registration.form_rules import Filled
from conference.registration.granting import give_registration
from conference.registration.handing_rules import (
    INVITATION_IS_OVER,
    OFFERS_A_DAY,
    TRANSFER_LASTS,
    check_group_waits,
    check_may_hand_on,
    transfers_end,
)
from conference.registration.handing_tables import GroupRegistration, PlaceInvitation
from conference.registration.invitations import OPEN, Link, invite, write_invitation
from conference.registration.letters import write_to
from conference.registration.places import give_up_place_turns
from conference.registration.pools import lock_event_pool, lock_pool
from conference.registration.queries import lock_registration, registration_of
from conference.registration.questions import choices_for
from conference.registration.rules import state_of
from conference.registration.seats import give_up_all_seats
from conference.registration.tables import CapacityPool, HeldBack, Registration, RegistrationState, TicketKind
from conference.registration.turns import settle
from conference.storage.database import Db


async def offer_place(
    db: Db, event: Event, person: Person, name: str, email: str, now: datetime, real_now: datetime, *, link: Link
) -> None:
    """Offer one's own place to a colleague. It stays one's own until they accept; an earlier offer is taken back by this one.

    Raises Conflict, Invalid, and TooMany where offers of this place, or mails to that address, are too many.
    """
    await lock_event_pool(db, event.id)
    mine = await lock_registration(db, person.id, event.id)
    choices = await choices_for(db, event.id)
    check_may_hand_on(event, mine, choices, now)
    assert mine
    if email_key(clean_email(email)) == person.email_key:
        raise Invalid("email", "This is your own address: the place is yours already.")
    await _check_not_too_many(db, mine.id, now)
    await db.exec(update(PlaceInvitation).where(col(PlaceInvitation.registration_id) == mine.id, *OPEN).values(withdrawn_at=now))
    expires = min(now + TRANSFER_LASTS, transfers_end(event, choices))
    invitation = await invite(db, event, person, name, email, now, real_now, expires_at=expires, registration_id=mine.id)
    await write_invitation(db, event, invitation, person.name, "", real_now, link=link)
    note(db, "place offered on", f"registration:{mine.id}", real_now, person_id=person.id, event_id=event.id)


async def withdraw_offer(db: Db, event: Event, person: Person, now: datetime, real_now: datetime) -> None:
    """Keep the place after all. Raises Conflict where it is theirs by now."""
    mine = await registration_of(db, person.id, event.id)
    theirs = update(PlaceInvitation).where(col(PlaceInvitation.registration_id) == mine.id, *OPEN) if mine else None
    if theirs is None or not (await db.exec(theirs.values(withdrawn_at=now))).rowcount:
        raise Conflict("There is no open offer to take back: it was answered already.")
    note(db, "offer of a place taken back", f"event:{event.id}", real_now, person_id=person.id, event_id=event.id)


async def accept_place(
    db: Db, event: Event, invitation: PlaceInvitation, name: str, filled: Filled, now: datetime, real_now: datetime
) -> Person:
    """Whoever opened the mailed link takes the place, as the address's owner. Of two acts at once one is too late."""
    await lock_event_pool(db, event.id)
    person = await know_person(db, invitation.email, name, now)
    have = await lock_registration(db, person.id, event.id)
    if state_of(have) == RegistrationState.confirmed:
        raise Conflict(f"You have a place at {event.title} already. Decline this one, so that somebody else can have it.")
    if not await has_ever_signed_in(db, person.id):
        person.name = name
    await _answer(db, invitation, now, accepted_at=now)
    await give_up_place_turns(db, event, person, now, real_now)
    if invitation.group_id:
        got = await _take_from_group(db, event, invitation.group_id, person, now, real_now)
    else:
        got = await _take_over(db, event, invitation, person, now, real_now)
    got.name = name
    await db.exec(update(PlaceInvitation).where(col(PlaceInvitation.id) == invitation.id).values(got_id=got.id))
    await keep_form(db, got, filled, now)
    note(db, "place taken over", f"registration:{got.id}", real_now, person_id=person.id, event_id=event.id)
    return person


async def decline_place(db: Db, event: Event, invitation: PlaceInvitation, now: datetime, real_now: datetime) -> None:
    """Leave it with whoever offered it; they are told."""
    await _answer(db, invitation, now, declined_at=now)
    giver = await db.get_one(Person, invitation.by_id)
    await write_to(db, giver, "place_declined", event, real_now, to=invitation.name)
    note(db, "place declined", f"invitation:{invitation.id}", real_now, event_id=event.id)


async def _take_over(db: Db, event: Event, invitation: PlaceInvitation, person: Person, now: datetime, real_now: datetime) -> Registration:
    """The giver's place becomes theirs: the pool counts it all the time, so that nobody on the waiting list is passed over."""
    offered = await db.get_one(Registration, invitation.registration_id)
    giver = await db.get_one(Person, offered.person_id)
    mine = await lock_registration(db, giver.id, event.id)
    if mine is None or mine.id != offered.id:
        raise Conflict(INVITATION_IS_OVER)
    check_may_hand_on(event, mine, await choices_for(db, event.id), now)
    pool = await lock_pool(db, mine.pool_id)
    await give_up_all_seats(db, event, giver, now, real_now)
    kind = await db.get(TicketKind, mine.kind_id) if mine.kind_id else None
    held_back = await db.get(HeldBack, mine.held_back_id) if mine.held_back_id else None
    mine.cancelled_at, mine.pool_id, mine.held_back_id = now, None, None
    await db.flush()
    got = await give_registration(db, event, pool, person, now, real_now, kind=kind, held_back=held_back, counted=True)
    await write_to(db, giver, "place_handed_on", event, real_now, to=invitation.name)
    note(db, "place handed on", f"registration:{mine.id}", real_now, person_id=giver.id, event_id=event.id, to=str(got.id))
    await _settle(db, event, pool, now, real_now)
    return got


async def _take_from_group(db: Db, event: Event, group_id: UUID, person: Person, now: datetime, real_now: datetime) -> Registration:
    group = (await db.exec(select(GroupRegistration).where(GroupRegistration.id == group_id).with_for_update(key_share=True))).one()
    check_group_waits(group, event, now)
    held_back = await db.get(HeldBack, group.held_back_id) if group.held_back_id else None
    pool = await lock_pool(db, held_back.pool_id) if held_back else None
    if held_back:
        await db.refresh(held_back)
        if held_back.closed_at or held_back.used >= held_back.places:
            raise Conflict(INVITATION_IS_OVER)
    kind = await db.get(TicketKind, group.kind_id) if group.kind_id else None
    got = await give_registration(db, event, pool, person, now, real_now, kind=kind, held_back=held_back)
    await _settle(db, event, pool, now, real_now)
    return got


async def _settle(db: Db, event: Event, pool: CapacityPool | None, now: datetime, real_now: datetime) -> None:
    """A place that the new owner held otherwise is the next in line's."""
    if pool:
        await settle(db, event, pool, now, real_now)


async def _answer(db: Db, invitation: PlaceInvitation, now: datetime, **answer: datetime) -> None:
    """In one atomic step. Raises Conflict where another answer, or taking it back, was quicker."""
    mine = (col(PlaceInvitation.id) == invitation.id, col(PlaceInvitation.expires_at) > now, *OPEN)
    if not (await db.exec(update(PlaceInvitation).where(*mine).values(**answer))).rowcount:
        raise Conflict(INVITATION_IS_OVER)


async def _check_not_too_many(db: Db, registration_id: UUID, now: datetime) -> None:
    day = PlaceInvitation.offered_at > now - timedelta(days=1)
    counted = select(func.count()).select_from(PlaceInvitation).where(PlaceInvitation.registration_id == registration_id, day)
    if (await db.exec(counted)).one() >= OFFERS_A_DAY:
        raise TooMany(f"You have offered this place {OFFERS_A_DAY} times within a day. Try again tomorrow.")
