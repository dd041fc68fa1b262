"""Loads seed_data/ through the actions that people use. What is there already is left as it is, so loading twice changes nothing."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TypeVar
from uuid import UUID

from sqlmodel import SQLModel, select

from conference.errors import Refusal
from conference.live.actions import perform
from conference.live.commands import Approve, Ask, Upvote
from conference.live.rules import Door, door_at
from conference.papers.heading import save_head
from conference.papers.queries import head_of
from conference.papers.tables import CertificateBasis
from conference.people.actions import grant_role, know_person
from conference.people.consents import choose_consents
from conference.people.queries import people_with_role, person_by_email
from conference.people.tables import Person, RoleKind
from conference.programme.actions import add_session, release_programme
from conference.programme.releases import SessionPlan
from conference.programme.tables import (
    Event,
    KeyDate,
    Room,
    Session,
    SessionSpeaker,
    SourceReading,
    Speaker,
    Track,
    Venue,
)
from conference.registration.actions import give_place
from conference.registration.kinds import kinds_at
from conference.registration.pooling import PoolPlan, change_pool, hold_back
from conference.registration.seats import book_seat, set_seats
from conference.registration.tables import CapacityPool, PoolServes
from conference.seed_forms import answer_for_demo, load_form, say_for_demo
from conference.seed_models import Seed, SeedDemo, SeedEvent, SeedPerson, SeedSession
from conference.storage.database import Db

Say = Callable[[str], None]
Kind = TypeVar("Kind", bound=SQLModel)


@dataclass(slots=True)
class Loaded:
    """What a loading did."""

    added: int = 0
    there: int = 0


async def load_programmes(db: Db, seed: Seed, now: datetime, say: Say) -> Loaded:
    """Venues, events and their programmes, in the caller's one transaction: a failure leaves nothing half-loaded."""
    count = Loaded()
    for venue in seed.venues:
        await _put(db, count, Venue, {"slug": venue.slug}, **venue.model_dump(exclude={"slug"}))
    for given in seed.events:
        say(f"{given.title}: {len(given.sessions)} sessions")
        await _load_event(db, count, given, now)
    return count


async def _load_event(db: Db, count: Loaded, given: SeedEvent, now: datetime) -> None:
    registration = given.registration
    event = await _put(
        db,
        count,
        Event,
        {"slug": given.slug},
        **given.model_dump(include={"title", "summary", "about", "format", "zone", "who_for", "take_part"}),
        free_days=[day.isoformat() for day in given.free_days],
        starts_at=given.instant(given.starts),
        ends_at=given.instant(given.ends),
        fee_words=registration.fee_words,
        registration=registration.kind,
        registration_opens_at=given.instant(registration.opens) if registration.opens else None,
        registration_closes_at=given.instant(registration.closes) if registration.closes else None,
        registration_illustrative=registration.illustrative,
        made_at=now,
        modified_at=now,
    )
    if registration.capacity is not None:
        await _put(db, count, CapacityPool, {"event_id": event.id, "serves": PoolServes.event}, capacity=registration.capacity)
    before = count.added
    venues = {venue.slug: venue.id for venue in await db.exec(select(Venue))}
    for position, words in enumerate(given.readings):
        await _put(db, count, SourceReading, {"event_id": event.id, "position": position}, **words.model_dump())
    for room in given.rooms:
        await _put(
            db, count, Room, {"event_id": event.id, "slug": room.slug}, name=room.name, capacity=room.capacity, venue_id=venues[room.venue]
        )
    for track in given.tracks:
        await _put(db, count, Track, {"event_id": event.id, "slug": track.slug}, name=track.name)
    for speaker in given.speakers:
        await _put(db, count, Speaker, {"event_id": event.id, "slug": speaker.slug}, **speaker.model_dump(exclude={"slug"}))
    for date in given.key_dates:
        facts = date.model_dump(exclude={"slug", "at"})
        moment = given.instant(date.at) if date.at else None
        await _put(db, count, KeyDate, {"event_id": event.id, "slug": date.slug}, **facts, at=moment, made_at=now, modified_at=now)
    await load_form(db, event, given.form, now)
    if given.papers and await head_of(db, event.id) is None:
        await save_head(db, event, given.papers.model_dump() | {"basis": CertificateBasis(given.papers.basis)}, now)
    await _load_sessions(db, count, given, event, now)
    if count.added > before:
        await release_programme(db, event, [], now, note_words="First published.")


async def _load_sessions(db: Db, count: Loaded, given: SeedEvent, event: Event, now: datetime) -> None:
    rooms = {room.slug: room.id for room in await db.exec(select(Room).where(Room.event_id == event.id))}
    tracks = {track.slug: track.id for track in await db.exec(select(Track).where(Track.event_id == event.id))}
    speakers = {speaker.slug: speaker for speaker in await db.exec(select(Speaker).where(Speaker.event_id == event.id))}
    there = {session.slug for session in await db.exec(select(Session).where(Session.event_id == event.id))}
    for entry in given.sessions:
        if entry.slug in there:
            count.there += 1
            continue
        plan = _plan(given, entry, rooms[entry.room], tracks[entry.track] if entry.track else None)
        people = [speakers[slug] for slug in entry.speakers]
        session = await add_session(db, event, plan, people, now, slug=entry.slug, release=False)
        if entry.seats is not None:
            await _limit(db, event, session, entry, entry.seats, now)
        count.added += 1


async def _limit(db: Db, event: Event, session: Session, entry: SeedSession, seats: int, now: datetime) -> None:
    pool = await set_seats(db, event, session, seats, now, now)
    if entry.offer_minutes:
        await change_pool(db, event, pool.id, PoolPlan(session.title[:120], seats, True, entry.offer_minutes), now, now)
    if entry.held_for_speakers:
        await hold_back(db, event, pool.id, "speakers", entry.held_for_speakers, now, now)


def _plan(given: SeedEvent, entry: SeedSession, room_id: UUID, track_id: UUID | None) -> SessionPlan:
    return SessionPlan(
        title=entry.title,
        type=entry.type,
        room_id=room_id,
        track_id=track_id,
        starts_at=given.instant(entry.starts),
        ends_at=given.instant(entry.ends),
        abstract=entry.abstract,
        for_everyone=entry.for_everyone,
        stream_url=entry.stream_url,
        captions_url=entry.captions_url,
        illustrative=entry.illustrative,
        published_words=entry.published,
        our_reading=entry.reading,
    )


async def load_demo_people(db: Db, demo: SeedDemo, now: datetime, real_now: datetime) -> dict[str, Person]:
    """The demo's people by e-mail, with their roles and places; who is there already is left as they are."""
    events = {event.slug: event for event in await db.exec(select(Event))}
    people = {}
    for given in demo.people:
        known = await person_by_email(db, given.email)
        facts = given.model_dump(include={"zone", "country", "organisation"})
        people[given.email] = person = known or await know_person(db, given.email, given.name, now, **facts)
        if known:
            continue
        for role in given.roles:
            await grant_role(db, person, events[role.event].id, role.role, real_now)
            if role.session:
                await speak_as_only_speaker(db, events[role.event], role.session, person)
        came = min(now, datetime.combine(given.since, time(10), UTC)) if given.since else now
        for slug in [*given.registered, *given.given_places]:
            kind = next(iter(await kinds_at(db, events[slug].id)), None)
            place = await give_place(db, events[slug], person, None, came, real_now, kind=kind)
            if slug in given.registered:
                await answer_for_demo(db, place, given, now)
            await say_for_demo(db, place, given, slug, now)
        for slug in given.registered if given.agrees else ():
            await choose_consents(db, person, events[slug].id, set(given.agrees), real_now)
        await _book(db, given, person, events, now, real_now)
    return people


async def speak_as_only_speaker(db: Db, event: Event, session: str, person: Person) -> None:
    """Let this person be the one speaker of a session, so that it is theirs on /me and in their calendar."""
    spoken = select(Speaker).join(SessionSpeaker).join(Session).where(Session.event_id == event.id, Session.slug == session)
    for speaker in [speaker for speaker in (await db.exec(spoken)).all() if speaker.person_id is None]:
        speaker.person_id = person.id


async def _book(db: Db, given: SeedPerson, person: Person, events: dict[str, Event], now: datetime, real_now: datetime) -> None:
    for booking in given.bookings:
        event = events[booking.event]
        session = (await db.exec(select(Session).where(Session.event_id == event.id, Session.slug == booking.session))).one()
        if now < session.ends_at and not session.cancelled_at:
            await book_seat(db, event, session, person, now, real_now)


async def _put(db: Db, count: Loaded, kind: type[Kind], key: dict[str, object], **values: object) -> Kind:
    """The row with this key; made with `values` where there is none."""
    found = (await db.exec(select(kind).filter_by(**key))).first()
    if found:
        count.there += 1
        return found
    row = kind(**key, **values)
    db.add(row)
    await db.flush()
    count.added += 1
    return row


async def load_demo_questions(db: Db, demo: SeedDemo, people: dict[str, Person], now: datetime, real_now: datetime) -> None:
    """The questions that stand on stages whose door is open already; a second loading asks, approves and votes nothing again.

    Who has since left the event, or a role, is refused like anybody else: then that question is left out.
    """
    for number, given in enumerate(demo.questions):
        found = select(Session, Event).join(Event).where(Event.slug == given.event, Session.slug == given.session)
        session, event = (await db.exec(found)).one()
        if door_at(session, now) != Door.open:
            continue
        with suppress(Refusal):
            asked = Ask(client_id=f"demo-{number}-ask", text=given.text, anonymous=given.anonymous)
            question_id = (await perform(db, session.id, people[given.asked_by], asked, now, real_now)).answer.subject_id
            if given.state == "visible":
                for moderator in (await people_with_role(db, event.id, RoleKind.moderator))[:1]:
                    approve = Approve(client_id=f"demo-{number}-approve", question_id=question_id)
                    await perform(db, session.id, moderator, approve, now, real_now)
            for voter in given.voters:
                vote = Upvote(client_id=f"demo-{number}-vote", question_id=question_id)
                await perform(db, session.id, people[voter], vote, now, real_now)
