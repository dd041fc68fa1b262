"""Taking a file's programme over as drafts: what was previewed, or nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.dates import doubts_in
from conference.errors import Invalid
from conference.programme.actions import taken_slugs
from conference.programme.choices import Choices, choices_of
from conference.programme.drafting import draft_cancellation, draft_change, draft_new
from conference.programme.importing import ReadFile, identities
from conference.programme.importing_lines import Does, Proposal, Proposed
from conference.programme.importing_names import NEW, SKIP, VENUE, Answers, Unknown
from conference.programme.importing_proposal import proposal_of
from conference.programme.planned import planned_programme
from conference.programme.rules import Stale, slug_of
from conference.programme.tables import Event, KeyDate, Room, Session, SessionDraft, Speaker, Track, Venue
from conference.record.actions import note
from conference.storage.database import Db, in_parts

HOLDERS = (Event.id, Venue.id, Room.id, Track.id, Speaker.id, Session.id, KeyDate.id, SessionDraft.session_id)


class ChangedMeanwhile(Stale):
    """What would happen now is not what the organiser looked at. `titles` are the sessions that differ."""

    def __init__(self, titles: Sequence[str]) -> None:
        named = ", ".join(f"“{title}”" for title in titles[:5]) + (f" and {len(titles) - 5} more" if len(titles) > 5 else "")
        what = f" It concerns {named}." if titles else ""
        super().__init__(f"The plan changed after you looked at this.{what} Nothing was imported: look again, this is how it would be now.")


@dataclass(frozen=True, slots=True)
class TakenOver:
    added: int
    changed: int
    cancelled: int


async def propose(db: Db, event: Event, read: ReadFile, answers: Answers | None = None) -> Proposal:
    """What the file would change now."""
    choices = await choices_of(db, event)
    taken = await _taken(db, event, read)

    def doubts(text: str) -> list[str]:
        found = doubts_in(text, zone=event.zone, starts_at=event.starts_at, ends_at=event.ends_at)
        return [f"“{one.words}”: {one.sentence}" for one in found]

    return proposal_of(event, read, await planned_programme(db, event), choices, taken, answers, doubts)


async def venues_for(db: Db, choices: Choices) -> Sequence[Venue]:
    """Where a new room can be: at the event's venues, or at any where it has none yet."""
    return choices.venues or (await db.exec(select(Venue).order_by(col(Venue.name)))).all()


async def take_over(
    db: Db, event: Event, read: ReadFile, answers: Answers, seen: Mapping[str, str], now: datetime, *, by: UUID
) -> TakenOver:
    """Draft what was previewed. `seen` maps each line's session to the stamp that it had. Raises ChangedMeanwhile, Invalid."""
    await db.refresh(event, with_for_update={"key_share": True})
    _check_seen(await propose(db, event, read), seen)
    proposal = await propose(db, event, read, answers)
    await _furnish(db, event, proposal, answers)
    people = {speaker.id: speaker for speaker in await db.exec(select(Speaker).where(Speaker.event_id == event.id))}
    taken = await taken_slugs(db, event)
    for line in proposal.those(Does.adds):
        assert line.plan
        speakers = [people[id_] for id_ in line.speakers]
        await draft_new(db, event, line.plan, speakers, now, by=by, slug=line.slug, session_id=line.id, taken=taken)
    for line in proposal.those(Does.changes):
        assert line.plan
        assert line.planned
        await draft_change(
            db, event, line.planned, line.plan, [people[id_] for id_ in line.speakers], now, by=by, seen=line.planned.version
        )
    cancelled = [line for line in proposal.those(Does.missing) if line.id in answers.cancel]
    for line in cancelled:
        assert line.planned
        await draft_cancellation(db, event, line.planned, answers.reason, now, by=by)
    done = TakenOver(len(proposal.those(Does.adds)), len(proposal.those(Does.changes)), len(cancelled))
    note(db, "programme imported", f"event:{event.slug}", now, person_id=by, event_id=event.id, file=read.kind, added=done.added)
    return done


def stamps(proposal: Proposal) -> dict[str, str]:
    """What a preview carries along, to notice what changed since: a stamp for each line, and one for what is unknown."""
    names = proposal.names
    unknown = sorted(one.key for gathered in (names.rooms, names.tracks, names.speakers, names.types) for one in gathered.values())
    return {_place(line): line.stamp for line in proposal.lines} | {"unknown": " ".join(unknown)}


def _place(line: Proposed) -> str:
    """What stays the same of a line, whatever becomes of it."""
    return line.where or str(line.id)


def _check_seen(fresh: Proposal, seen: Mapping[str, str]) -> None:
    now = stamps(fresh)
    if now != dict(seen):
        titles = {_place(line): line.title for line in fresh.lines}
        raise ChangedMeanwhile([titles[place] for place in now if place in titles and now[place] != seen.get(place)])


async def _furnish(db: Db, event: Event, proposal: Proposal, answers: Answers) -> None:
    """Make the rooms, tracks and speakers that are wanted, and no others."""
    names, choices = proposal.names, proposal.names.choices
    venues = {venue.slug: venue for venue in await venues_for(db, choices)}
    slugs = {room.slug for room in choices.rooms}
    for unknown, answer in _answered(names.rooms.values(), answers.rooms):
        if answer.startswith(VENUE):
            venue = venues.get(answer.removeprefix(VENUE))
            if venue is None:
                raise Invalid(f"room-{unknown.key}", "Choose where this room is.")
            db.add(Room(id=unknown.id, event_id=event.id, venue_id=venue.id, slug=_slug(unknown, slugs), name=unknown.name))
    slugs = {track.slug for track in choices.tracks}
    for unknown, answer in _answered(names.tracks.values(), answers.tracks):
        if answer == NEW:
            db.add(Track(id=unknown.id, event_id=event.id, slug=_slug(unknown, slugs), name=unknown.name))
    slugs = {speaker.slug for speaker in choices.speakers}
    for unknown in names.speakers.values():
        if unknown.key in answers.speakers:
            slug = _slug(unknown, slugs)
            db.add(Speaker(id=unknown.id, event_id=event.id, slug=slug, name=unknown.name, biography=unknown.biography))
    await db.flush()


def _answered(unknown: Iterable[Unknown], answers: Mapping[str, str]) -> list[tuple[Unknown, str]]:
    return [(one, answers.get(one.key, SKIP)) for one in unknown]


def _slug(unknown: Unknown, taken: set[str]) -> str:
    slug = slug_of(unknown.name, taken)
    taken.add(slug)
    return slug


async def _taken(db: Db, event: Event, read: ReadFile) -> Collection[UUID]:
    """Which of the identities that the file brings something has already."""
    wanted: set[UUID] = set()
    for one in read.wanted:
        wanted.update(identities(event.id, "session", one.mention.guid))
        wanted.update(identities(event.id, "room", one.room.guid if one.room else ""))
        for named in one.speakers or ():
            wanted.update(identities(event.id, "speaker", named.guid))
    taken: set[UUID] = set()
    for holder in HOLDERS:
        for part in in_parts(sorted(wanted)):
            taken.update((await db.exec(select(holder).where(col(holder).in_(part)))).all())
    return taken
