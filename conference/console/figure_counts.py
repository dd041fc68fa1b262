"""The numbers behind an event's figures: sign-ups day by day, countries, seats."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import col, select

from conference.programme.queries import programme_of
from conference.programme.tables import Event, Session
from conference.registration.queries import session_pools
from conference.registration.roll import countries_at
from conference.registration.tables import Registration
from conference.registration.waiting import waiting_counts
from conference.storage.database import Db
from conference.times import zone_named


@dataclass(frozen=True, slots=True)
class DayCount:
    """One day by the event's clock."""

    day: date
    came: int  # places that were confirmed
    left: int  # confirmed places given back
    total: int  # at the day's end


@dataclass(frozen=True, slots=True)
class SeatCount:
    """Of one session, or of several that share their seats."""

    title: str
    slug: str  # of the first
    taken: int
    capacity: int
    waiting: int
    held: int = 0  # back, for a purpose


@dataclass(frozen=True, slots=True)
class Figures:
    days: tuple[DayCount, ...]  # each day from the first place to the last change, quiet ones too
    countries: tuple[tuple[str, int], ...]  # codes, the most people first
    unknown: int  # people whose country nobody knows
    seats: tuple[SeatCount, ...]


async def figures_of(db: Db, event: Event) -> Figures:
    countries = await countries_at(db, event)
    known = sum(countries.values())
    open_places = (
        await db.exec(select(Registration.id).where(Registration.event_id == event.id, col(Registration.cancelled_at).is_(None)))
    ).all()
    return Figures(
        days=await _days(db, event),
        countries=tuple(sorted(countries.items(), key=lambda pair: (-pair[1], pair[0]))),
        unknown=len(open_places) - known,
        seats=await _seats(db, event),
    )


async def _days(db: Db, event: Event) -> tuple[DayCount, ...]:
    """Places that were confirmed once: one that was only held was nobody's."""
    moments = select(Registration.confirmed_at, Registration.cancelled_at).where(Registration.event_id == event.id)
    place, came, left = zone_named(event.zone), Counter[date](), Counter[date]()
    for confirmed_at, cancelled_at in await db.exec(moments.where(col(Registration.confirmed_at).is_not(None))):
        if confirmed_at:
            came[confirmed_at.astimezone(place).date()] += 1
        if cancelled_at:
            left[cancelled_at.astimezone(place).date()] += 1
    if not came:
        return ()
    first, last = min(came), max([*came, *left])
    counted, total = [], 0
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        total += came[day] - left[day]
        counted.append(DayCount(day, came[day], left[day], total))
    return tuple(counted)


async def _seats(db: Db, event: Event) -> tuple[SeatCount, ...]:
    pools = await session_pools(db, event.id)
    waiting = await waiting_counts(db, (pool.id for pool in pools.values()))
    sharing: dict[UUID, list[Session]] = {}
    for facts in await programme_of(db, event):
        if facts.session.id in pools and not facts.session.cancelled_at:
            sharing.setdefault(pools[facts.session.id].id, []).append(facts.session)
    by_id = {pool.id: pool for pool in pools.values()}
    return tuple(
        SeatCount(
            title=" + ".join(session.title for session in sessions),
            slug=sessions[0].slug,
            taken=by_id[id_].taken,
            capacity=by_id[id_].capacity,
            waiting=waiting.get(id_, 0),
            held=by_id[id_].held,
        )
        for id_, sessions in sharing.items()
    )
