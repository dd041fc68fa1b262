"""What the preview of an import shows: every change in words, every unknown name with a choice beside it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from conference.console.words import how_many
from conference.programme.importing import Trouble
from conference.programme.importing_drafts import stamps
from conference.programme.importing_lines import Does, Proposal, Proposed
from conference.programme.importing_names import NEW, NONE, SKIP, VENUE, Answers, Unknown
from conference.programme.rules import TYPE_WORDS
from conference.programme.tables import Event, Venue
from conference.web.forms import Typed

Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """An unknown room, track or type, and what it could be."""

    name: str  # of the field
    words: str
    help: str
    options: tuple[Option, ...]
    chosen: str
    prompt: str


@dataclass(frozen=True, slots=True)
class NewSpeaker:
    name: str  # of the field
    words: str
    help: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Missing:
    name: str  # of the field
    line: Proposed
    published: bool
    checked: bool


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """templates/console/import_preview.html"""

    event: Event
    clock_words: str
    kind: str
    counts: str
    adds: tuple[Proposed, ...]
    changes: tuple[Proposed, ...]
    left: tuple[Proposed, ...]
    missing: tuple[Missing, ...]
    nothing: int
    choices: tuple[Choice, ...]
    speakers: tuple[NewSpeaker, ...]
    troubles: tuple[Trouble, ...]
    warnings: tuple[Trouble, ...]
    kept: str
    seen: str
    reason: str
    stale: str
    errors: dict[str, str]

    @property
    def cancels(self) -> bool:
        return any(one.checked for one in self.missing)

    @property
    def can_be_taken(self) -> bool:
        return bool(self.adds or self.changes or self.missing)


def preview_page(
    proposal: Proposal, venues: Sequence[Venue], clock_words: str, kept: str, typed: Typed, errors: dict[str, str], stale: str
) -> PreviewPage:
    """`typed` are the answers so far; empty: nobody was asked yet."""
    missing = (
        Missing(f"cancel-{line.id}", line, line.planned is not None and line.planned.published is not None, f"cancel-{line.id}" in typed)
        for line in proposal.those(Does.missing)
    )
    return PreviewPage(
        event=proposal.event,
        clock_words=clock_words,
        kind=proposal.read.kind,
        counts=_counts(proposal),
        adds=proposal.those(Does.adds),
        changes=proposal.those(Does.changes),
        left=proposal.those(Does.left),
        missing=tuple(missing),
        nothing=len(proposal.those(Does.nothing)),
        choices=_choices(proposal, venues, typed),
        speakers=tuple(_speaker(one, typed) for one in proposal.names.speakers.values()),
        troubles=proposal.troubles,
        warnings=proposal.warnings,
        kept=kept,
        seen=json.dumps(stamps(proposal)),
        reason=typed.get("reason", ""),
        stale=stale,
        errors=errors,
    )


def answers_from(typed: Typed) -> Answers:
    """What was chosen on the preview; whether it makes sense is decided where it is used."""
    given = {kind: {name.removeprefix(f"{kind}-"): value for name, value in typed.items() if name.startswith(f"{kind}-")} for kind in KINDS}
    cancel = {id_ for name in typed if name.startswith("cancel-") and (id_ := _uuid(name.removeprefix("cancel-")))}
    speakers = frozenset(given["speaker"])
    return Answers(given["room"], given["track"], given["type"], speakers, frozenset(cancel), " ".join(typed.get("reason", "").split()))


KINDS = ("room", "track", "type", "speaker")


def _choices(proposal: Proposal, venues: Sequence[Venue], typed: Typed) -> tuple[Choice, ...]:
    names, choices = proposal.names, proposal.names.choices
    rooms = [(f"{VENUE}{venue.slug}", f"Make it a new room at {venue.name}") for venue in venues]
    first = rooms[0][0] if len(rooms) == 1 else ""
    rooms += [(f"room:{slug}", f"It is {words}") for slug, words in choices.room_words()]
    rooms.append((SKIP, "Leave its sessions out"))
    tracks = [(NEW, "Make it a new track"), *((f"track:{one.slug}", f"It is {one.name}") for one in choices.tracks), (NONE, "No track")]
    types = [(kind.value, words) for kind, words in TYPE_WORDS.items()]
    asked = [_choice("room", one, rooms, first, typed, "Choose what it is") for one in names.rooms.values()]
    asked += [_choice("track", one, tracks, NEW, typed, "") for one in names.tracks.values()]
    return (*asked, *(_choice("type", one, types, one.guess, typed, "") for one in names.types.values()))


def _choice(kind: str, unknown: Unknown, options: Sequence[Option], otherwise: str, typed: Typed, prompt: str) -> Choice:
    name = f"{kind}-{unknown.key}"
    used = how_many(unknown.used, "session", "sessions")
    return Choice(name, f"{kind.capitalize()} “{unknown.name}”", f"In {used}.", tuple(options), typed.get(name, otherwise), prompt)


def _speaker(unknown: Unknown, typed: Typed) -> NewSpeaker:
    name = f"speaker-{unknown.key}"
    return NewSpeaker(name, unknown.name, f"In {how_many(unknown.used, 'session', 'sessions')}.", not typed or name in typed)


def _counts(proposal: Proposal) -> str:
    counted = {
        "would be added": proposal.those(Does.adds),
        "would change": proposal.those(Does.changes),
        "already so": proposal.those(Does.nothing),
        "not in the file": proposal.those(Does.missing),
    }
    return ", ".join(f"{len(lines)} {words}" for words, lines in counted.items() if lines)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
