"""Reading what feeds are made of, and whose a secret address is."""

from collections.abc import Sequence

from sqlalchemy import func, or_
from sqlmodel import col, select

from conference.calendars.own import Own
from conference.calendars.rules import is_token_of, token_of
from conference.calendars.tables import FeedPurpose, FeedToken
from conference.errors import NotFound
from conference.people.rules import token_hash
from conference.people.tables import Person
from conference.programme.queries import events_by_id, programme_of, sessions_by_id, sessions_spoken_at
from conference.programme.tables import Event, SessionSpeaker, Speaker
from conference.registration.queries import bookings_of
from conference.registration.tables import Booking, Registration
from conference.storage.database import Db


async def feed_tokens_of(db: Db, person: Person, purpose: FeedPurpose) -> Sequence[FeedToken]:
    """All that the person ever had, revoked ones too, the newest first."""
    mine = select(FeedToken).where(FeedToken.person_id == person.id, FeedToken.purpose == purpose)
    return (await db.exec(mine.order_by(col(FeedToken.generation).desc()))).all()


async def own_token(db: Db, secret: str, person: Person) -> str:
    """The token of the person's feed, derived again. Empty: there is none yet, or none made with this secret."""
    for row in await feed_tokens_of(db, person, FeedPurpose.own_sessions):
        token = token_of(secret, row)
        if row.revoked_at is None and row.token_hash == token_hash(token):
            return token
    return ""


async def feed_owner(db: Db, secret: str, token: str) -> tuple[FeedToken, Person]:
    """Whose feed this is. Raises NotFound for a token that nobody has, or no more."""
    live = select(FeedToken, Person).join(Person).where(FeedToken.token_hash == token_hash(token), col(FeedToken.revoked_at).is_(None))
    found = (await db.exec(live)).first()
    if not found or not is_token_of(secret, found[0], token):
        raise NotFound("There is no calendar at this address, or not any more. Your own page has the address of yours.")
    return found


async def own_revision(db: Db, person: Person) -> tuple[object, ...]:
    """What moves whenever the person's calendar may have: one query, which touches only a few rows of theirs.

    Bookings and registrations are never deleted and each changes once or twice, so that their filled columns, counted, tell all.
    """
    registered = select(Registration.event_id).where(Registration.person_id == person.id)
    speaks = select(Speaker.event_id).where(Speaker.person_id == person.id)
    steps = (
        select(func.sum(Event.revision)).where(or_(col(Event.id).in_(registered), col(Event.id).in_(speaks))),
        select(func.count(col(Booking.id)) + func.count(col(Booking.given_up_at))).where(Booking.person_id == person.id),
        select(func.count(col(Registration.confirmed_at)) + func.count(col(Registration.cancelled_at))).where(
            Registration.person_id == person.id
        ),
        select(func.count()).select_from(SessionSpeaker).join(Speaker).where(Speaker.person_id == person.id),
    )
    programme, seats, places, speaking = (step.scalar_subquery() for step in steps)
    row = (await db.exec(select(programme, seats, places, speaking))).one()
    return (person.zone, *row)


async def own_of(db: Db, person: Person) -> Own:
    """All that decides about a person's calendar."""
    confirmed = select(Registration).where(Registration.person_id == person.id, col(Registration.confirmed_at).is_not(None))
    registrations, bookings = (await db.exec(confirmed.order_by(col(Registration.id)))).all(), await bookings_of(db, person.id)
    spoken = await sessions_spoken_at(db, person.id)
    sessions = {facts.session.id: facts for facts in spoken + await sessions_by_id(db, (row.session_id for row in bookings))}
    for event in (await events_by_id(db, (row.event_id for row in registrations))).values():
        sessions |= {facts.session.id: facts for facts in await programme_of(db, event)}
    return Own(person, list(sessions.values()), frozenset(facts.session.id for facts in spoken), bookings, registrations)
