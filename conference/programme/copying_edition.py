"""The copy of an edition: rooms, tracks, key dates, and every session as a draft. Nobody's places, roles or account go with it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import select

from conference.errors import Invalid
from conference.programme.copying import Edition, Wish, moved, shift_of
from conference.programme.drafting import draft_new
from conference.programme.queries import rooms_of, speakers_of, tracks_of
from conference.programme.releases import SessionPlan, plan_of
from conference.programme.tables import Event, KeyDate, Room, Session, Speaker, Track
from conference.record.actions import note
from conference.storage.database import Db
from conference.storage.ids import new_id


async def copy_edition(db: Db, edition: Edition, wish: Wish, now: datetime, *, by: UUID | None = None) -> Event:
    """A new event; nothing of it is released. Raises Invalid."""
    if (await db.exec(select(Event.id).where(Event.slug == wish.slug))).first():
        raise Invalid("slug", f"There is an event “{wish.slug}” already.")
    source = edition.event
    shift = shift_of(source, wish.first_day)
    event = _event(source, wish, shift, now)
    db.add(event)
    await db.flush()
    rooms = {room.id: Room(**room.model_dump(exclude={"id", "event_id"}), event_id=event.id) for room in await rooms_of(db, source)}
    tracks = {track.id: Track(**track.model_dump(exclude={"id", "event_id"}), event_id=event.id) for track in await tracks_of(db, source)}
    people = await speakers_of(db, source) if wish.with_speakers else []
    speakers = {one.id: Speaker(**one.model_dump(exclude={"id", "event_id", "person_id"}), event_id=event.id) for one in people}
    db.add_all([*rooms.values(), *tracks.values(), *speakers.values(), *(_key_date(one, event, shift, now) for one in edition.key_dates)])
    await db.flush()
    for facts in edition.sessions:
        plan = _plan(facts.session, event, shift, rooms, tracks)
        spoken = [speakers[one.id] for one in facts.speakers if one.id in speakers]
        await draft_new(db, event, plan, spoken, now, by=by, slug=facts.session.slug)
    note(db, "edition copied", f"event:{event.slug}", now, person_id=by, event_id=event.id, source=source.slug)
    return event


def _event(source: Event, wish: Wish, shift: timedelta, now: datetime) -> Event:
    """Registration stays shut until somebody decides: it would open when the event starts."""
    kept = source.model_dump(include={"summary", "about", "format", "zone", "who_for", "take_part", "fee_words", "registration"})
    starts_at = moved(source.starts_at, source.zone, shift)
    return Event(
        **kept,
        slug=wish.slug,
        title=wish.title,
        starts_at=starts_at,
        ends_at=moved(source.ends_at, source.zone, shift),
        free_days=[(date.fromisoformat(day) + shift).isoformat() for day in source.free_days],
        registration_opens_at=starts_at,
        registration_closes_at=moved(source.ends_at, source.zone, shift),
        made_at=now,
        modified_at=now,
    )


def _key_date(one: KeyDate, event: Event, shift: timedelta, now: datetime) -> KeyDate:
    """Without the published words, which are of the old edition."""
    kept = one.model_dump(include={"slug", "title", "words", "in_feed"})
    at = moved(one.at, event.zone, shift) if one.at else None
    day = one.day + shift if one.day else None
    return KeyDate(**kept, event_id=event.id, at=at, day=day, illustrative=True, made_at=now, modified_at=now, id=new_id())


def _plan(session: Session, event: Event, shift: timedelta, rooms: Mapping[UUID, Room], tracks: Mapping[UUID, Track]) -> SessionPlan:
    """Its links are of one day, and what was published about it is of the old edition: neither is copied. It keeps its length."""
    starts_at = moved(session.starts_at, event.zone, shift)
    return replace(
        plan_of(session),
        room_id=rooms[session.room_id].id,
        track_id=tracks[session.track_id].id if session.track_id else None,
        starts_at=starts_at,
        ends_at=max(moved(session.ends_at, event.zone, shift), starts_at + timedelta(minutes=1)),
        join_url="",
        stream_url="",
        captions_url="",
        published_words="",
        our_reading="",
    )
