"""What is kept for somebody whose mailed link was not opened yet: a place, or a turn. The event is locked."""

from datetime import datetime

from conference.errors import Conflict
from conference.people.queries import has_ever_signed_in
from conference.people.tables import MailedLink, Person
from conference.programme.tables import Event
from conference.record.actions import note
from conference.registration.granting import count_place
from conference.registration.pools import lock_pool
from conference.registration.queries import registration_of
from conference.registration.rules import HOLD_LASTS
from conference.registration.tables import CapacityPool, HeldBack, PoolAct, Registration, TicketKind, TurnState, WaitlistEntry
from conference.registration.turn_rules import turn_state
from conference.registration.turns import join_list, settle
from conference.registration.waiting import place_entry_in
from conference.registration.waitlog import write_line
from conference.storage.database import Db


async def held_place(
    db: Db,
    event: Event,
    pool: CapacityPool | None,
    kind: TicketKind | None,
    held_back: HeldBack | None,
    person: Person,
    name: str,
    now: datetime,
    real_now: datetime,
) -> tuple[Registration | WaitlistEntry, str]:
    """A stranger's place, held as long as the newest link works; and the mail that says so."""
    registration = await registration_of(db, person.id, event.id)
    if registration is None:
        registration = Registration(event_id=event.id, person_id=person.id, name=name, made_at=now)
        count_place(registration, pool, kind, held_back)
        db.add(registration)
        note(db, "place held", f"registration:{registration.id}", real_now, person_id=person.id, event_id=event.id)
    if registration.confirmed_at:
        return registration, "registration_known"
    registration.held_until = real_now + HOLD_LASTS
    return registration, "registration_confirm"


async def held_turn(
    db: Db,
    event: Event,
    pool: CapacityPool,
    kind: TicketKind | None,
    person: Person,
    name: str,
    now: datetime,
    real_now: datetime,
) -> tuple[Registration | WaitlistEntry, str]:
    """A stranger's turn, kept as long as the newest link works; and the mail that says so."""
    entry = await place_entry_in(db, person.id, pool.id)
    if entry is None:
        until = real_now + HOLD_LASTS
        entry = await join_list(db, event, pool, person, now, real_now, kind=kind, name=name, held_until=until)
    if entry.held_until is None:
        return entry, "turn_known"
    entry.held_until = real_now + HOLD_LASTS
    return entry, "turn_confirm"


async def confirm_turn(
    db: Db, event: Event, entry: WaitlistEntry, link: MailedLink, now: datetime, real_now: datetime
) -> Registration | WaitlistEntry:
    pool = await lock_pool(db, entry.pool_id)
    await db.refresh(entry)
    if pool is None or pool.event_id != event.id or turn_state(entry, now) == TurnState.left:
        raise Conflict("Your turn was kept for 30 minutes and is over. Register once more: it takes a minute.")
    if entry.held_until:
        await call_as_typed(db, entry, link)
        entry.held_until = None
        write_line(db, pool, PoolAct.confirmed, now, entry=entry)
        await db.flush()
        await settle(db, event, pool, now, real_now)
    got = await registration_of(db, entry.person_id, event.id)
    return got if got and got.waitlist_entry_id == entry.id else entry


async def call_as_typed(db: Db, place: Registration | WaitlistEntry, link: MailedLink) -> None:
    person = await db.get_one(Person, place.person_id)
    if not await has_ever_signed_in(db, person.id):
        person.name = place.name = link.name
