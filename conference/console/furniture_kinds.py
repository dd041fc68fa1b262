"""The kinds of things an event is furnished with, each with its form, its list, and what a change of it means."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from conference.console.furniture_forms import (
    SPEAKER_FIELDS,
    TRACK_FIELDS,
    VENUE_FIELDS,
    Asked,
    NamedForm,
    RoomForm,
    SpeakerForm,
    TrackForm,
    VenueForm,
    clock_typed,
    room_fields,
)
from conference.errors import Invalid
from conference.programme.furniture import Furnishing, all_venues, events_at
from conference.programme.queries import rooms_of, speakers_of, tracks_of
from conference.programme.tables import Event, Room, Speaker, Track, Venue
from conference.storage.database import Db
from conference.web.forms import Typed


class Kind:
    """What all kinds share: fields of a form are named like the columns."""

    word: ClassVar[str]
    plural: ClassVar[str]
    form: ClassVar[type[NamedForm]]
    row: ClassVar[Any]  # its table
    asked: ClassVar[tuple[Asked, ...]] = ()
    means: ClassVar[str]  # what becomes of a change

    async def pieces(self, db: Db, event: Event) -> Sequence[Furnishing]:
        raise NotImplementedError

    async def fields(self, db: Db) -> tuple[Asked, ...]:
        return self.asked

    def words(self, piece: Any, venues: Mapping[Any, Venue]) -> str:
        """The second column of the list."""
        return ""

    def typed(self, piece: Any, venues: Mapping[Any, Venue]) -> Typed:
        return {asked.name: str(value) for asked in self.asked if (value := getattr(piece, asked.name)) is not None}

    def values(self, form: Any, venues: Mapping[Any, Venue]) -> dict[str, Any]:
        return dict(form.model_dump())

    def make(self, event: Event, values: dict[str, Any]) -> Furnishing:
        made: Furnishing = self.row(event_id=event.id, slug="", **values)
        return made

    async def shown_at(self, db: Db, event: Event, piece: Any) -> Sequence[Event]:
        """The events that a change of it reaches."""
        return [event]


class Rooms(Kind):
    word, plural, form, row = "room", "rooms", RoomForm, Room
    means = "A new name or venue is published at once, as a version of its own: calendars are told of a new place."

    async def pieces(self, db: Db, event: Event) -> Sequence[Furnishing]:
        return await rooms_of(db, event)

    async def fields(self, db: Db) -> tuple[Asked, ...]:
        return room_fields((venue.slug, venue.name) for venue in await all_venues(db))

    def words(self, piece: Any, venues: Mapping[Any, Venue]) -> str:
        holds = f", for {piece.capacity} people" if piece.capacity else ""
        return venues[piece.venue_id].name + holds

    def typed(self, piece: Any, venues: Mapping[Any, Venue]) -> Typed:
        return {"name": piece.name, "venue": venues[piece.venue_id].slug, "capacity": str(piece.capacity or "")}

    def values(self, form: Any, venues: Mapping[Any, Venue]) -> dict[str, Any]:
        venue = next((venue for venue in venues.values() if venue.slug == form.venue), None)
        if venue is None:
            raise Invalid("venue", "Choose a venue from the list.")
        return {"name": form.name, "venue_id": venue.id, "capacity": form.capacity}


class Tracks(Kind):
    word, plural, form, row, asked = "track", "tracks", TrackForm, Track, TRACK_FIELDS
    means = "A new name is published at once, as a version of its own."

    async def pieces(self, db: Db, event: Event) -> Sequence[Furnishing]:
        return await tracks_of(db, event)


class Speakers(Kind):
    word, plural, form, row, asked = "speaker", "speakers", SpeakerForm, Speaker, SPEAKER_FIELDS
    means = "A new name or organisation is published at once, as a version of its own; what else you change is on the pages at once."

    async def pieces(self, db: Db, event: Event) -> Sequence[Furnishing]:
        return await speakers_of(db, event)

    def words(self, piece: Any, venues: Mapping[Any, Venue]) -> str:
        return ", ".join(part for part in (piece.role, piece.organisation) if part)


class Venues(Kind):
    word, plural, form, row, asked = "venue", "venues", VenueForm, Venue, VENUE_FIELDS
    means = (
        "A new name, address, zone or spot on the map is published at once, as a version of its own, at every event that has rooms there: "
        "calendars are told of a new place."
    )

    async def pieces(self, db: Db, event: Event) -> Sequence[Furnishing]:
        return await all_venues(db)

    def words(self, piece: Any, venues: Mapping[Any, Venue]) -> str:
        open_ = f", open {clock_typed(piece.opens)} to {clock_typed(piece.closes)}" if piece.opens else ""
        return ("Online" if piece.online else piece.address or "No address") + open_

    def typed(self, piece: Any, venues: Mapping[Any, Venue]) -> Typed:
        plain = {name: getattr(piece, name) for name in ("name", "address", "latitude", "longitude", "zone", "source")}
        clocks = {"opens": clock_typed(piece.opens), "closes": clock_typed(piece.closes)}
        return {name: str(value) for name, value in plain.items() if value is not None} | clocks | {"kind": _kind(piece)}

    def values(self, form: Any, venues: Mapping[Any, Venue]) -> dict[str, Any]:
        return {**form.model_dump(exclude={"kind"}), "online": form.kind == "online"}

    def make(self, event: Event, values: dict[str, Any]) -> Furnishing:
        return Venue(slug="", **values)

    async def shown_at(self, db: Db, event: Event, piece: Any) -> Sequence[Event]:
        return await events_at(db, piece)


def _kind(venue: Venue) -> str:
    return "online" if venue.online else "place"


KINDS: tuple[Kind, ...] = (Rooms(), Tracks(), Speakers(), Venues())
