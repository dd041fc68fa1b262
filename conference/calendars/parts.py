"""Which part of an event's programme a public feed is of (pure): all, a track, a filter's, one session, what one speaker speaks at."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from conference.calendars.shelves import digest_of
from conference.errors import NotFound
from conference.live.rules import has_stage
from conference.programme.entry import Origin, fingerprint, is_listed
from conference.programme.filters import Filter, check_filter, day_of
from conference.programme.history import SPEAKERS, Look, Told
from conference.programme.queries import SessionFacts
from conference.programme.rules import TYPE_WORDS
from conference.programme.tables import Event, KeyDate, Room, SessionType, Speaker, Track, Venue
from conference.times import short_date


@dataclass(frozen=True, slots=True)
class Part:
    """What was asked for, by the words of the address; at most one of them says something. Nothing: the whole programme."""

    filter: Filter = field(default_factory=Filter)
    track: str = ""
    session: str = ""
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """All that public feeds of one event are made of, as it was at one revision."""

    event: Event
    sessions: Sequence[SessionFacts]
    dates: Sequence[KeyDate]
    tracks: Sequence[Track]
    rooms: Sequence[Room]
    venues: Sequence[Venue]
    speakers: Sequence[Speaker]
    told: Mapping[str, Sequence[Told]]  # by session id as text, the newest first
    listed: Sequence["Listed"]  # the sessions that calendars have

    @property
    def tracks_shown(self) -> list[Track]:
        """Those with a published session: a track that only drafts have is not named before the release."""
        used = {facts.session.track_id for facts in self.sessions}
        return [track for track in self.tracks if track.id in used]


@dataclass(frozen=True, slots=True)
class Listed:
    """A session with what everybody's calendars ask of it, asked once."""

    facts: SessionFacts
    id: UUID
    made_at: datetime
    ends_at: datetime
    for_everyone: bool
    staged: bool
    speakers: frozenset[UUID]
    told: Sequence[Told]
    spoken: int  # changes of who speaks
    made_of: bytes


def listed(sessions: Iterable[SessionFacts], told: Mapping[str, Sequence[Told]]) -> list[Listed]:
    return [_listed(facts, told.get(str(facts.session.id), ())) for facts in sessions if is_listed(facts.session)]


def _listed(facts: SessionFacts, told: Sequence[Told]) -> Listed:
    session = facts.session
    return Listed(
        facts=facts,
        id=session.id,
        made_at=session.made_at,
        ends_at=session.ends_at,
        for_everyone=session.for_everyone,
        staged=has_stage(facts.event, session),
        speakers=frozenset(speaker.id for speaker in facts.speakers),
        told=told,
        spoken=sum(line["what"] == SPEAKERS for release in told for line in release.lines),
        made_of=digest_of(fingerprint(facts)),
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """A part of a real programme; `has` says whether a session, as it looks, is in it."""

    name: str
    page: str
    because: str
    has: Callable[[UUID, Look], bool]
    whole: bool = False


def choose(part: Part, published: Published, origin: Origin) -> Chosen:
    """Raises NotFound for a path that leads nowhere, Invalid for a filter's word that means nothing at this event."""
    if part.session:
        return _session(part.session, published, origin)
    if part.speaker:
        return _speaker(part.speaker, published, origin)
    if part.track and part.track not in {track.slug for track in published.tracks}:
        raise NotFound("There is no track at this address.")
    wanted = Filter(tracks=(part.track,)) if part.track else part.filter
    check_filter(wanted, published.event, published.tracks, published.venues)
    event, page = published.event, origin.event_page(published.event)
    if not wanted:
        because = f"you subscribed to the programme of {event.title}"
        return Chosen(event.title, page, because, lambda _, look: is_in_feeds(look), whole=True)
    words = filter_words(wanted, published.tracks, published.venues)
    because = f"you subscribed to a part of the programme of {event.title} ({words})"
    query = wanted.as_query()
    return Chosen(f"{event.title}: {words}", f"{page}/programme?{query}", because, _fits(wanted, published))


def is_in_feeds(look: Look) -> bool:
    """A break is the space between two entries."""
    return look.type is not SessionType.break_


def filter_words(wanted: Filter, tracks: Sequence[Track], venues: Sequence[Venue]) -> str:
    """`Fri 25 June, Workshop or Panel, Online`; empty for the whole programme. Its words are known to be the event's own."""
    names = {track.slug: track.name for track in tracks}
    places = {venue.slug: venue.name for venue in venues}
    kinds = (
        [short_date(day) for day in wanted.days],
        [names[slug] for slug in wanted.tracks],
        [TYPE_WORDS[kind] for kind in wanted.types],
        [places[slug] for slug in wanted.venues],
    )
    return ", ".join(" or ".join(kind) for kind in kinds if kind)


def _fits(wanted: Filter, published: Published) -> Callable[[UUID, Look], bool]:
    tracks = {track.id: track.slug for track in published.tracks}
    venues = {venue.id: venue.slug for venue in published.venues}
    rooms = {room.id: venues.get(room.venue_id, "") for room in published.rooms}

    def has(_: UUID, look: Look) -> bool:
        track = tracks.get(look.track_id, "") if look.track_id else ""
        day = day_of(look.starts_at, published.event)
        return is_in_feeds(look) and wanted.fits(day, track, look.type, rooms.get(look.room_id, ""))

    return has


def _session(slug: str, published: Published, origin: Origin) -> Chosen:
    found = next((facts.session for facts in published.sessions if facts.session.slug == slug), None)
    if found is None:
        raise NotFound("There is no session at this address.")
    only, event = found.id, published.event
    page = f"{origin.event_page(event)}/sessions/{slug}"
    because = f"you subscribed to this session of {event.title}"
    return Chosen(f"{found.title}: {event.title}", page, because, lambda session, look: session == only and is_in_feeds(look))


def _speaker(slug: str, published: Published, origin: Origin) -> Chosen:
    found = next((speaker for speaker in published.speakers if speaker.slug == slug), None)
    if found is None:
        raise NotFound("There is no speaker at this address.")
    who, event = found.id, published.event
    page = f"{origin.event_page(event)}/speakers/{slug}"
    because = f"you subscribed to what {found.name} speaks at, at {event.title}"
    return Chosen(f"{found.name}: {event.title}", page, because, lambda _, look: who in look.speakers and is_in_feeds(look))
