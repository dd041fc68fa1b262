"""Registering for an event: a place is held while the mailed link waits to be opened, then confirmed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from conference.errors import Conflict
from conference.mail.actions import strangers_may_write
from conference.people.actions import know_person, make_link
from conference.people.tables import LinkPurpose, MailedLink, Person
from conference.programme.tables import Event
from conference.record.actions import note
from conference.registration.granting import confirm, give_back, give_registration
from conference.registration.held import opened_by
from conference.registration.letters import turn_path, write_to
from conference.registration.places import give_up_place_turns, settle_places, sweep_holds
from conference.registration.pools import lock_event_pool, lock_kind_pool
from conference.registration.queries import lapsed_holds, lock_registration, registration_of
from conference.registration.rules import HOLD_LASTS, check_place_is_free, check_registration_is_open, full_words, has_free_place
from conference.registration.seats import give_up_all_seats
from conference.registration.strangers import call_as_typed, confirm_turn, held_place, held_turn
from conference.registration.tables import CapacityPool, HeldBack, Registration, TicketKind, TurnState, WaitlistEntry
from conference.registration.turn_rules import turn_state
from conference.registration.turns import grant, join_list, settle
from conference.registration.waiting import place_entry_in
from conference.storage.database import Db


async def ask_for_place(
    db: Db,
    event: Event,
    email: str,
    name: str,
    zone: str | None,
    now: datetime,
    real_now: datetime,
    *,
    secret: str,
    address: str,
    kind: TicketKind | None = None,
    code: str | None = None,
) -> bool:
    """Somebody who isn't signed in registers: their place is held, and a link to confirm it is mailed. On a full event it is a turn.

    Whether the address is known already never shows: the caller gets the same answer (whether the list is what one joins now), only the
    mail differs. `address` is the confirmation page's, to which the link's token is added.
    """
    check_registration_is_open(event, now, kind)
    pool = await _open_pool(db, event, kind, now, real_now)
    held_back = await opened_by(db, pool, code, now)
    full = held_back is None and not has_free_place(pool)
    if full and not (pool and pool.waiting):
        check_place_is_free(event, pool)
    if not await strangers_may_write(db, email, real_now):
        return full
    person = await know_person(db, email, name, now, zone=zone)
    registration = await registration_of(db, person.id, event.id)
    if registration is None and full:
        assert pool
        held = await held_turn(db, event, pool, kind, person, name, now, real_now)
    else:
        held = await held_place(db, event, pool, kind, held_back, person, name, now, real_now)
    subject, template = held
    back = f"/events/{event.slug}/registration" if isinstance(subject, Registration) else turn_path(event, None)
    what = (LinkPurpose.registration, real_now)
    token = await make_link(db, secret, person, *what, lasts=HOLD_LASTS, subject_id=subject.id, next_path=back, name=name)
    addressed = person.name if template.endswith("_known") else name
    minutes = HOLD_LASTS.seconds // 60
    await write_to(db, person, template, event, real_now, name=addressed, link=address + token, minutes=minutes)
    return full


async def confirm_by_link(db: Db, event: Event, link: MailedLink, now: datetime, real_now: datetime) -> Registration | WaitlistEntry:
    """The mailed link was opened in time: the held place (or turn) is the person's. Raises Conflict where the hold is over.

    Who opens a mailed link for the first time is called what was typed with that link, whoever typed the address before.
    """
    await lock_event_pool(db, event.id)
    await sweep_holds(db, event, now, real_now)
    if entry := await db.get(WaitlistEntry, link.subject_id) if link.subject_id else None:
        return await confirm_turn(db, event, entry, link, now, real_now)
    registration = await db.get(Registration, link.subject_id) if link.subject_id else None
    if not registration or registration.event_id != event.id or registration.cancelled_at:
        raise Conflict("This place was held for 30 minutes and is free again. Register once more: it takes a minute.")
    if not registration.confirmed_at:
        await call_as_typed(db, registration, link)
        await confirm(db, event, registration, now, real_now)
    return registration


async def register_person(
    db: Db, event: Event, person: Person, now: datetime, real_now: datetime, *, kind: TicketKind | None = None, code: str | None = None
) -> Registration | WaitlistEntry:
    """Somebody signed in registers: confirmed at once, since the address is proven; on a full event with a waiting list it is a turn.

    Registering again changes nothing, but takes a place that is on offer.
    """
    pool = await _open_pool(db, event, kind, now, real_now)
    registration = await registration_of(db, person.id, event.id)
    if registration is None:
        return await _take(db, event, pool, kind, person, await opened_by(db, pool, code, now), now, real_now)
    if not registration.confirmed_at:
        await confirm(db, event, registration, now, real_now)
    return registration


async def change_kind(
    db: Db, event: Event, person: Person, kind: TicketKind | None, now: datetime, real_now: datetime, *, code: str | None = None
) -> Registration | WaitlistEntry:
    """From one kind of ticket to another, keeping what one has until the new place is there; on a full one it is a turn."""
    pool = await _open_pool(db, event, kind, now, real_now)
    registration = await lock_registration(db, person.id, event.id)
    if registration is None:
        raise Conflict(f"You are not registered for {event.title}.")
    if registration.kind_id == (kind.id if kind else None):
        return registration
    left = registration.pool_id
    got = await _take(db, event, pool, kind, person, await opened_by(db, pool, code, now), now, real_now)
    if isinstance(got, Registration):
        await settle_places(db, event, left, now, real_now)
        if kind and not kind.takes_part:
            await give_up_all_seats(db, event, person, now, real_now)
    return got


async def give_place(
    db: Db,
    event: Event,
    person: Person,
    by: UUID | None,
    now: datetime,
    real_now: datetime,
    *,
    kind: TicketKind | None = None,
    held_back: HeldBack | None = None,
) -> Registration:
    """An organiser gives a place (one that is held back, if they say so), whatever the registration's dates; never one too many."""
    pool = await lock_kind_pool(db, event.id, kind)
    registration = await registration_of(db, person.id, event.id)
    if registration is None:
        entry = await place_entry_in(db, person.id, pool.id) if pool else None
        offered = entry is not None and turn_state(entry, now) == TurnState.offered
        if not held_back and not offered:
            check_place_is_free(event, pool)
        if entry and pool:
            return await _by_turn(db, event, pool, entry, now, real_now, counted=offered, held_back=None if offered else held_back)
        registration = await give_registration(db, event, pool, person, now, real_now, kind=kind, held_back=held_back, by=by)
    elif not registration.confirmed_at:
        await confirm(db, event, registration, now, real_now, by=by)
    return registration


async def cancel_registration(db: Db, event: Event, person: Person, now: datetime, real_now: datetime, *, by: UUID | None = None) -> None:
    """Give the place at the event back, and with it every seat and every turn."""
    await lock_event_pool(db, event.id)
    registration = await lock_registration(db, person.id, event.id)
    if registration is None:
        raise Conflict(f"You are not registered for {event.title}.")
    registration.cancelled_at, registration.held_until = now, None
    pool = await give_back(db, registration)
    note(db, "registration cancelled", f"registration:{registration.id}", real_now, person_id=by or person.id, event_id=event.id)
    await db.flush()
    await give_up_place_turns(db, event, person, now, real_now)
    await settle_places(db, event, pool.id if pool else None, now, real_now)
    await give_up_all_seats(db, event, person, now, real_now)
    await write_to(db, person, "registration_cancelled", event, real_now)


async def release_lapsed_holds(db: Db, now: datetime, real_now: datetime) -> int:
    """Places whose links were not opened in time are free again; how many."""
    events = {registration.event_id for registration in await lapsed_holds(db, real_now)}
    lapsed = 0
    for event_id in sorted(events):
        await lock_event_pool(db, event_id)
        lapsed += await sweep_holds(db, await db.get_one(Event, event_id), now, real_now)
    return lapsed


async def _open_pool(db: Db, event: Event, kind: TicketKind | None, now: datetime, real_now: datetime) -> CapacityPool | None:
    """The pool of this kind, locked, after what time has made due there."""
    pool = await lock_kind_pool(db, event.id, kind)
    await sweep_holds(db, event, now, real_now)
    if pool and (pool.held or (pool.last_turn and (has_free_place(pool) or pool.offer_minutes))):
        await settle(db, event, pool, now, real_now)
    return pool


async def _take(
    db: Db,
    event: Event,
    pool: CapacityPool | None,
    kind: TicketKind | None,
    person: Person,
    held_back: HeldBack | None,
    now: datetime,
    real_now: datetime,
) -> Registration | WaitlistEntry:
    """A place, or a turn where there is none; an offer is taken even after registration has closed."""
    entry = await place_entry_in(db, person.id, pool.id) if pool else None
    offered = entry is not None and turn_state(entry, now) == TurnState.offered
    if entry and pool:
        entry.kind_id = kind.id if kind else None
        if not offered and not held_back:
            return entry
        return await _by_turn(db, event, pool, entry, now, real_now, counted=offered, held_back=None if offered else held_back)
    check_registration_is_open(event, now, kind)
    if held_back or has_free_place(pool):
        return await give_registration(db, event, pool, person, now, real_now, kind=kind, held_back=held_back)
    assert pool
    if not pool.waiting:
        raise Conflict(full_words(event, pool))
    entry = await join_list(db, event, pool, person, now, real_now, kind=kind, name=person.name)
    await write_to(db, person, "turn_joined", event, real_now, dedupe_key=f"joined:{entry.id}", turn_path=turn_path(event, None))
    return entry


async def _by_turn(
    db: Db, event: Event, pool: CapacityPool, entry: WaitlistEntry, now: datetime, real_now: datetime, **how: Any
) -> Registration:
    """The place that somebody waited for: on offer, or opened otherwise."""
    await grant(db, event, pool, entry, None, now, real_now, **how)
    registration = await registration_of(db, entry.person_id, event.id)
    assert registration
    return registration
