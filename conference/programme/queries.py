"""Reading events and their programmes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from conference.errors import NotFound
from conference.programme.tables import (
    Event,
    KeyDate,
    Room,
    ScheduleRelease,
    Session,
    SessionSpeaker,
    SessionType,
    SourceReading,
    Speaker,
    Track,
    Venue,
)
from conference.storage.database import Db
from conference.times import zone_named


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session with what belongs to it."""

    session: Session
    event: Event
    room: Room
    venue: Venue
    track: Track | None
    speakers: tuple[Speaker, ...]


async def events(db: Db) -> Sequence[Event]:
    """All events that were released, the latest first: what is only planned is listed nowhere."""
    released = select(ScheduleRelease.event_id).where(ScheduleRelease.event_id == Event.id)
    return (await db.exec(select(Event).where(released.exists()).order_by(col(Event.starts_at).desc()))).all()


async def events_by_id(db: Db, ids: Iterable[UUID]) -> dict[UUID, Event]:
    return {event.id: event for event in await db.exec(select(Event).where(col(Event.id).in_(set(ids))))}


async def event_at(db: Db, slug: str) -> Event:
    """Raises NotFound."""
    found = (await db.exec(select(Event).where(Event.slug == slug))).first() if _can_be_a_slug(slug) else None
    if not found:
        raise NotFound("There is no event at this address.")
    return found


async def session_at(db: Db, event: str, session: str) -> SessionFacts:
    """The session with these slugs. Raises NotFound."""
    owner = await event_at(db, event)
    named = select(Session).where(Session.event_id == owner.id, Session.slug == session)
    row = (await db.exec(named)).first() if _can_be_a_slug(session) else None
    if not row:
        raise NotFound("There is no session at this address.")
    return (await facts_of(db, {owner.id: owner}, [row]))[0]


async def place_of(db: Db, event: str, session: str) -> tuple[Event, Session]:
    """The same without rooms and speakers, in one query: for what thousands ask for at once. Raises NotFound."""
    named = select(Event, Session).join(Session).where(Event.slug == event, Session.slug == session)
    found = (await db.exec(named)).first() if _can_be_a_slug(event) and _can_be_a_slug(session) else None
    if not found:
        raise NotFound("There is no session at this address.")
    return found


async def programme_of(db: Db, event: Event) -> list[SessionFacts]:
    """Every session of the event, cancelled ones too, in the order of the day."""
    rows = await db.exec(
        select(Session).where(Session.event_id == event.id).order_by(col(Session.starts_at), col(Session.ends_at), col(Session.title))
    )
    return await facts_of(db, {event.id: event}, rows.all())


async def session_after(db: Db, event: Event, session: Session) -> Session | None:
    """What one goes to next, on the same day of the event's clock: neither a break nor cancelled."""
    day = session.ends_at.astimezone(zone_named(event.zone)).date()
    following = select(Session).where(
        Session.event_id == event.id,
        Session.starts_at >= session.ends_at,
        Session.type != SessionType.break_,
        col(Session.cancelled_at).is_(None),
    )
    found = (await db.exec(following.order_by(col(Session.starts_at), col(Session.title)).limit(1))).first()
    return found if found and found.starts_at.astimezone(zone_named(event.zone)).date() == day else None


async def sessions_by_id(db: Db, ids: Iterable[UUID]) -> list[SessionFacts]:
    """These sessions of whatever events, in order of time."""
    rows = (await db.exec(select(Session).where(col(Session.id).in_(set(ids))).order_by(col(Session.starts_at), col(Session.title)))).all()
    return await facts_of(db, await events_by_id(db, (row.event_id for row in rows)), rows)


async def speakers_of(db: Db, event: Event) -> Sequence[Speaker]:
    return (await db.exec(select(Speaker).where(Speaker.event_id == event.id).order_by(col(Speaker.name)))).all()


async def speakers_shown(db: Db, event: Event) -> Sequence[Speaker]:
    """Those who speak at what is published; who is only planned to speak is not named before the release."""
    published = select(SessionSpeaker.speaker_id).join(Session).where(Session.event_id == event.id)
    shown = select(Speaker).where(Speaker.event_id == event.id, col(Speaker.id).in_(published))
    return (await db.exec(shown.order_by(col(Speaker.name)))).all()


async def speaker_at(db: Db, event: Event, slug: str) -> Speaker:
    named = select(Speaker).where(Speaker.event_id == event.id, Speaker.slug == slug)
    found = (await db.exec(named)).first() if _can_be_a_slug(slug) else None
    if not found:
        raise NotFound("There is no speaker at this address.")
    return found


async def sessions_spoken_at(db: Db, person_id: UUID) -> list[SessionFacts]:
    """The sessions at which this person speaks, at all events."""
    ids = await db.exec(select(SessionSpeaker.session_id).join(Speaker).where(Speaker.person_id == person_id))
    return await sessions_by_id(db, ids.all())


async def key_dates_of(db: Db, event: Event) -> Sequence[KeyDate]:
    return (await db.exec(select(KeyDate).where(KeyDate.event_id == event.id))).all()


async def readings_of(db: Db, event: Event) -> Sequence[SourceReading]:
    return (await db.exec(select(SourceReading).where(SourceReading.event_id == event.id).order_by(col(SourceReading.position)))).all()


async def venues_of(db: Db, event: Event) -> Sequence[Venue]:
    rooms = select(Room.venue_id).where(Room.event_id == event.id)
    return (await db.exec(select(Venue).where(col(Venue.id).in_(rooms)).order_by(col(Venue.name)))).all()


async def rooms_of(db: Db, event: Event) -> Sequence[Room]:
    return (await db.exec(select(Room).where(Room.event_id == event.id).order_by(col(Room.name)))).all()


async def tracks_of(db: Db, event: Event) -> Sequence[Track]:
    return (await db.exec(select(Track).where(Track.event_id == event.id).order_by(col(Track.name)))).all()


async def tracks_shown(db: Db, event: Event) -> Sequence[Track]:
    """Those with a published session: one that only drafts have is not named before the release."""
    used = select(Session.track_id).where(Session.event_id == event.id)
    return (await db.exec(select(Track).where(col(Track.id).in_(used)).order_by(col(Track.name)))).all()


async def releases_of(db: Db, event: Event) -> Sequence[ScheduleRelease]:
    """The newest first."""
    return (
        await db.exec(select(ScheduleRelease).where(ScheduleRelease.event_id == event.id).order_by(col(ScheduleRelease.number).desc()))
    ).all()


async def latest_release(db: Db, event: Event) -> ScheduleRelease:
    """The release just made, or the last one before. Only for an event that was released."""
    newest = select(ScheduleRelease).where(ScheduleRelease.event_id == event.id).order_by(col(ScheduleRelease.number).desc())
    return (await db.exec(newest.limit(1))).one()


def _can_be_a_slug(word: str) -> bool:
    """Whether a database may be asked for it at all: PostgreSQL refuses text with NUL."""
    return word.isprintable()


async def facts_of(db: Db, owners: dict[UUID, Event], rows: Sequence[Session]) -> list[SessionFacts]:
    """Rooms, venues, tracks and speakers in a fixed number of queries, however many sessions there are."""
    rooms = {room.id: room for room in await db.exec(select(Room).where(col(Room.id).in_({row.room_id for row in rows})))}
    venues = {
        venue.id: venue for venue in await db.exec(select(Venue).where(col(Venue.id).in_({room.venue_id for room in rooms.values()})))
    }
    tracks = {track.id: track for track in await db.exec(select(Track).where(col(Track.id).in_({row.track_id for row in rows})))}
    people: dict[UUID, list[Speaker]] = defaultdict(list)
    pairs = select(SessionSpeaker, Speaker).join(Speaker).where(col(SessionSpeaker.session_id).in_({row.id for row in rows}))
    for link, speaker in await db.exec(pairs.order_by(col(SessionSpeaker.position))):
        people[link.session_id].append(speaker)
    return [
        SessionFacts(
            session=row,
            event=owners[row.event_id],
            room=rooms[row.room_id],
            venue=venues[rooms[row.room_id].venue_id],
            track=tracks[row.track_id] if row.track_id else None,
            speakers=tuple(people[row.id]),
        )
        for row in rows
    ]
