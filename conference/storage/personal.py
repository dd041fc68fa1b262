"""What is kept about people: each domain says it of its own tables (`personal.py` in its folder), and everything else follows from that.

A domain's `personal.py` has `KEPT` (tables with something about a person), `NOBODYS` (tables whose words are about none),
`everything_about(db, whom)` and `forget(db, whom, erasing)`. Export, erasure, the retention sweep and the record of processing all read
them; a test walks through every column of the database and fails for one that no domain has claimed.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, or_, update
from sqlmodel import col, delete, false, select

from conference.storage.database import Db
from conference.storage.row import Row

A_DELEGATE = "A delegate"  # who is no longer there by name
TAKEN_OUT = "[taken out]"
ERASED_DOMAIN = "@erased.invalid"  # of the address of who is erased: nobody writes there
SHORT = 4  # letters: a name that is shorter may be any word, and is not looked for inside of a text
Rows = dict[str, list[dict[str, Any]]]  # by table, as JSON can hold them


class Purpose(StrEnum):
    """What it is kept for."""

    account = "account"
    taking_part = "taking_part"
    applying = "applying"
    speaking = "speaking"
    live = "live"
    mail = "mail"
    calendars = "calendars"
    safety = "safety"
    consent = "consent"
    rights = "rights"

    @property
    def words(self) -> str:
        return _PURPOSES[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """When something goes by itself: `days` after a column's instant (real time), or after the row was made where none is named.

    `sets`: what its columns are emptied to, which people call `what`. None: the whole row goes.
    """

    days: int
    since: str = ""
    sets: Mapping[str, Any] | None = None
    what: str = ""

    @property
    def words(self) -> str:
        """`180 days after it was made`, `Name and words: 30 days after it was made`"""
        words = f"{_span(self.days)} after {_MOMENTS[self.since]}"
        return f"{self.what}: {words}" if self.what else words


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One table, and what in it is about a person. Every column with words or a person's id is in exactly one of the lists."""

    table: type[Row]
    what: str
    purpose: Purpose
    seen_by: str
    whose: tuple[str, ...] = ("person_id",)  # ids of the person that it is about
    via: tuple[str, ...] = ()  # ids of rows with a `person_id`, such as a registration's: it is about that person
    others: tuple[str, ...] = ()  # ids of people who did something with it: they stay, and lead to nobody once that person is erased
    addresses: tuple[str, ...] = ()  # columns with an e-mail address of that person
    names: tuple[str, ...] = ()  # with what that person is called
    words: tuple[str, ...] = ()  # with anything else that they typed, or that says something about them
    secret: tuple[str, ...] = ()  # hashes: in no export
    plain: tuple[str, ...] = ()  # words that are about no person
    purges: tuple[Purge, ...] = ()
    stays: str = ""  # where nothing purges it: until when it is kept; empty: with the account
    erased: Mapping[str, Any] | None = None  # what erasing sets its columns to; None: the row goes
    by_hand: bool = False  # the domain's `forget` sees to it

    @property
    def name(self) -> str:
        return str(self.table.__tablename__)

    @property
    def claimed(self) -> set[str]:
        """All columns that are in one of the lists."""
        lists = (self.whose, self.via, self.others, self.addresses, self.names, self.words, self.secret, self.plain)
        return {name for each in lists for name in each}


@dataclass(frozen=True)
class Whom:
    """A person, as far as their traces are looked for. Addresses as they are compared."""

    id: UUID
    addresses: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def without(self, text: str) -> str:
        """What they wrote themselves, without their own name and address in it."""
        return self._pattern.sub(TAKEN_OUT, text) if self._pattern else text

    def blotted(self, value: Any, *, own: bool = False) -> Any:
        """A JSON value without them. In what is others' only what is wholly their name goes: it may be somebody else's too."""
        if isinstance(value, Mapping):
            return {name: self.blotted(each, own=own) for name, each in value.items()}
        if isinstance(value, list):
            return [self.blotted(each, own=own) for each in value]
        if not isinstance(value, str):
            return value
        if value.casefold() in self._folded:
            return TAKEN_OUT
        return self.without(value) if own or any(address in value.casefold() for address in self.addresses) else value

    @cached_property
    def _folded(self) -> frozenset[str]:
        return frozenset(name.casefold() for name in self.names if name)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        whole = [*self.addresses, *(name for name in self.names if len(name) >= SHORT)]
        parts = {part for name in self.names for part in name.split() if len(part) >= SHORT}  # as they are written: “mark” is a word too
        if not whole:
            return None
        return re.compile(rf"(?<!\w)(?:(?i:{_either(whole)})|{_either(parts)})(?!\w)")


@dataclass(slots=True)
class Erasing:
    """One erasure under way. `uploads` and `mails` are files to throw away after the commit, by their ids."""

    now: datetime
    real_now: datetime
    keep_words: bool  # what they said in public stays, without a name
    by: UUID | None = None  # the organiser who does it; None: the person, or the house
    uploads: list[UUID] = field(default_factory=list)
    mails: list[UUID] = field(default_factory=list)


async def rows_about(db: Db, kept: Iterable[Kept], whom: Whom) -> Rows:
    """All rows that are this person's, without what is secret."""
    found: Rows = {}
    for one in kept:
        if (theirs := is_theirs(one, whom)) is not None:
            rows = await db.exec(select(one.table).where(theirs).order_by(col(one.table.id)))
            found[one.name] = [as_json(row, one.secret) for row in rows]
    return found


async def empty_rows(db: Db, kept: Iterable[Kept], whom: Whom) -> None:
    """What erasing does to tables that need no more than their declaration says."""
    for one in kept:
        theirs = is_theirs(one, whom)
        if theirs is None or one.by_hand:
            continue
        statement: Any = delete(one.table) if one.erased is None else update(one.table).values(**one.erased)
        if one.erased != {}:
            await db.exec(statement.where(theirs).execution_options(synchronize_session=False))


def is_theirs(kept: Kept, whom: Whom) -> ColumnElement[bool] | None:
    """None for a table in which no row belongs to anybody."""
    ids = [_column(kept, name) == whom.id for name in kept.whose]
    ids += [_leads_to(kept, name, whom) for name in kept.via]
    mails = [func.lower(_column(kept, name)).in_(whom.addresses) for name in kept.addresses if whom.addresses]
    return or_(false(), *ids, *mails) if kept.whose or kept.via or kept.addresses else None


async def names_of(db: Db, kept: Iterable[Kept], person_id: UUID) -> set[str]:
    """What this person was ever called in these tables."""
    found: set[str] = set()
    for one in kept:
        theirs = is_theirs(one, Whom(person_id))
        if theirs is not None:
            for name in one.names:
                found.update(await db.exec(select(_column(one, name)).where(theirs).distinct()))
    return {name for name in found if name}


def mentions(column: Any, whom: Whom) -> ColumnElement[bool]:
    """Rows whose JSON has a name or an address of this person somewhere in it."""
    text = func.lower(cast(column, String))
    found = [json.dumps(each)[1:-1].lower() for each in (*whom.addresses, *whom.names) if each]
    return or_(false(), *(text.contains(each, autoescape=True) for each in found))


def as_json(row: Row, without: Sequence[str] = ()) -> dict[str, Any]:
    """A row as JSON can hold it; bytes as the text that they are."""
    whole = row.model_dump(exclude=set(without))
    texts = {name: value.decode("utf-8", "replace") for name, value in whole.items() if isinstance(value, bytes)}
    return {**row.model_dump(mode="json", exclude={*without, *texts}), **texts}


def _either(words: Iterable[str]) -> str:
    """The longest first; nothing at all is found by none."""
    return "|".join(re.escape(each) for each in sorted(words, key=len, reverse=True)) or r"(?!)"


def _column(kept: Kept, name: str) -> Any:
    return col(getattr(kept.table, name))


def _leads_to(kept: Kept, name: str, whom: Whom) -> ColumnElement[bool]:
    """By the row that a foreign key names."""
    [key] = kept.table.__table__.columns[name].foreign_keys  # type: ignore[attr-defined]
    there = key.column.table.columns
    found: ColumnElement[bool] = _column(kept, name).in_(select(there["id"]).where(there["person_id"] == whom.id))
    return found


def _span(days: int) -> str:
    return f"{days // 365} year{'' if days == 365 else 's'}" if days % 365 == 0 else f"{days} day{'' if days == 1 else 's'}"


_PURPOSES = {
    "account": "Having an account",
    "taking_part": "Taking part in an event",
    "applying": "Applying for something, and choosing among applications",
    "speaking": "Speaking at an event",
    "live": "Asking, voting and talking during sessions",
    "mail": "Writing to people",
    "calendars": "Calendars and programs of one’s own",
    "safety": "Keeping accounts and the house safe",
    "consent": "What people agreed to",
    "rights": "Answering what people ask about their data",
}
_MOMENTS = {
    "": "it was made",
    "expires_at": "it expired",
    "last_fetched_at": "it was last read",
    "noted_at": "it came back",
}
