"""Finding tokens, and what of the programme is somebody's own."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.api.owned import OwnBooking, OwnSession
from conference.api.rules import TokenNeeded, works
from conference.api.tables import ApiToken
from conference.people.rules import token_hash
from conference.people.tables import Person
from conference.programme.queries import SessionFacts, events_by_id, programme_of, sessions_by_id, sessions_spoken_at
from conference.programme.tables import Event
from conference.registration.queries import bookings_of, registrations_of
from conference.registration.tables import Registration
from conference.registration.waiting import people_ahead, waiting_of
from conference.storage.database import Db


async def tokens_of(db: Db, person: Person) -> Sequence[ApiToken]:
    """All that the person ever made, the newest first."""
    mine = select(ApiToken).where(ApiToken.person_id == person.id)
    return (await db.exec(mine.order_by(col(ApiToken.made_at).desc(), col(ApiToken.id).desc()))).all()


async def token_owner(db: Db, token: str, real_now: datetime) -> tuple[ApiToken, Person]:
    """Whose token this is. Raises TokenNeeded for one that nobody has, that was revoked, or whose time is over."""
    found = (await db.exec(select(ApiToken, Person).join(Person).where(ApiToken.token_hash == token_hash(token)))).first()
    if not found or not works(found[0], real_now):
        raise TokenNeeded("This token does not work: it was revoked, its time is over, or it was never made here.")
    return found


async def places_of(db: Db, person: Person) -> list[tuple[Registration, Event]]:
    """The person's live registrations, in order of the events."""
    rows = await registrations_of(db, person.id)
    events = await events_by_id(db, (row.event_id for row in rows))
    return sorted(((row, events[row.event_id]) for row in rows), key=lambda pair: (pair[1].starts_at, pair[1].id))


async def seats_of(db: Db, person: Person) -> list[OwnBooking]:
    """Seats and turns, in order of the sessions."""
    seats = {row.session_id: row.booked_at for row in await bookings_of(db, person.id) if not row.given_up_at}
    turns = {row.session_id: (row.joined_at, await people_ahead(db, row)) for row in await waiting_of(db, person.id) if row.session_id}
    found = []
    for facts in await sessions_by_id(db, {*seats, *turns}):
        if (seat := seats.get(facts.session.id)) is not None:
            found.append(OwnBooking(facts, seat))
        else:
            found.append(OwnBooking(facts, *turns[facts.session.id]))
    return found


async def own_sessions(db: Db, person: Person) -> list[OwnSession]:
    """What the person speaks at, has a seat in, or takes part in as everybody does who is registered; in order of time."""
    spoken = {facts.session.id: facts for facts in await sessions_spoken_at(db, person.id)}
    booked = {seat.facts.session.id: seat.facts for seat in await seats_of(db, person) if seat.ahead is None}
    everyone: dict[UUID, SessionFacts] = {}
    for row, event in await places_of(db, person):
        if row.confirmed_at:
            everyone |= {facts.session.id: facts for facts in await programme_of(db, event) if facts.session.for_everyone}
    kinds = {"speaking": spoken, "booked": booked, "everyone": everyone}
    found: dict[UUID, SessionFacts] = everyone | booked | spoken
    ordered = sorted(found.values(), key=lambda facts: (facts.session.starts_at, facts.session.id))
    return [OwnSession(facts, tuple(kind for kind, those in kinds.items() if facts.session.id in those)) for facts in ordered]


async def programme_state(db: Db, *, event_id: UUID) -> Hashable:
    """What moves whenever an event's published programme does."""
    return tuple((await db.exec(select(Event.revision, Event.modified_at).where(Event.id == event_id))).one())


async def events_state(db: Db) -> Hashable:
    """What moves whenever any event's does."""
    rows = await db.exec(select(Event.id, Event.revision, Event.modified_at).order_by(col(Event.id)))
    return tuple(tuple(row) for row in rows)
