"""Reading what feeds are made of, and whose a secret address is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, ScalarSelect, String, cast, func, or_
from sqlmodel import col, select

from conference.calendars.own import Mine
from conference.calendars.parts import Published, listed
from conference.calendars.rules import OwnShown, derived_token, fetched_words, is_token, subscription, token_of
from conference.calendars.tables import FeedChoices, FeedPurpose, FeedToken
from conference.errors import NotFound
from conference.people.rules import token_hash
from conference.people.tables import Person, Role, RoleKind
from conference.programme.history import told_of
from conference.programme.queries import (
    key_dates_of,
    programme_of,
    releases_of,
    rooms_of,
    speakers_of,
    tracks_of,
    venues_of,
)
from conference.programme.tables import Event, Session, Speaker
from conference.registration.queries import bookings_of
from conference.registration.stars import stars_of
from conference.registration.tables import Booking, Registration, Star
from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class Asked:
    """A personal feed that somebody asks for: whose, and what moves whenever it may have changed."""

    token_id: UUID
    person_id: UUID
    made_at: datetime
    last_fetched_at: datetime | None
    revision: tuple[object, ...]


async def feed_tokens_of(db: Db, person: Person, purpose: FeedPurpose) -> Sequence[FeedToken]:
    """All that the person ever had, revoked ones too, the newest first."""
    mine = select(FeedToken).where(FeedToken.person_id == person.id, FeedToken.purpose == purpose)
    return (await db.exec(mine.order_by(col(FeedToken.generation).desc()))).all()


async def own_token(db: Db, secret: str, person: Person) -> str:
    """The token alone; empty where there is none."""
    found = await own_address(db, secret, person)
    return found[1] if found else ""


async def own_address(db: Db, secret: str, person: Person) -> tuple[FeedToken, str] | None:
    """The live address of the person's feed and its token, derived again. None: there is none, or none made with this secret."""
    for row in await feed_tokens_of(db, person, FeedPurpose.own_sessions):
        token = token_of(secret, row)
        if row.revoked_at is None and row.token_hash == token_hash(token):
            return row, token
    return None


async def own_shown(db: Db, secret: str, person: Person, address: Callable[[str], str], zone: str) -> OwnShown | None:
    """The person's calendar as their own page shows it; None: it has no address. `address` makes one of a token, `zone` reads times."""
    found = await own_address(db, secret, person)
    if found is None:
        return None
    row, token = found
    choices = await choices_of(db, person.id)
    return OwnShown(
        feed=subscription(address(token)),
        fetched=fetched_words(row, zone),
        alarm=str(choices.alarm_minutes),
        moderated=choices.moderated,
        moderates=await moderates(db, person.id),
    )


async def choices_of(db: Db, person_id: UUID) -> FeedChoices:
    """What the person wants in their calendar; before they chose, a row that is in no database."""
    found = (await db.exec(select(FeedChoices).where(FeedChoices.person_id == person_id))).first()
    return found or FeedChoices(person_id=person_id)


async def moderates(db: Db, person_id: UUID) -> bool:
    """Whether the person is, or ever was, a moderator anywhere."""
    return (await db.exec(select(Role.id).where(Role.person_id == person_id, Role.kind == RoleKind.moderator))).first() is not None


async def feed_asked(db: Db, secret: str, token: str) -> Asked:
    """Whose feed this is, and its revision: one question, no rows. Raises NotFound for a token that nobody has, or no more.

    Bookings, registrations, stars and roles are never deleted and each changes once or twice, so that their filled columns,
    counted, tell all; who the person is as a speaker is told by the speakers themselves.
    """
    whose = (FeedToken.id, FeedToken.person_id, FeedToken.purpose, FeedToken.generation, FeedToken.made_at, FeedToken.last_fetched_at)
    live = select(*whose, col(Person.zone), *_revision()).join(Person)  # type: ignore[call-overload]
    found = (await db.exec(live.where(FeedToken.token_hash == token_hash(token), col(FeedToken.revoked_at).is_(None)))).first()
    if found:
        token_id, person_id, purpose, generation, made_at, fetched_at, *revision = found
        if is_token(derived_token(secret, person_id, purpose, generation), token):
            return Asked(token_id, person_id, made_at, fetched_at, tuple(revision))
    raise NotFound("There is no calendar at this address, or not any more. Your own page has the address of yours.")


async def mine_of(db: Db, person_id: UUID, made_at: datetime, otherwise_zone: str) -> tuple[Mine, dict[UUID, int]]:
    """What the person has and had, and the revisions of the events where that is, by their ids."""
    person, choices = await db.get_one(Person, person_id), await choices_of(db, person_id)
    confirmed = select(Registration).where(Registration.person_id == person_id, col(Registration.confirmed_at).is_not(None))
    moderated = select(Role).where(Role.person_id == person_id, Role.kind == RoleKind.moderator)
    mine = Mine(
        person_id=person_id,
        zone=person.zone or otherwise_zone,
        speakers=frozenset(await db.exec(select(Speaker.id).where(Speaker.person_id == person_id))),
        bookings=await bookings_of(db, person_id),
        registrations=(await db.exec(confirmed.order_by(col(Registration.id)))).all(),
        stars=await stars_of(db, person_id),
        roles=(await db.exec(moderated.order_by(col(Role.id)))).all(),
        moderated=choices.moderated,
        alarm=timedelta(minutes=choices.alarm_minutes),
        alarm_changed_at=choices.alarm_changed_at,
        made_at=made_at,
    )
    events = select(Event.id, Event.revision).where(_is_of(person_id)).order_by(col(Event.starts_at), col(Event.id))
    return mine, dict((await db.exec(events)).all())


async def published_of(db: Db, event: Event) -> Published:
    """All that the event's feeds are made of."""
    sessions, told = await programme_of(db, event), told_of(await releases_of(db, event))
    return Published(
        event=event,
        sessions=sessions,
        dates=await key_dates_of(db, event),
        tracks=await tracks_of(db, event),
        rooms=await rooms_of(db, event),
        venues=await venues_of(db, event),
        speakers=await speakers_of(db, event),
        told=told,
        listed=listed(sessions, told),
    )


def _revision() -> tuple[ScalarSelect[Any], ...]:
    """What moves whenever the calendar of the token's owner may have."""
    whose = col(FeedToken.person_id)

    def filled(table: type[Any], *columns: Any) -> ScalarSelect[Any]:
        return _of_token(
            select(sum((func.count(column) for column in columns[1:]), func.count(columns[0]))).where(table.person_id == whose)
        )

    return (
        _of_token(select(func.sum(Event.revision)).where(_is_of(whose))),
        filled(Booking, Booking.id, Booking.given_up_at),
        filled(Registration, Registration.confirmed_at, Registration.cancelled_at),
        filled(Star, Star.id, Star.ended_at),
        filled(Role, Role.id, Role.ended_at),
        _of_token(select(func.aggregate_strings(cast(col(Speaker.id), String), ",")).where(Speaker.person_id == whose)),
        _of_token(select(FeedChoices.alarm_minutes * 2 + cast(col(FeedChoices.moderated), Integer)).where(FeedChoices.person_id == whose)),
        _of_token(select(FeedChoices.alarm_changed_at).where(FeedChoices.person_id == whose)),
    )


def _of_token(question: Any) -> ScalarSelect[Any]:
    made: ScalarSelect[Any] = question.correlate(FeedToken).scalar_subquery()
    return made


def _is_of(whose: Any) -> ColumnElement[bool]:
    """The event is one in which this person has, or had, a part."""
    booked = select(Session.event_id).join(Booking).where(Booking.person_id == whose)
    starred = select(Session.event_id).join(Star).where(Star.person_id == whose)
    others = (select(table.event_id).where(table.person_id == whose) for table in (Registration, Speaker, Role))
    return or_(*(col(Event.id).in_(ids.correlate(FeedToken)) for ids in (booked, starred, *others)))
