"""What an event offers to choose from when its sessions are planned."""

from collections.abc import Sequence
from dataclasses import dataclass

from conference.programme.queries import rooms_of, speakers_of, tracks_of, venues_of
from conference.programme.tables import Event, Room, Speaker, Track, Venue
from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class Choices:
    """The event's own rooms, tracks and speakers."""

    rooms: Sequence[Room]
    venues: Sequence[Venue]
    tracks: Sequence[Track]
    speakers: Sequence[Speaker]

    def room_words(self) -> list[tuple[str, str]]:
        """Slug and name; the venue is said where it adds something."""
        venues = {venue.id: venue for venue in self.venues}
        return [(room.slug, room_words(room, venues[room.venue_id])) for room in self.rooms]

    def names(self) -> dict[str, str]:
        """What people call the rooms and tracks, by id, as releases hold them."""
        words = dict(self.room_words())
        return {str(room.id): words[room.slug] for room in self.rooms} | {str(track.id): track.name for track in self.tracks}


def room_words(room: Room, venue: Venue) -> str:
    return room.name if venue.online or room.name == venue.name else f"{room.name}, {venue.name}"


async def choices_of(db: Db, event: Event) -> Choices:
    return Choices(await rooms_of(db, event), await venues_of(db, event), await tracks_of(db, event), await speakers_of(db, event))
