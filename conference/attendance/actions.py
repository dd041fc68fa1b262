"""Checking in, taking that back, and noting who was on a stage. What a phone sends again changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from conference.attendance.queries import (
    check_occasion,
    codes_at,
    last_check_in,
    places_for_door,
    scans_known,
    seated_in,
)
from conference.attendance.rules import Occasion, check_minutes, programme_days, what_becomes
from conference.attendance.tables import AttendanceRule, CheckIn, DoorScan, How, Outcome
from conference.attendance.tickets import read_code
from conference.errors import NotFound
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.record.actions import note
from conference.registration.queries import kind_of
from conference.registration.tables import Registration
from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did at a door: a code, or a registration found by name."""

    client_id: UUID  # made where it was done, once
    occasion: Occasion
    how: How
    at: datetime
    code: str = ""
    place_id: UUID | None = None


async def perform_acts(db: Db, event: Event, acts: Sequence[Act], by: Person, now: datetime, secret: str) -> list[DoorScan]:
    """Each act once, in the order in which they were done, whenever they arrive; what became of each, in the order given."""
    days = programme_days(event)
    for occasion in {act.occasion for act in acts}:
        await check_occasion(db, event, occasion, days)
    codes = await codes_at(db, event, secret) if any(act.code for act in acts) else {}
    meant = {act.client_id: codes.get(read_code(act.code)) if act.code else act.place_id for act in acts}
    places = await places_for_door(db, event, {place_id for place_id in meant.values() if place_id})
    done = await scans_known(db, event.id, meant.keys())
    seated = {act.occasion.session_id: await seated_in(db, act.occasion.session_id) for act in acts if act.occasion.session_id}
    for act in sorted(acts, key=lambda act: act.at):
        if act.client_id not in done:
            place_id = meant[act.client_id]
            place = places.get(place_id) if place_id else None
            seats = seated[act.occasion.session_id] if act.occasion.session_id else None
            has_seat = seats is None or (place is not None and place.person_id in seats)
            done[act.client_id] = await _perform(db, event, act, place, by, now, has_seat=has_seat)
    return [done[act.client_id] for act in acts]


async def _perform(db: Db, event: Event, act: Act, place: Registration | None, by: Person, now: datetime, *, has_seat: bool) -> DoorScan:
    """With the registration locked. An act that arrives twice at the same instant, in two requests, is kept once."""
    last = await last_check_in(db, place.id, act.occasion) if place else None
    stands = last is not None and last.undone_at is None
    kind = await kind_of(db, place)
    undone_at, enters = last.undone_at if last else None, kind is None or kind.takes_part
    outcome = what_becomes(place, has_seat=has_seat, stands=stands, undone_at=undone_at, at=act.at, takes_part=enters)
    scan = DoorScan(
        event_id=event.id,
        client_id=act.client_id,
        registration_id=place.id if place else None,
        check_in_id=last.id if last and stands else None,
        day=act.occasion.day,
        session_id=act.occasion.session_id,
        how=act.how,
        outcome=outcome,
        at=act.at,
        received_at=now,
        by_id=by.id,
    )
    try:
        async with db.begin_nested():
            if outcome == Outcome.checked_in and place:
                row = _check_in(event, place, act, by)
                db.add(row)
                await db.flush()
                scan.check_in_id = row.id
            elif stands and last and act.at < last.at:
                last.at = act.at  # an earlier act came later: they were there by then
            db.add(scan)
            await db.flush()
    except IntegrityError:
        return (await db.exec(select(DoorScan).where(DoorScan.event_id == event.id, DoorScan.client_id == act.client_id))).one()
    return scan


async def undo_check_in(db: Db, event: Event, check_in_id: UUID, by: Person, now: datetime, real_now: datetime) -> tuple[CheckIn, Person]:
    """Take a check-in back; twice is once. Raises NotFound for another event's."""
    row = await db.get(CheckIn, check_in_id)
    if row is None or row.event_id != event.id:
        raise NotFound("There is no such check-in at this event.")
    places = await places_for_door(db, event, {row.registration_id})
    await db.refresh(row)
    if row.undone_at is None:
        row.undone_at, row.undone_by_id = now, by.id
        what = Occasion(row.day, row.session_id).key
        note(db, "check-in undone", f"registration:{row.registration_id}", real_now, person_id=by.id, event_id=event.id, occasion=what)
    return row, await db.get_one(Person, places[row.registration_id].person_id)


async def see_flag(db: Db, event: Event, scan_id: UUID | None, now: datetime) -> None:
    """Somebody has looked at an act that came to nothing; twice is once. Raises NotFound for another event's."""
    scan = await db.get(DoorScan, scan_id) if scan_id else None
    if scan is None or scan.event_id != event.id:
        raise NotFound("There is no such entry at this event’s door.")
    scan.seen_at = scan.seen_at or now


async def set_minutes(db: Db, event: Event, minutes: int, by: Person, real_now: datetime) -> None:
    """How long on a stage counts as having attended."""
    check_minutes(minutes)
    row = (await db.exec(select(AttendanceRule).where(AttendanceRule.event_id == event.id).with_for_update())).first()
    if row is None:
        row = AttendanceRule(event_id=event.id, stage_minutes=minutes)
        db.add(row)
    row.stage_minutes = minutes
    note(db, "attendance rule set", f"event:{event.id}", real_now, person_id=by.id, event_id=event.id, minutes=minutes)


def _check_in(event: Event, place: Registration, act: Act, by: Person) -> CheckIn:
    day, session_id = act.occasion.day, act.occasion.session_id
    return CheckIn(event_id=event.id, registration_id=place.id, day=day, session_id=session_id, at=act.at, how=act.how, by_id=by.id)
