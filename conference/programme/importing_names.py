"""Rooms, tracks, speakers and types as a file names them, found among the event's own (pure), or gathered as unknown."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from conference.programme.choices import Choices, room_words
from conference.programme.importing import MAX_UNKNOWN, Named, identities, refused
from conference.programme.rules import TYPE_WORDS
from conference.programme.tables import SessionType
from conference.storage.ids import new_id

SKIP, NEW, NONE, VENUE = "skip", "new", "none", "venue:"  # answers beside a venue's, room's or track's slug
_GUESSES = {
    SessionType.workshop: ("workshop", "hands-on", "tutorial", "training"),
    SessionType.panel: ("panel", "discussion", "podium", "roundtable", "debate", "q&a"),
    SessionType.keynote: ("keynote",),
    SessionType.welcome: ("welcome", "opening", "closing"),
    SessionType.break_: ("break", "lunch", "coffee"),
    SessionType.social: ("social", "party", "meeting", "meetup", "game", "concert", "performance", "dinner"),
    SessionType.visit: ("visit", "tour", "excursion"),
    SessionType.travel: ("travel", "transport", "transfer"),
    SessionType.reflection: ("reflection",),
}


@dataclass(slots=True)
class Unknown:
    """Something that the file names and the event does not have."""

    key: str  # for the form's fields
    name: str
    id: UUID  # what it will have, if it is made
    guess: str = ""  # of a type: the one of ours that it sounds like
    biography: str = ""
    used: int = 0  # sessions that name it


@dataclass(frozen=True, slots=True)
class Answers:
    """What an organiser says of each unknown thing, by its key; and of sessions that the file does not have."""

    rooms: Mapping[str, str] = field(default_factory=dict)  # "venue:<slug>" makes it there, "room:<slug>" is one we have, or SKIP
    tracks: Mapping[str, str] = field(default_factory=dict)  # NEW, "track:<slug>" or NONE
    types: Mapping[str, str] = field(default_factory=dict)  # a SessionType
    speakers: Collection[str] = frozenset()  # keys of those to be made
    cancel: Collection[UUID] = frozenset()
    reason: str = ""


@dataclass(slots=True)
class Names:
    """Looks names up. Without answers, everything unknown counts as made."""

    event_id: UUID
    choices: Choices
    taken: Collection[UUID]
    answers: Answers | None = None
    rooms: dict[str, Unknown] = field(default_factory=dict)
    tracks: dict[str, Unknown] = field(default_factory=dict)
    speakers: dict[str, Unknown] = field(default_factory=dict)
    types: dict[str, Unknown] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict, init=False)  # what people call rooms, tracks and speakers, by id; new ones too
    _by_name: dict[tuple[str, str], UUID] = field(default_factory=dict, init=False)
    _ids: set[UUID] = field(default_factory=set, init=False)
    _made: set[UUID] = field(default_factory=set, init=False)
    _said: list[tuple[dict[str, Unknown], str]] = field(default_factory=list, init=False)  # each time that something unknown was named

    def __post_init__(self) -> None:
        """Of two with one name the first counts; those with more to tell them apart are found by that."""
        choices, venues = self.choices, {venue.id: venue for venue in self.choices.venues}
        for room in choices.rooms:
            words = room_words(room, venues[room.venue_id])
            for name in (room.name, words, f"{words} ({room.slug})"):
                self._by_name.setdefault(("room", name.casefold()), room.id)
        for track in choices.tracks:
            self._by_name.setdefault(("track", track.name.casefold()), track.id)
        for speaker in choices.speakers:
            for name in (speaker.name, f"{speaker.name} ({speaker.slug})", f"({speaker.slug})"):
                self._by_name.setdefault(("speaker", name.casefold()), speaker.id)
        self.words = choices.names() | {str(speaker.id): speaker.name for speaker in choices.speakers}
        self._ids = {one.id for one in (*choices.rooms, *choices.tracks, *choices.speakers)}

    def room(self, named: Named) -> UUID | None:
        """None: sessions in it are left out."""
        if (known := self._known("room", named)) is not None:
            return known
        unknown = self._unknown(self.rooms, "room", named)
        answer = self.answers.rooms.get(unknown.key, SKIP) if self.answers else VENUE
        if answer.startswith(VENUE):
            return unknown.id
        return next((room.id for room in self.choices.rooms if answer == f"room:{room.slug}"), None)

    def track(self, name: str) -> UUID | None:
        if not name:
            return None
        if (known := self._known("track", Named(name))) is not None:
            return known
        unknown = self._unknown(self.tracks, "track", Named(name))
        answer = self.answers.tracks.get(unknown.key, NONE) if self.answers else NEW
        if answer == NEW:
            return unknown.id
        return next((track.id for track in self.choices.tracks if answer == f"track:{track.slug}"), None)

    def speaker(self, named: Named) -> UUID | None:
        """None: left out."""
        if (known := self._known("speaker", named)) is not None:
            return known
        unknown = self._unknown(self.speakers, "speaker", named)
        made = not self.answers or unknown.key in self.answers.speakers
        return unknown.id if made else None

    def kind(self, word: str) -> SessionType | None:
        """None: no type of ours."""
        plain = word.casefold().strip()
        return next((kind for kind, words in TYPE_WORDS.items() if plain in (words.casefold(), kind.value)), None)

    def new_kind(self, word: str) -> SessionType:
        """For a session that has no type yet: what was answered, or what the word sounds like."""
        if (known := self.kind(word)) is not None:
            return known
        unknown = self._unknown(self.types, "type", Named(word or "no type"))
        unknown.guess = _guess(word).value
        given = self.answers.types.get(unknown.key, "") if self.answers else ""
        return next((kind for kind in SessionType if kind.value == given), SessionType(unknown.guess))

    def _known(self, kind: str, named: Named) -> UUID | None:
        by_id = next((id_ for id_ in identities(self.event_id, kind, named.guid) if id_ in self._ids), None)
        return by_id or self._by_name.get((kind, named.name.casefold()))

    def _unknown(self, gathered: dict[str, Unknown], kind: str, named: Named) -> Unknown:
        name = named.name.casefold()
        if name not in gathered:
            if sum(map(len, (self.rooms, self.tracks, self.speakers, self.types))) >= MAX_UNKNOWN:
                raise refused(f"This file has more than {MAX_UNKNOWN} names that are new here: import it in parts.")
            key = hashlib.sha256(f"{kind}:{name}".encode()).hexdigest()[:12]
            gathered[name] = made = Unknown(key, named.name, self.identity(kind, named.guid), biography=named.biography)
            self.words[str(made.id)] = f"{made.name} (new)"
        gathered[name].used += 1
        self._said.append((gathered, name))
        return gathered[name]

    @property
    def mark(self) -> int:
        return len(self._said)

    def forget(self, since: int) -> None:
        """The session that was read since this mark is left out: what it alone named is not asked about, and not made."""
        for gathered, name in self._said[since:]:
            gathered[name].used -= 1
            if not gathered[name].used:
                self._made.discard(gathered.pop(name).id)
        del self._said[since:]

    def identity(self, kind: str, guid: str) -> UUID:
        """The id of something that is made: what it calls itself, where that is free."""
        free = (id_ for id_ in identities(self.event_id, kind, guid) if id_ not in self.taken and id_ not in self._made)
        made = next(free, None) or new_id()
        self._made.add(made)
        return made


def _guess(word: str) -> SessionType:
    plain = word.casefold()
    sounding = (kind for kind, parts in _GUESSES.items() if any(part in plain for part in parts))
    return next(sounding, SessionType.project_presentation)
