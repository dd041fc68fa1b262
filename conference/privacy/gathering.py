"""All domains that keep something about people: a new one is named here. Everything of this folder goes through them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from sqlmodel import col, select

from conference.api import personal as api
from conference.attendance import personal as attendance
from conference.calendars import personal as calendars
from conference.calls import personal as calls
from conference.live import personal as live
from conference.mail import personal as mail
from conference.meetings import personal as meetings
from conference.papers import personal as papers
from conference.people import personal as people
from conference.people.tables import Person
from conference.privacy import personal as privacy
from conference.privacy.tables import DataRequest
from conference.programme import personal as programme
from conference.record import personal as record
from conference.record.tables import AuditEntry
from conference.registration import personal as registration
from conference.registration.tables import PoolLine
from conference.speaking import personal as speaking
from conference.storage.database import Db
from conference.storage.ids import first_id_at
from conference.storage.personal import A_DELEGATE, TAKEN_OUT, Erasing, Kept, Rows, Whom, is_theirs, names_of


class Domain(Protocol):
    """What a domain's `personal.py` offers."""

    @property
    def KEPT(self) -> Sequence[Kept]: ...  # noqa: N802

    @property
    def NOBODYS(self) -> Mapping[type, Sequence[str]]: ...  # noqa: N802

    async def everything_about(self, db: Db, whom: Whom) -> Rows: ...

    async def forget(self, db: Db, whom: Whom, erasing: Erasing) -> None: ...


# In the order in which an erasure goes through them: whoever needs another's rows to find its own comes first, the person last but for
# the audit trail.
DOMAINS: tuple[Domain, ...] = (
    *(calls, papers, live, speaking, programme, registration, attendance, meetings, calendars, api, privacy, mail, people, record),
)
NOBODY = {A_DELEGATE, TAKEN_OUT}  # names of who was erased before
KEPT: tuple[Kept, ...] = tuple(kept for domain in DOMAINS for kept in domain.KEPT)


async def whom(db: Db, person: Person) -> Whom:
    """A person, with all that they were ever called here."""
    names = {person.name} | await names_of(db, KEPT, person.id)
    return Whom(person.id, frozenset({person.email.casefold(), person.email_key}), frozenset(names - NOBODY))


async def everything_about(db: Db, person: Person) -> Rows:
    """By table, in the order of their names."""
    found: Rows = {}
    someone = await whom(db, person)
    for domain in DOMAINS:
        found |= await domain.everything_about(db, someone)
    return dict(sorted(found.items()))


async def left_since(db: Db, person: Person, since: datetime) -> bool:
    """Whether anything that is theirs was made since; what is said of an erasure itself does not count."""
    someone = Whom(person.id)
    for kept in KEPT:
        theirs = is_theirs(kept, someone)
        if theirs is None or kept.table in (Person, AuditEntry, DataRequest, PoolLine):
            continue
        if (await db.exec(select(kept.table.id).where(theirs, col(kept.table.id) >= first_id_at(since)).limit(1))).first():
            return True
    return False
