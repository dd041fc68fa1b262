"""Reading attendance: whose code it is, who is expected, who was there."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from conference.attendance.rules import FLAGGED, Occasion, folded, has_all, minutes_of
from conference.attendance.tables import AttendanceRule, CheckIn, DoorScan, StageTime
from conference.attendance.tickets import code_of_place, read_code
from conference.errors import NotFound
from conference.people.tables import Person
from conference.programme.queries import SessionFacts, programme_of
from conference.programme.tables import Event
from conference.registration.queries import people_booked, pool_of_session, registrations_at
from conference.registration.tables import Registration, TicketKind
from conference.storage.database import Db, in_parts

STANDS = col(CheckIn.undone_at).is_(None)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is expected at a door."""

    place: Registration
    person: Person
    check_in: CheckIn | None  # for the occasion that was asked for

    @property
    def name(self) -> str:
        """The person's own name, as a badge has it."""
        return self.person.name


async def codes_at(db: Db, event: Event, secret: str) -> dict[str, UUID]:
    """Every place's code at this event, with its registration: those given back too, so that a door can say so."""
    places = await db.exec(select(Registration.id, Registration.person_id).where(Registration.event_id == event.id))
    return {code_of_place(secret, place_id, person_id): place_id for place_id, person_id in places}


async def place_with_code(db: Db, event: Event, secret: str, typed: str) -> Registration | None:
    """Whose ticket it is, given back or not."""
    code = read_code(typed)
    place_id = (await codes_at(db, event, secret)).get(code) if code else None
    return await db.get(Registration, place_id) if place_id else None


async def guests_at(db: Db, event: Event, occasion: Occasion, words: str = "") -> list[Guest]:
    """Everybody with a place that lets them in, by name; `words`: only those whose name or organisation has all of them. Nobody's robot."""
    there, watching = await check_ins_for(db, event.id, occasion), await only_watching(db, event.id)
    wanted = folded(words).split()
    guests = [
        Guest(place, person, there.get(place.id))
        for place, person in await registrations_at(db, event.id)
        if person.robot_of is None and place.id not in watching and has_all(wanted, f"{person.name} {person.organisation}")
    ]
    return sorted(guests, key=lambda guest: (folded(guest.name), guest.place.id))


async def check_ins_for(db: Db, event_id: UUID, occasion: Occasion) -> dict[UUID, CheckIn]:
    """Those that stand, by registration."""
    found = await db.exec(select(CheckIn).where(CheckIn.event_id == event_id, _of(occasion), STANDS))
    return {row.registration_id: row for row in found}


async def check_ins_at(db: Db, event_id: UUID) -> dict[UUID, list[CheckIn]]:
    """All that stand, of days and sessions, by registration."""
    found: dict[UUID, list[CheckIn]] = defaultdict(list)
    for row in await db.exec(select(CheckIn).where(CheckIn.event_id == event_id, STANDS).order_by(col(CheckIn.at))):
        found[row.registration_id].append(row)
    return found


async def latest_check_ins(db: Db, event_id: UUID, occasion: Occasion, limit: int) -> Sequence[tuple[CheckIn, Person]]:
    """The newest first."""
    pairs = select(CheckIn, Person).join(Registration, col(Registration.id) == CheckIn.registration_id).join(Person)
    return (
        await db.exec(pairs.where(CheckIn.event_id == event_id, _of(occasion), STANDS).order_by(col(CheckIn.id).desc()).limit(limit))
    ).all()


async def flagged_scans(db: Db, event_id: UUID) -> Sequence[tuple[DoorScan, Registration | None, Person | None]]:
    """Acts at the door that came to nothing and that nobody has looked at yet, the oldest first."""
    found = (
        select(DoorScan, Registration, Person)
        .join(Registration, col(Registration.id) == DoorScan.registration_id, isouter=True)
        .join(Person, col(Person.id) == Registration.person_id, isouter=True)
        .where(DoorScan.event_id == event_id, col(DoorScan.outcome).in_(FLAGGED), col(DoorScan.seen_at).is_(None))
    )
    return (await db.exec(found.order_by(col(DoorScan.received_at), col(DoorScan.id)))).all()


async def places_for_door(db: Db, event: Event, place_ids: Collection[UUID]) -> dict[UUID, Registration]:
    """These registrations as they are now, locked in one order: whoever cancels one of them, or checks it in, takes turns."""
    await db.flush()
    locked: dict[UUID, Registration] = {}
    for some in in_parts(sorted(place_ids)):
        rows = select(Registration).where(col(Registration.id).in_(some), Registration.event_id == event.id).order_by(col(Registration.id))
        rows = rows.with_for_update(key_share=True).execution_options(populate_existing=True)
        locked |= {row.id: row for row in await db.exec(rows)}
    return locked


async def last_check_in(db: Db, place_id: UUID, occasion: Occasion) -> CheckIn | None:
    """The newest for this occasion, undone or not. Call it with the registration locked."""
    found = select(CheckIn).where(CheckIn.registration_id == place_id, _of(occasion)).order_by(col(CheckIn.id).desc())
    rows = (await db.exec(found)).all()
    return next((row for row in rows if row.undone_at is None), rows[0] if rows else None)


async def scans_known(db: Db, event_id: UUID, client_ids: Collection[UUID]) -> dict[UUID, DoorScan]:
    """Acts that arrived before, by what the phone calls them."""
    found: dict[UUID, DoorScan] = {}
    for some in in_parts(client_ids):
        rows = await db.exec(select(DoorScan).where(DoorScan.event_id == event_id, col(DoorScan.client_id).in_(some)))
        found |= {row.client_id: row for row in rows}
    return found


async def seated_in(db: Db, session_id: UUID) -> set[UUID] | None:
    """Who has a seat; None where seats aren't limited."""
    if await pool_of_session(db, session_id) is None:
        return None
    return {person.id for _, person in await people_booked(db, session_id)}


async def only_watching(db: Db, event_id: UUID) -> set[UUID]:
    """The registrations whose kind of ticket is for recordings only: nobody expects them at a door."""
    kinds = select(TicketKind.id).where(TicketKind.event_id == event_id, col(TicketKind.takes_part).is_(False))
    return set(await db.exec(select(Registration.id).where(col(Registration.kind_id).in_(kinds))))


async def door_sessions(db: Db, event: Event) -> list[SessionFacts]:
    """The sessions that have a door one walks through: in a place, and not cancelled."""
    return [facts for facts in await programme_of(db, event) if not facts.venue.online and not facts.session.cancelled_at]


async def check_occasion(db: Db, event: Event, occasion: Occasion, days: Collection[object]) -> None:
    """Raises NotFound for a day that this event has not, and for another event's session."""
    if occasion.day:
        if occasion.day not in days:
            raise NotFound("Nothing is planned on this day.")
    elif occasion.session_id not in {facts.session.id for facts in await programme_of(db, event)}:
        raise NotFound("There is no such session at this event.")


async def stage_minutes(db: Db, event_id: UUID) -> int:
    return minutes_of((await db.exec(select(AttendanceRule).where(AttendanceRule.event_id == event_id))).first())


async def times_in(db: Db, session_ids: Collection[UUID]) -> Mapping[UUID, dict[UUID, StageTime]]:
    """Time on stages and ways into meetings, by session and person."""
    found: dict[UUID, dict[UUID, StageTime]] = defaultdict(dict)
    for some in in_parts(session_ids):
        for row in await db.exec(select(StageTime).where(col(StageTime.session_id).in_(some))):
            found[row.session_id][row.person_id] = row
    return found


def _of(occasion: Occasion) -> ColumnElement[bool]:
    return col(CheckIn.day) == occasion.day if occasion.day else col(CheckIn.session_id) == occasion.session_id
