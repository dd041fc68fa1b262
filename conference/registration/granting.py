"""Giving what somebody asked for or waited for: a seat in a session, a place at the event, with its mail. The pool is locked already."""

from datetime import datetime
from typing import Any
from uuid import UUID

from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.record.actions import note
from conference.registration.letters import write_to
from conference.registration.pools import free_place, lock_pool, take_place
from conference.registration.queries import lock_registration
from conference.registration.tables import Booking, CapacityPool, HeldBack, Registration, TicketKind, WaitlistEntry
from conference.storage.database import Db


async def give_seat(
    db: Db,
    event: Event,
    session: Session,
    pool: CapacityPool | None,
    person: Person,
    now: datetime,
    real_now: datetime,
    *,
    entry: WaitlistEntry | None = None,
    held_back: HeldBack | None = None,
    counted: bool = False,
    template: str = "seat_booked",
) -> Booking:
    """`counted`: the pool counts this seat already, since it was on offer. No pool: there is no limit any more."""
    booking = Booking(
        pool_id=pool.id if pool else None,
        session_id=session.id,
        person_id=person.id,
        booked_at=now,
        waitlist_entry_id=entry.id if entry else None,
        held_back_id=held_back.id if held_back else None,
    )
    if not counted:
        take_place(pool, held_back)
    db.add(booking)
    await db.flush()
    note(db, "seat booked", f"session:{session.id}", real_now, person_id=person.id, event_id=event.id, promoted=entry is not None)
    facts = {"session": session.title, "session_path": f"/events/{event.slug}/sessions/{session.slug}"}
    await write_to(db, person, template, event, real_now, when=session, dedupe_key=f"seat:{booking.id}", first=True, **facts)
    return booking


async def give_registration(
    db: Db,
    event: Event,
    pool: CapacityPool | None,
    person: Person,
    now: datetime,
    real_now: datetime,
    *,
    kind: TicketKind | None = None,
    entry: WaitlistEntry | None = None,
    held_back: HeldBack | None = None,
    counted: bool = False,
    template: str = "registration_confirmed",
    by: UUID | None = None,
) -> Registration:
    """A confirmed place of this kind, with the event locked; whoever has one of another kind (recordings only) changes over."""
    registration = await lock_registration(db, person.id, event.id)
    first = registration is None
    if registration:
        await give_back(db, registration)
    else:
        name = entry.name if entry and entry.name else person.name
        registration = Registration(event_id=event.id, person_id=person.id, name=name, made_at=now, given_by_id=by)
        db.add(registration)
    count_place(registration, pool, kind, held_back, counted=counted)
    registration.waitlist_entry_id = entry.id if entry else None
    await db.flush()
    await confirm(db, event, registration, now, real_now, by=by, template=template, first=first)
    return registration


def count_place(
    registration: Registration, pool: CapacityPool | None, kind: TicketKind | None, held_back: HeldBack | None, *, counted: bool = False
) -> None:
    """Let this pool count the registration's place."""
    if not counted:
        take_place(pool, held_back)
    registration.pool_id, registration.kind_id = pool.id if pool else None, kind.id if kind else None
    registration.held_back_id = held_back.id if held_back else None


async def give_back(db: Db, registration: Registration) -> CapacityPool | None:
    """Let the pool that counts this registration's place forget it, with the event locked; that pool, where something is free now."""
    pool = await lock_pool(db, registration.pool_id)
    held_back = await db.get(HeldBack, registration.held_back_id) if registration.held_back_id else None
    if pool:
        free_place(pool, held_back)
    registration.pool_id = registration.held_back_id = None
    return pool


async def confirm(
    db: Db,
    event: Event,
    registration: Registration,
    now: datetime,
    real_now: datetime,
    *,
    by: UUID | None = None,
    template: str = "registration_confirmed",
    first: bool = False,
) -> None:
    """The place is the person's own; a mail says so. `first`: it was made just now."""
    registration.confirmed_at, registration.held_until = registration.confirmed_at or now, None
    person = await db.get_one(Person, registration.person_id)
    note(db, "registration confirmed", f"registration:{registration.id}", real_now, person_id=by or person.id, event_id=event.id)
    told: dict[str, Any] = {
        "dedupe_key": f"confirmed:{registration.id}:{registration.waitlist_entry_id or registration.kind_id or ''}",
        "first": first,
    }
    await write_to(db, person, template, event, real_now, when=event, name=registration.name, **told)
