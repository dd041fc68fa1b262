"""What an event is furnished with: rooms, tracks, speakers, venues, its own facts. What is published by it is released at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from conference.errors import Conflict, Invalid
from conference.ics.entry import Entry
from conference.programme.actions import Changes, line_of, release_programme
from conference.programme.entry import Origin, session_entry
from conference.programme.planned import drafts_of
from conference.programme.queries import SessionFacts, key_dates_of, programme_of
from conference.programme.rules import slug_of
from conference.programme.tables import Event, Room, ScheduleRelease, Session, SessionSpeaker, Speaker, Track, Venue
from conference.record.actions import note
from conference.storage.database import Db

Furnishing = Room | Track | Speaker | Venue
Piece = Furnishing | Event
KIND = {Room: "room", Track: "track", Speaker: "speaker", Venue: "venue", Event: "event"}
NOWHERE = Origin("", "")  # entries are only compared
FIRST_USE = {
    "room": "Give them another room first",
    "track": "Take them out of it first",
    "speaker": "Take them off these sessions first",
    "venue": "Move its rooms to another venue first",
}


async def add_piece(db: Db, event: Event, piece: Furnishing, now: datetime, *, by: UUID | None = None) -> None:
    """One more: it gets an address of its own. Nothing is published by it."""
    await db.refresh(event, with_for_update={"key_share": True})
    if isinstance(piece, Venue):
        taken = set(await db.exec(select(Venue.slug)))
    else:
        kind = type(piece)
        taken = set(await db.exec(select(kind.slug).where(kind.event_id == event.id)))
    piece.slug = slug_of(piece.name, {"new", *taken})
    db.add(piece)
    await db.flush()
    word = KIND[type(piece)]
    note(db, f"{word} added", f"{word}:{piece.slug}", now, person_id=by, event_id=event.id)


async def change_piece(
    db: Db, events: Sequence[Event], piece: Piece, values: Mapping[str, Any], now: datetime, *, by: UUID | None = None
) -> list[ScheduleRelease]:
    """Change it, at every event that shows it: where calendars say something else by it, that is a release of the event's.

    A session's SEQUENCE rises by one where its place or zone reads differently. Empty: nothing published changed.
    """
    wanted = {name: value for name, value in values.items() if getattr(piece, name) != value}
    if not wanted:
        return []
    for event in sorted(events, key=lambda one: one.id):
        await db.refresh(event, with_for_update={"key_share": True})
    before = {event.id: _entries(await programme_of(db, event)) for event in events}
    was = words_of(piece)
    for name, value in wanted.items():
        setattr(piece, name, value)
    await db.flush()
    releases = []
    for event in events:
        lines = _lines(await programme_of(db, event), before[event.id], piece, was, now)
        if lines:
            releases.append(await release_programme(db, event, lines, now, by=by))
        else:
            event.revision, event.modified_at = event.revision + 1, now  # pages say it, sessions in calendars don't
    if isinstance(piece, Event) and wanted.keys() & {"title", "zone"}:
        for date in await key_dates_of(db, piece):  # calendars say both of them
            date.modified_at = now
    note(
        db,
        f"{KIND[type(piece)]} changed",
        f"{KIND[type(piece)]}:{piece.slug}",
        now,
        person_id=by,
        event_id=events[0].id if events else None,
    )
    return releases


async def remove_piece(db: Db, event: Event, piece: Furnishing, now: datetime, *, by: UUID | None = None) -> None:
    """Raises Conflict while it is used."""
    await db.refresh(event, with_for_update={"key_share": True})
    kind, uses = KIND[type(piece)], await uses_of(db, event, piece)
    if uses:
        one, more = ("room", "rooms") if kind == "venue" else ("session", "sessions")
        count = f"{uses} {one if uses == 1 else more}"
        also = "" if kind == "venue" else ". Drafts and cancelled sessions count too"
        raise Conflict(f"“{piece.name}” is used by {count}, so it can’t be removed{also}. {FIRST_USE[kind]}.")
    if isinstance(piece, Speaker) and piece.person_id:
        raise Conflict(f"“{piece.name}” is tied to a person who signs in, so it can’t be removed.")
    await db.delete(piece)
    event.revision, event.modified_at = event.revision + 1, now
    note(db, f"{kind} removed", f"{kind}:{piece.slug}", now, person_id=by, event_id=event.id)
    await db.flush()


async def uses_of(db: Db, event: Event, piece: Furnishing) -> int:
    """By how many of the event's sessions, published, cancelled or drafted, it is used; a venue: by how many rooms of the whole house."""
    if isinstance(piece, Venue):
        return (await db.exec(select(func.count()).select_from(Room).where(Room.venue_id == piece.id))).one()
    if isinstance(piece, Speaker):
        found = select(SessionSpeaker.session_id).where(SessionSpeaker.speaker_id == piece.id)
    else:
        column = Session.room_id if isinstance(piece, Room) else Session.track_id
        found = select(Session.id).where(col(column) == piece.id)
    drafted = {draft.session_id for draft in await drafts_of(db, event) if str(piece.id) in _named(draft.patch)}
    return len({*await db.exec(found)} | drafted)


async def events_at(db: Db, venue: Venue) -> Sequence[Event]:
    """The events that have a room there, in a fixed order."""
    return (await db.exec(select(Event).join(Room).where(Room.venue_id == venue.id).distinct().order_by(col(Event.id)))).all()


async def all_venues(db: Db) -> Sequence[Venue]:
    """Of the whole house: a room of any event may be at any of them."""
    return (await db.exec(select(Venue).order_by(col(Venue.name)))).all()


async def check_days_hold_all(db: Db, event: Event, starts_at: datetime, ends_at: datetime) -> None:
    """No session that takes place may be left outside. Raises Invalid."""
    if ends_at <= starts_at:
        raise Invalid("ends", "The end must be after the start.")
    for facts in await programme_of(db, event):
        if not facts.session.cancelled_at and not starts_at <= facts.session.starts_at < facts.session.ends_at <= ends_at:
            field = "starts" if facts.session.starts_at < starts_at else "ends"
            raise Invalid(field, f"“{facts.session.title}” would be outside the event’s own dates. Move or cancel it first.")


def words_of(piece: Piece) -> str:
    """What people call it."""
    if isinstance(piece, Event):
        return piece.title
    return f"{piece.name} ({piece.organisation})" if isinstance(piece, Speaker) and piece.organisation else piece.name


def _entries(programme: Sequence[SessionFacts]) -> dict[UUID, Entry]:
    return {facts.session.id: session_entry(facts, NOWHERE, "") for facts in programme}


def _lines(programme: Sequence[SessionFacts], before: Mapping[UUID, Entry], piece: Piece, was: str, now: datetime) -> Changes:
    """What the release says; cancelled sessions are kept true in calendars without a word."""
    lines: Changes = []
    for facts in programme:
        session, old, new = facts.session, before[facts.session.id], session_entry(facts, NOWHERE, "")
        if old == new:
            continue
        elsewhere = (old.location, old.place, old.zone) != (new.location, new.place, new.zone)
        session.modified_at = now
        session.sequence += elsewhere
        if not session.cancelled_at:
            of, said, says = ("place", old.location, new.location) if elsewhere else (KIND[type(piece)], was, words_of(piece))
            lines.append(line_of(session, "renamed", of=of, before=said, after=says))
    return lines


def _named(patch: Mapping[str, Any]) -> set[str]:
    """The ids in a draft."""
    return {patch.get("room_id", ""), patch.get("track_id", ""), *patch.get("speakers", ())}
