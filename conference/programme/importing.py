"""What a file says of a programme (pure): its sessions as they are wanted, and what in it can't be read. Nothing is decided here."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from conference.errors import Invalid

MAX_FILE = 2 * 1024 * 1024  # bytes
MAX_SESSIONS = 1000
MAX_TEXT = 20_000  # characters of an abstract, as in the session's form
MAX_NAME = 200
MAX_SPEAKERS = 50  # in one session
MAX_UNKNOWN = 1500  # names in one file that the event does not have
TOO_MANY_SPEAKERS = f"A session can have at most {MAX_SPEAKERS} speakers."

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CANNOT_BE_HELD = re.compile("[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A place in the file where a person must look: `where` is its line or row, `column` what is meant there; empty: all of it."""

    where: str
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Named:
    """A room, track or speaker as a file names it."""

    name: str
    guid: str = ""
    biography: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """What is enough to tell which session a row is about, though the row itself may be unusable."""

    where: str
    guid: str = ""
    slug: str = ""
    title: str = ""
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """One session as the file wants it. None: the file does not say, so what is planned stays."""

    mention: Mention
    title: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    kind: str | None = None
    room: Named | None = None
    track: str | None = None  # empty: none
    speakers: tuple[Named, ...] | None = None
    abstract: str | None = None
    join_url: str | None = None
    stream_url: str | None = None
    captions_url: str | None = None
    illustrative: str | None = None
    for_everyone: bool | None = None


@dataclass(frozen=True, slots=True)
class ReadFile:
    """All of a file. `unusable` are rows that were left out, each with its trouble; they are still known to be in the file."""

    kind: str  # "schedule.xml", "schedule.json", "CSV", "Excel workbook"
    wanted: tuple[Wanted, ...]
    unusable: tuple[Mention, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    warnings: tuple[Trouble, ...] = ()


class Unusable(Exception):
    """A row that can't be taken, with all that is wrong in it."""

    def __init__(self, *troubles: Trouble) -> None:
        super().__init__(troubles)
        self.troubles = troubles


def refused(sentence: str) -> Invalid:
    """The whole file is refused."""
    return Invalid("file", sentence)


def guid_of(text: str) -> UUID | None:
    """The identity that a file gives; None where it is none, or the one that means nobody."""
    plain = text.strip().lower()
    found = UUID(plain) if _GUID.fullmatch(plain) else None
    return found if found != _NOBODY else None


def identities(event_id: UUID, kind: str, given: str) -> tuple[UUID, ...]:
    """The ids that a thing can have here which calls itself `given` elsewhere: that very one, or one derived from it for this event.

    The derived one is for what is no UUID, or is the id of something else here already, such as the same talk in another edition.
    """
    if not given:
        return ()
    own, derived = guid_of(given), uuid5(event_id, f"{kind}:{given.strip()}")
    return (own, derived) if own else (derived,)


def same_text(one: str, other: str) -> bool:
    """Whether two texts differ at most by line ends, by the space around them, and by characters that no file can hold."""
    return settled(one) == settled(other)


def settled(text: str) -> str:
    """One kind of line end, nothing that can't be printed, no space around it."""
    return printable(text).strip()


def printable(text: str) -> str:
    """Without what XML, and so a schedule file or a workbook, has no way to say."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CANNOT_BE_HELD.sub("", lines)
