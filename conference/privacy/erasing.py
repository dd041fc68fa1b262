"""Erasing somebody: places go back, ways in end, names go; counts stay, and the audit trail's bare lines.

It can be done again: what came in at the very moment of the erasure goes the second time, with the next sweep.
"""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlmodel import col, select

from conference.calls import personal as calls
from conference.errors import Conflict, NotFound
from conference.people.queries import roles_of
from conference.people.tables import Person, Role, RoleKind
from conference.privacy.gathering import DOMAINS, whom
from conference.privacy.requests import tell_organisers
from conference.privacy.tables import DataRequest, RequestKind
from conference.programme.personal import credits_of
from conference.programme.queries import events_by_id
from conference.record.actions import note
from conference.registration.personal import give_back
from conference.speaking.shelf import throw_away
from conference.storage.database import Database, Db
from conference.storage.personal import Erasing


async def erase(db: Db, person_id: UUID, now: datetime, real_now: datetime, *, keep_words: bool, by: UUID | None = None) -> Erasing:
    """In one transaction; `clean_up` comes after it. Raises NotFound for robots, Conflict for an event's last organiser."""
    person = await db.get(Person, person_id)
    if person is None or person.robot_of:
        raise NotFound("There is no such person.")
    await check_may_go(db, person)
    erasing = Erasing(now, real_now, keep_words, by)
    await calls.stand_back(db, person_id)
    await give_back(db, person, erasing)
    await db.refresh(person, with_for_update=True)  # after the pools, as whoever takes a place does
    someone = await whom(db, person)
    asked = [
        DataRequest(event_id=each.event_id, person_id=person_id, kind=RequestKind.credit, speaker_id=each.id, made_at=real_now)
        for each in await credits_of(db, someone)
    ]
    await db.flush()
    db.expunge_all()  # statements change rows from here on: nothing that was read before may be written back
    for domain in DOMAINS:
        await domain.forget(db, someone, erasing)
    db.add_all(asked)
    for event in (await events_by_id(db, {row.event_id for row in asked})).values():
        await tell_organisers(db, event, real_now)
    note(db, "person erased", f"person:{person_id}", real_now, person_id=by or person_id, words_kept=keep_words, credits=len(asked))
    await db.flush()
    return erasing


async def check_may_go(db: Db, person: Person) -> None:
    """Raises Conflict for the only organiser of an event: it would be left to nobody."""
    organised = [role.event_id for role in await roles_of(db, person.id) if role.kind == RoleKind.organiser]
    others = select(Role.event_id).where(
        col(Role.event_id).in_(organised), Role.kind == RoleKind.organiser, col(Role.ended_at).is_(None), Role.person_id != person.id
    )
    alone = set(organised) - set((await db.exec(others)).all())
    if alone:
        titles = " and ".join(sorted(event.title for event in (await events_by_id(db, alone)).values()))
        raise Conflict(f"{titles} would have no organiser any more. Give somebody else that role first, then erase.")


async def clean_up(database: Database, data: Path, mail_folder: Path, erasings: Collection[Erasing]) -> None:
    """After the commit: files, and what SQLite's log still holds of the rows as they were."""
    for erasing in erasings:
        await throw_away(data, erasing.uploads)
        for mail_id in erasing.mails:
            (mail_folder / f"{mail_id}.eml").unlink(missing_ok=True)
    await database.drop_old_pages()
