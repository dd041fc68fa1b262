"""The sweep that takes what is due: each rule by itself, accounts that nobody uses, files that no row knows any more.

One process at a time does it, once a day, with the rest of the timed work; `conference retention` does it at once.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlmodel import col, select

from conference.calls import personal as calls
from conference.errors import Refusal
from conference.mail.tables import QueuedMail
from conference.people.tables import Person, Role, RoleKind, SignIn
from conference.privacy.erasing import clean_up, erase
from conference.privacy.gathering import KEPT, left_since
from conference.privacy.purging import purge
from conference.privacy.tables import RetentionSweep
from conference.programme.tables import Event
from conference.registration import personal as registration
from conference.registration.tables import Registration
from conference.storage.database import Database, Db, in_parts
from conference.storage.ids import first_id_at
from conference.storage.personal import Erasing, Kept, Purge

ACCOUNT_KEPT = timedelta(days=3 * 365)  # after the last sign of life
EVERY = timedelta(hours=23)
ONCE_MORE = timedelta(days=2)  # whoever was erased since is looked through again
SAME_MOMENT = timedelta(seconds=30)  # in which an act may have begun before the erasure, and ended after it
FILE_SETTLES = timedelta(hours=1)  # a mail's file may be older than its row's last word
MOST_ERASED = 100  # accounts in one sweep
log = logging.getLogger("conference.privacy")

OwnSweep = Callable[[Db, datetime, datetime, bool], Awaitable[int]]  # db, now, real now, dry run: how many
OWN_SWEEPS: dict[str, OwnSweep] = {**registration.SWEEPS}  # what no rule can say: by the words that a report has for it


async def is_due(db: Db, real_now: datetime) -> bool:
    last = (await db.exec(select(RetentionSweep.swept_at).order_by(col(RetentionSweep.id).desc()).limit(1))).first()
    return last is None or last < real_now - EVERY


async def sweep(
    database: Database, data: Path, mail_folder: Path, now: datetime, real_now: datetime, *, dry_run: bool = False
) -> dict[str, int]:
    """How many each rule took, or would take. Each that has something to take has a transaction of its own: nobody waits for all of it."""
    taken: dict[str, int] = {}
    past = min(now, real_now)  # a rehearsal of what is to come takes nothing away
    for words, act in _acts().items():
        async with database.reading() as db:
            taken[words] = await act(db, past, real_now, True)
        if taken[words] and not dry_run:
            async with database.writing() as db:
                taken[words] = await act(db, past, real_now, False)
    taken["person: Accounts that nobody used for 3 years"] = await _unused_accounts(database, data, mail_folder, now, real_now, dry_run)
    taken["submission: What came to nothing, as each call says after its results"] = await calls.sweep(
        database, data, past, dry_run=dry_run
    )
    taken["Files of mails that are gone"] = await _files(database, mail_folder, real_now, dry_run=dry_run)
    if not dry_run:
        await _once_more(database, data, mail_folder, now, real_now)
        async with database.writing() as db:
            db.add(RetentionSweep(swept_at=real_now, taken={words: count for words, count in taken.items() if count}))
        await database.drop_old_pages()
    return taken


def _acts() -> dict[str, OwnSweep]:
    """What no rule can say, first: it names rows that a rule takes. Then every rule of every domain."""
    rules = {f"{kept.name}: {rule.words}": _by_rule(kept, rule) for kept in KEPT for rule in kept.purges}
    return {**OWN_SWEEPS, **rules}


def _by_rule(kept: Kept, rule: Purge) -> OwnSweep:
    async def act(db: Db, now: datetime, real_now: datetime, dry_run: bool) -> int:
        return await purge(db, kept, rule, real_now, dry_run=dry_run)

    return act


async def unused_accounts(db: Db, now: datetime, real_now: datetime) -> list[UUID]:
    """People of whom there was no sign of life for so long, and who have no part in anything that is to come. Robots are no people."""
    before, made_before = real_now - ACCOUNT_KEPT, first_id_at(real_now - ACCOUNT_KEPT)
    signed_in = select(SignIn.person_id).where(col(SignIn.id) >= made_before)
    lately = select(Event.id).where(Event.ends_at >= now - ACCOUNT_KEPT)
    taking_part = select(Registration.person_id).where(col(Registration.event_id).in_(lately), col(Registration.cancelled_at).is_(None))
    working = select(Role.person_id).where(col(Role.ended_at).is_(None), col(Role.kind).in_([RoleKind.organiser, RoleKind.moderator]))
    speaking = select(Role.person_id).where(col(Role.event_id).in_(lately))
    unused = select(Person.id).where(
        col(Person.id) < made_before,
        col(Person.seen_at).is_(None) | (col(Person.seen_at) < before),
        col(Person.erased_at).is_(None),
        col(Person.robot_of).is_(None),
        *(col(Person.id).not_in(active) for active in (signed_in, taking_part, working, speaking)),
    )
    return list(await db.exec(unused.order_by(col(Person.id)).limit(MOST_ERASED)))


async def _unused_accounts(database: Database, data: Path, mail_folder: Path, now: datetime, real_now: datetime, dry_run: bool) -> int:
    async with database.reading() as db:
        found = await unused_accounts(db, now, real_now)
    if not dry_run:
        await _erase_each(database, data, mail_folder, found, now, real_now)
    return len(found)


async def _once_more(database: Database, data: Path, mail_folder: Path, now: datetime, real_now: datetime) -> None:
    """What came in at the very moment of an erasure."""
    async with database.reading() as db:
        lately = (await db.exec(select(Person).where(col(Person.erased_at) > real_now - ONCE_MORE))).all()
        found = [person.id for person in lately if person.erased_at and await left_since(db, person, person.erased_at - SAME_MOMENT)]
    await _erase_each(database, data, mail_folder, found, now, real_now)


async def _erase_each(database: Database, data: Path, mail_folder: Path, people: list[UUID], now: datetime, real_now: datetime) -> None:
    erasings: list[Erasing] = []
    for person_id in people:
        try:
            async with database.writing() as db:
                erasings.append(await erase(db, person_id, now, real_now, keep_words=True))
        except Refusal as no:
            log.warning("person %s is not erased: %s", person_id, type(no).__name__)
    await clean_up(database, data, mail_folder, erasings)


async def _files(database: Database, mail_folder: Path, real_now: datetime, *, dry_run: bool) -> int:
    """Mails kept in a folder, whose row is gone or has no bytes any more."""
    files = await asyncio.to_thread(_settled, mail_folder, (real_now - FILE_SETTLES).timestamp())
    known: set[UUID] = set()
    async with database.reading() as db:
        for some in in_parts(files):
            known.update(await db.exec(select(QueuedMail.id).where(col(QueuedMail.id).in_(some), col(QueuedMail.rendered).is_not(None))))
    gone = [file for mail_id, file in files.items() if mail_id not in known]
    for file in gone if not dry_run else ():
        file.unlink(missing_ok=True)
    return len(gone)


def _settled(mail_folder: Path, before: float) -> dict[UUID, Path]:
    """The files of mails that were last written before an instant, by the mails' ids."""
    return {UUID(file.stem): file for file in mail_folder.glob("*.eml") if _is_id(file.stem) and file.stat().st_mtime < before}


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
