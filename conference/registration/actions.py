"""Registering for an event: a place is held while the mailed link waits to be opened, then confirmed."""

from datetime import datetime
from uuid import UUID

from conference.errors import Conflict
from conference.mail.actions import strangers_may_write
from conference.people.actions import know_person, make_link
from conference.people.queries import has_ever_signed_in
from conference.people.tables import LinkPurpose, MailedLink, Person
from conference.programme.tables import Event
from conference.record.actions import note
from conference.registration.letters import write_to
from conference.registration.pools import free_place, lock_event_pool, take_place
from conference.registration.queries import lapsed_holds, lock_registration, registration_of
from conference.registration.rules import (
    HOLD_LASTS,
    check_place_is_free,
    check_registration_is_open,
    is_lapsed,
)
from conference.registration.seats import give_up_all_seats
from conference.registration.tables import CapacityPool, Registration
from conference.storage.database import Db


async def ask_for_place(
    db: Db, event: Event, email: str, name: str, zone: str | None, now: datetime, real_now: datetime, *, secret: str, address: str
) -> None:
    """Somebody who isn't signed in registers: their place is held, and a link to confirm it is mailed.

    Whether the address is known already never shows: the caller gets the same answer, only the mail differs. `address` is the
    confirmation page's, to which the link's token is added.
    """
    check_registration_is_open(event, now)
    pool = await lock_event_pool(db, event.id)
    await _sweep(db, event.id, pool, real_now)
    check_place_is_free(event, pool)
    if not await strangers_may_write(db, email, real_now):
        return
    person = await know_person(db, email, name, now, zone=zone)
    registration = await registration_of(db, person.id, event.id)
    if registration is None:
        registration = Registration(event_id=event.id, person_id=person.id, name=name, made_at=now)
        take_place(pool)
        db.add(registration)
        note(db, "place held", f"registration:{registration.id}", real_now, person_id=person.id, event_id=event.id)
    known = registration.confirmed_at is not None
    if not known:  # held as long as the newest link works
        registration.held_until = real_now + HOLD_LASTS
    back = f"/events/{event.slug}/registration"
    what = (LinkPurpose.registration, real_now)
    token = await make_link(db, secret, person, *what, lasts=HOLD_LASTS, subject_id=registration.id, next_path=back, name=name)
    template, addressed = ("registration_known", person.name) if known else ("registration_confirm", name)
    minutes = HOLD_LASTS.seconds // 60
    await write_to(db, person, template, event, real_now, name=addressed, link=address + token, minutes=minutes)


async def confirm_by_link(db: Db, event: Event, link: MailedLink, now: datetime, real_now: datetime) -> Registration:
    """The mailed link was opened in time: the held place is the person's. Raises Conflict where the hold is over.

    Who opens a mailed link for the first time is called what was typed with that link, whoever typed the address before.
    """
    await _sweep(db, event.id, await lock_event_pool(db, event.id), real_now)
    registration = await db.get(Registration, link.subject_id) if link.subject_id else None
    if not registration or registration.event_id != event.id or registration.cancelled_at:
        raise Conflict("This place was held for 30 minutes and is free again. Register once more: it takes a minute.")
    if not registration.confirmed_at:
        person = await db.get_one(Person, registration.person_id)
        if not await has_ever_signed_in(db, person.id):
            person.name = registration.name = link.name
        await _confirm(db, event, registration, now, real_now)
    return registration


async def register_person(db: Db, event: Event, person: Person, now: datetime, real_now: datetime) -> Registration:
    """Somebody signed in registers: confirmed at once, since the address is proven. Registering again changes nothing."""
    pool = await lock_event_pool(db, event.id)
    await _sweep(db, event.id, pool, real_now)
    registration = await registration_of(db, person.id, event.id)
    if registration is None:
        check_registration_is_open(event, now)
        check_place_is_free(event, pool)
        registration = Registration(event_id=event.id, person_id=person.id, name=person.name, made_at=now)
        take_place(pool)
        db.add(registration)
        await db.flush()
    if not registration.confirmed_at:
        await _confirm(db, event, registration, now, real_now)
    return registration


async def give_place(db: Db, event: Event, person: Person, by: UUID | None, now: datetime, real_now: datetime) -> Registration:
    """An organiser gives a place, whatever the registration's dates; never one too many."""
    pool = await lock_event_pool(db, event.id)
    registration = await registration_of(db, person.id, event.id)
    if registration is None:
        check_place_is_free(event, pool)
        registration = Registration(event_id=event.id, person_id=person.id, name=person.name, made_at=now, given_by_id=by)
        take_place(pool)
        db.add(registration)
        await db.flush()
    if not registration.confirmed_at:
        await _confirm(db, event, registration, now, real_now, by=by)
    return registration


async def cancel_registration(db: Db, event: Event, person: Person, now: datetime, real_now: datetime, *, by: UUID | None = None) -> None:
    """Give the place at the event back, and with it every seat and every turn."""
    pool = await lock_event_pool(db, event.id)
    registration = await lock_registration(db, person.id, event.id)
    if registration is None:
        raise Conflict(f"You are not registered for {event.title}.")
    await give_up_all_seats(db, event, person, now, real_now)
    registration.cancelled_at, registration.held_until = now, None
    free_place(pool)
    note(db, "registration cancelled", f"registration:{registration.id}", real_now, person_id=by or person.id, event_id=event.id)
    await write_to(db, person, "registration_cancelled", event, real_now)


async def release_lapsed_holds(db: Db, now: datetime, real_now: datetime) -> int:
    """Places whose links were not opened in time are free again; how many."""
    events = {registration.event_id for registration in await lapsed_holds(db, real_now)}
    lapsed = 0
    for event_id in sorted(events):
        lapsed += await _sweep(db, event_id, await lock_event_pool(db, event_id), real_now)
    return lapsed


async def _confirm(db: Db, event: Event, registration: Registration, now: datetime, real_now: datetime, *, by: UUID | None = None) -> None:
    registration.confirmed_at, registration.held_until = now, None
    person = await db.get_one(Person, registration.person_id)
    note(db, "registration confirmed", f"registration:{registration.id}", real_now, person_id=by or person.id, event_id=event.id)
    told = f"confirmed:{registration.id}"
    await write_to(db, person, "registration_confirmed", event, real_now, when=event, name=registration.name, dedupe_key=told)


async def _sweep(db: Db, event_id: UUID, pool: CapacityPool | None, real_now: datetime) -> int:
    """Let go of this event's lapsed holds. `pool` is the event's, locked."""
    over = [
        registration
        for registration in await lapsed_holds(db, real_now)
        if registration.event_id == event_id and is_lapsed(registration, real_now)
    ]
    for registration in over:
        registration.cancelled_at, registration.held_until, registration.lapsed = real_now, None, True
        free_place(pool)
        note(db, "hold lapsed", f"registration:{registration.id}", real_now, event_id=event_id)
    await db.flush()
    return len(over)
