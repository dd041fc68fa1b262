"""Places and what belongs to them. Erasing gives them back first, so that others get them; what is over stays counted, without a name."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from conference.people.tables import Person
from conference.programme.queries import events_by_id
from conference.programme.tables import Event, Session
from conference.registration.actions import cancel_registration
from conference.registration.forgetting import KEPT, NOBODYS
from conference.registration.form_actions import purge_due_answers, purge_waiting_forms
from conference.registration.form_tables import EventTerms, RegistrationQuestion
from conference.registration.grouping import end_group_of
from conference.registration.handing_tables import GroupRegistration, PlaceInvitation
from conference.registration.interest import purge_due_interests
from conference.registration.invitations import NAMELESS, OPEN, purge_due_invitations
from conference.registration.places import give_up_place_turns
from conference.registration.pools import lock_event_pool
from conference.registration.queries import registration_of
from conference.registration.seats import give_up_all_seats
from conference.registration.tables import HeldBack, PoolLine, Registration
from conference.registration.waiting import events_waited_for, waiting_of
from conference.storage.database import Db
from conference.storage.personal import TAKEN_OUT, Erasing, Rows, Whom, as_json, empty_rows, rows_about

__all__ = ["KEPT", "NOBODYS", "SWEEPS", "everything_about", "forget", "give_back"]


async def everything_about(db: Db, whom: Whom) -> Rows:
    """With the questions that the answers are to, the terms that were accepted, and the invitations that they wrote themselves."""
    found = await rows_about(db, KEPT, whom)
    for row in found["registration_answer"]:
        row["question"] = (await db.get_one(RegistrationQuestion, UUID(row["question_id"]))).label
    for row in found["terms_acceptance"]:
        row["terms"] = (await db.get_one(EventTerms, UUID(row["terms_id"]))).words
    known = {row["id"] for row in found["place_invitation"]}
    wrote = await db.exec(select(PlaceInvitation).where(PlaceInvitation.by_id == whom.id).order_by(col(PlaceInvitation.id)))
    found["place_invitation"] += [as_json(row) for row in wrote if str(row.id) not in known]
    return found


async def give_back(db: Db, person: Person, erasing: Erasing) -> None:
    """Every place at what is not over, every turn with what is on offer, what a group has for nobody yet, and offers of one's own place.

    First of all: pools are locked before anything else. Whoever is next in line gets what is free.
    """
    moment = (erasing.now, erasing.real_now)
    events = await events_by_id(db, await _events_of(db, person))
    for event in sorted(events.values(), key=lambda event: event.id):
        await lock_event_pool(db, event.id)
        await end_group_of(db, event, person, *moment, by=erasing.by)
        if erasing.now < event.ends_at and await registration_of(db, person.id, event.id):
            await cancel_registration(db, event, person, *moment, by=erasing.by)
        else:
            await give_up_place_turns(db, event, person, *moment)
            await _give_up_turns(db, event, person, *moment)
    offers = update(PlaceInvitation).where(col(PlaceInvitation.by_id) == person.id, *OPEN)
    await db.exec(offers.values(withdrawn_at=erasing.now))


async def forget(db: Db, whom: Whom, erasing: Erasing) -> None:
    """Counts stay; that a place changed hands stays without a name."""
    mine = col(PlaceInvitation.email_key).in_(whom.addresses) | col(PlaceInvitation.got_id).in_(
        select(Registration.id).where(Registration.person_id == whom.id)
    )
    await db.exec(update(PlaceInvitation).where(mine, *OPEN).values(withdrawn_at=erasing.now))
    await db.exec(update(PlaceInvitation).where(mine).values(**NAMELESS))
    await _forget_institutions(db, whom)
    await empty_rows(db, KEPT, whom)


async def _events_of(db: Db, person: Person) -> set[UUID]:
    """Where this person has anything that somebody else could have."""
    sessions = {entry.session_id for entry in await waiting_of(db, person.id)}
    asked = (
        select(Registration.event_id).where(Registration.person_id == person.id, col(Registration.cancelled_at).is_(None)),
        select(GroupRegistration.event_id).where(GroupRegistration.contact_id == person.id, col(GroupRegistration.ended_at).is_(None)),
        select(Session.event_id).where(col(Session.id).in_(sessions)),
    )
    found = await events_waited_for(db, person.id)
    for question in asked:
        found.update(await db.exec(question))
    return found


async def _give_up_turns(db: Db, event: Event, person: Person, now: datetime, real_now: datetime) -> None:
    """Of what is over, seats stay as they were."""
    if now < event.ends_at:
        await give_up_all_seats(db, event, person, now, real_now)


async def _forget_institutions(db: Db, whom: Whom) -> None:
    """What they called their group is on the places that were held back for it, and in the pool's log."""
    for group in (await db.exec(select(GroupRegistration).where(GroupRegistration.contact_id == whom.id))).all():
        group.institution = TAKEN_OUT
        held_back = await db.get(HeldBack, group.held_back_id) if group.held_back_id else None
        if held_back:
            told = (col(PoolLine.pool_id) == held_back.pool_id, col(PoolLine.words) == held_back.purpose)
            held_back.purpose = f"Group: {TAKEN_OUT}"
            await db.exec(update(PoolLine).where(*told).values(words=held_back.purpose))
    await db.flush()


async def _answers(db: Db, now: datetime, real_now: datetime, dry_run: bool) -> int:
    return await purge_due_answers(db, now, dry_run=dry_run)


async def _forms(db: Db, now: datetime, real_now: datetime, dry_run: bool) -> int:
    return await purge_waiting_forms(db, now, real_now, dry_run=dry_run)


async def _interests(db: Db, now: datetime, real_now: datetime, dry_run: bool) -> int:
    return await purge_due_interests(db, now, real_now, dry_run=dry_run)


async def _invitations(db: Db, now: datetime, real_now: datetime, dry_run: bool) -> int:
    return await purge_due_invitations(db, now, dry_run=dry_run)


SWEEPS: dict[str, Callable[[Db, datetime, datetime, bool], Awaitable[int]]] = {
    "waiting_form: Forms that wait for nothing any more": _forms,
    "registration_answer: Answers whose days are over, or whose place was given back": _answers,
    "interest: Addresses that were told, left the list or did not confirm": _interests,
    "place_invitation: Names and addresses, 30 days after the event": _invitations,
}
