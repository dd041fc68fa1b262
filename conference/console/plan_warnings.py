"""What organisers are warned of before a release: the plan beside what is known of those who come."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from conference.people.tables import Person
from conference.programme.planned import Planned, planned_programme
from conference.programme.tables import Event, Session
from conference.programme.warnings import Crowd, PlanWarning, warnings_of
from conference.registration.queries import session_pools
from conference.registration.tables import Booking, Registration
from conference.speaking.queries import availability_of
from conference.storage.database import Db


async def plan_warnings(db: Db, event: Event) -> tuple[PlanWarning, ...]:
    """Of the programme as it will be after the next release."""
    return await warnings_about(db, event, await planned_programme(db, event))


async def warnings_about(db: Db, event: Event, planned: Sequence[Planned]) -> tuple[PlanWarning, ...]:
    """The same, for who has the plan already."""
    return warnings_of(event, [one.facts for one in planned], await crowd_of(db, event))


async def crowd_of(db: Db, event: Event) -> Crowd:
    live = (Registration.event_id == event.id, col(Registration.cancelled_at).is_(None), col(Registration.confirmed_at).is_not(None))
    zones = await db.exec(select(Person.zone).join(Registration, col(Registration.person_id) == col(Person.id)).where(*live))
    booked: dict[UUID, set[UUID]] = defaultdict(set)
    seats = select(Booking.session_id, Booking.person_id).join(Session).where(Session.event_id == event.id)
    for session_id, person_id in await db.exec(seats.where(col(Booking.given_up_at).is_(None))):
        booked[session_id].add(person_id)
    return Crowd(
        zones=Counter(zone for zone in zones if zone),
        booked={session: frozenset(people) for session, people in booked.items()},
        free=await availability_of(db, event),
        seats={session: pool.capacity for session, pool in (await session_pools(db, event.id)).items()},
    )
